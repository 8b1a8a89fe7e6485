// SPDX-License-Identifier: GPL-3.0-or-later
//
// The field to write in. Keeps a draft for each room, over reloads; Enter sends, Shift+Enter makes a line,
// and while an input method composes Enter is its own. What is written may answer a message or take the
// place of an own one; above the field stands which.
import { html, nothing, type TemplateResult } from "lit";
import { plainName } from "../app/plain_text.ts";
import { shortName, type SaidLine } from "../client/index.ts";
import type { Words } from "./words.ts";

const longest = 4000; // UTF-16 units: below what one command may have in bytes

export interface ComposerOwner {
  requestUpdate(): void;
  renderRoot: HTMLElement | DocumentFragment;
  say(text: string, kind: "message" | "action", replyTo?: string): void;
  edit(line: SaidLine, text: string): void;
  lastOwn(): SaidLine | undefined; // that may be changed
  can(what: "reply" | "edit"): boolean;
  wrote(text: string, isDraft: boolean): void; // what stands in the field now; else an own line being changed
  draft(): string; // what was being written before that
  complete(field: HTMLTextAreaElement, by: 1 | -1): boolean; // the word before the cursor, if it can be
  restore(field: HTMLTextAreaElement): boolean; // what was typed before that
}

export class ComposerView {
  #problem = "";
  #about: { line: SaidLine; isEdit: boolean } | undefined;

  constructor(private readonly owner: ComposerOwner) {}

  get #field(): HTMLTextAreaElement | null {
    return this.owner.renderRoot.querySelector("textarea");
  }

  // Where the network knows no replies, the nick at the start says whom it is for.
  replyTo(line: SaidLine): void {
    const field = this.#field;
    if (!field) return;
    field.focus({ preventScroll: true });
    if (this.#about?.isEdit) this.stop();
    if (line.id && this.owner.can("reply")) this.#about = { line, isEdit: false };
    else {
      field.setRangeText(`${line.from}: `, 0, 0, "end");
      this.#onInput();
    }
    this.owner.requestUpdate();
  }

  edit(line: SaidLine): void {
    const field = this.#field;
    if (!field) return;
    this.#about = { line, isEdit: true };
    field.focus({ preventScroll: true });
    field.value = line.text;
    this.#onInput();
    this.owner.requestUpdate();
  }

  // False: there was nothing to stop.
  stop(): boolean {
    const field = this.#field;
    if (field && this.owner.restore(field)) return true;
    if (!this.#about) return false;
    if (this.#about.isEdit && field) field.value = this.owner.draft();
    this.#about = undefined;
    this.#onInput();
    this.owner.requestUpdate();
    field?.focus({ preventScroll: true });
    return true;
  }

  #subject({ composer: w }: Words): TemplateResult | typeof nothing {
    const about = this.#about;
    if (!about) return nothing;
    const stop = about.isEdit ? w.stopEditing : w.stop;
    return html`<div class="subject">
      <span>${about.isEdit ? w.editing : w.replying(plainName(shortName(about.line.from)))}</span>
      <button type="button" aria-label=${stop} title=${stop} @click=${() => this.stop()}>\u00d7</button>
    </div>`;
  }

  render(name: string, draft: string, words: Words): TemplateResult {
    const { composer: w, noCommand } = words;
    return html`<form
      class="composer"
      part="composer"
      @submit=${(event: Event) => {
        event.preventDefault();
        this.#send(noCommand);
      }}
    >
      ${this.#subject(words)}
      <textarea
        part="input"
        name="message"
        rows="1"
        maxlength=${longest}
        dir="auto"
        aria-label=${w.placeholder(name)}
        aria-describedby=${this.#problem ? "problem" : nothing}
        placeholder=${w.placeholder(name)}
        enterkeyhint="send"
        .defaultValue=${draft}
        @input=${() => this.#onInput()}
        @keydown=${(event: KeyboardEvent) => this.#onKey(event, noCommand)}
      ></textarea>
      <button class="send" part="button">${w.send}</button>
      ${this.#problem ? html`<p id="problem" class="problem" role="alert">${this.#problem}</p>` : nothing}
    </form>`;
  }

  #onInput(): void {
    const field = this.#field;
    if (!field) return;
    this.owner.wrote(field.value, !this.#about?.isEdit);
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
  }

  #onKey(event: KeyboardEvent, noCommand: string): void {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "ArrowUp" && !this.#field?.value && this.owner.can("edit")) {
      const last = this.owner.lastOwn();
      if (last) this.edit(last);
      if (last) event.preventDefault();
    }
    const isPlain = !event.altKey && !event.ctrlKey && !event.metaKey;
    if (event.key === "Tab" && isPlain && this.#field && this.owner.complete(this.#field, event.shiftKey ? -1 : 1)) {
      event.preventDefault();
      this.#onInput();
    }
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    this.#send(noCommand);
  }

  #send(noCommand: string): void {
    const field = this.#field;
    const text = field?.value.trimEnd() ?? "";
    if (!field || !text.trim()) return;
    const action = /^\/me\s+(.+)/s.exec(text);
    const isCommand = /^\/[^/]/.test(text) && !action;
    this.#problem = isCommand ? noCommand : "";
    this.owner.requestUpdate();
    if (isCommand) return;
    const about = this.#about;
    this.#about = undefined;
    field.value = about?.isEdit ? this.owner.draft() : "";
    this.#onInput();
    if (about?.isEdit) return text === about.line.text ? undefined : this.owner.edit(about.line, text);
    const to = about?.line.id;
    if (action) this.owner.say(action[1] as string, "action", to);
    else this.owner.say(text.replace(/^\/\//, "/"), "message", to);
  }
}
