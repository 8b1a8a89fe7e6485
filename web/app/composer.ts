// SPDX-License-Identifier: GPL-3.0-or-later
//
// The message field: sending, drafts, what was sent before, completion, and the questions asked
// before something is sent by mistake.
import { html, nothing, type TemplateResult } from "lit";
import { shortName, type Conversation } from "../client/index.ts";
import type { App } from "./app.ts";
import { chat } from "./chat.ts";
import { commandNames, isCommand, runCommand } from "./commands.ts";
import { complete, inserted, type Completion } from "./completion.ts";
import { readDraft, writeDraft } from "./keep.ts";
import { icon, Part } from "./part.ts";
import { plainName } from "./text.ts";
import { words } from "./words.ts";

const w = words.composer;
const historyKept = 100; // lines a room
const manyLines = 5; // a paste of more asks first
const mostBytes = 15000; // of one command; longer texts become several

export class Composer extends Part {
  static override properties = { app: { attribute: false } };
  declare app: App;

  private place = "";
  private sent = new Map<string, string[]>();
  private back = 0; // how far we have gone back in what was sent; 0: not at all
  private completion: Completion | undefined;
  private chosen = 0;
  private shown = false; // the list of choices
  private original = ""; // the text before completing
  private question: { text: string; yes: string; act(): void } | undefined;
  private problem = "";

  private get field(): HTMLTextAreaElement {
    return this.querySelector("textarea") as HTMLTextAreaElement;
  }

  insert(text: string): void {
    const { field } = this;
    field.focus();
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    this.onInput();
  }

  protected override updated(): void {
    const { active } = chat;
    const place = active ? `${active.network}/${active.name}` : "";
    if (place === this.place || !active) return;
    this.place = place;
    this.back = 0;
    this.closeChoices();
    this.question = undefined;
    this.field.value = readDraft(active.network, active.name);
    this.grow();
    this.requestUpdate();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { current, active, connection } = chat;
    if (!current || !active || !connection) return nothing;
    const where = plainName(shortName(active.name));
    const list = this.shown && this.completion;
    return html`<form
      class="composer"
      id="composer"
      aria-label=${w.label}
      @submit=${(event: Event) => {
        event.preventDefault();
        this.send();
      }}
    >
      ${this.ask()}
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      ${list ? this.choices(list.choices) : nothing}
      <div class="line">
        <textarea
          rows="1"
          dir="auto"
          aria-label=${w.placeholder(where)}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls=${list ? "choices" : nothing}
          aria-activedescendant=${list ? `choice-${this.chosen}` : nothing}
          placeholder=${w.placeholder(where)}
          enterkeyhint="send"
          maxlength="100000"
          @input=${() => this.onInput()}
          @keydown=${(event: KeyboardEvent) => this.onKey(event)}
          @paste=${(event: ClipboardEvent) => this.onPaste(event, current)}
          @blur=${() => this.closeChoices()}
        ></textarea>
        <button class="send icon-button" aria-label=${w.send} title=${w.send}>${icon("send")}</button>
      </div>
    </form>`;
  }

  private ask(): TemplateResult | typeof nothing {
    const { question } = this;
    if (!question) return nothing;
    return html`<div class="question" role="alertdialog" aria-label=${question.text}>
      <span>${question.text}</span>
      <button type="button" class="small primary" @click=${() => question.act()}>
        ${question.yes}
      </button>
      <button type="button" class="small" @click=${() => this.answerNo()}>${w.cancel}</button>
    </div>`;
  }

  private answerNo(): void {
    this.question = undefined;
    this.requestUpdate();
    this.field.focus();
  }

  private onInput(): void {
    const { active } = chat;
    if (active) writeDraft(active.network, active.name, this.field.value);
    this.grow();
    const again = this.problem !== "" || this.shown;
    this.problem = "";
    this.shown = false;
    this.completion = undefined;
    // A slash opens the list of commands by itself.
    if (/^\/\S*$/.test(this.field.value) && !this.field.value.startsWith("//")) this.offer();
    else if (again) this.requestUpdate();
  }

  private grow(): void {
    const { field } = this;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  }

  // --- completion -------------------------------------------------------------------------------

  private find(): Completion | undefined {
    const { current, connection } = chat;
    if (!current || !connection) return undefined;
    const { value, selectionStart } = this.field;
    return complete(value, selectionStart, connection.model, current, commandNames(connection));
  }

  private offer(): void {
    const found = this.find();
    this.original = this.field.value;
    this.completion = found?.choices.length ? found : undefined;
    this.chosen = 0;
    this.shown = Boolean(this.completion);
    this.requestUpdate();
  }

  private onTab(backwards: boolean): void {
    if (this.completion) {
      const { choices } = this.completion;
      const fresh = this.shown && this.field.value === this.original;
      const step = fresh ? 0 : backwards ? -1 : 1;
      this.chosen = (this.chosen + step + choices.length) % choices.length;
      this.put();
      if (choices.length === 1) this.closeChoices();
      return;
    }
    const found = this.find();
    if (!found?.choices.length) return;
    this.original = this.field.value;
    this.completion = found;
    this.chosen = backwards ? found.choices.length - 1 : 0;
    this.shown = found.choices.length > 1;
    this.put();
    if (found.choices.length === 1) this.closeChoices();
    this.requestUpdate();
  }

  private put(): void {
    const { completion } = this;
    const choice = completion?.choices[this.chosen];
    if (!completion || choice === undefined) return;
    const { start, stem } = completion;
    const after = this.original.slice(start + stem.length);
    const text = inserted(choice, start);
    this.field.value = this.original.slice(0, start) + text + after;
    this.field.selectionStart = this.field.selectionEnd = start + text.length;
    this.requestUpdate();
  }

  private closeChoices(): void {
    if (!this.completion) return;
    this.completion = undefined;
    this.shown = false;
    this.requestUpdate();
  }

  private choices(names: string[]): TemplateResult {
    return html`<ul class="choices" id="choices" role="listbox" aria-label=${w.nicks}>
      ${names.map(
        (name, i) =>
          html`<li
            role="option"
            id="choice-${i}"
            aria-selected=${i === this.chosen}
            @mousedown=${(event: Event) => {
              event.preventDefault();
              this.chosen = i;
              this.put();
              this.closeChoices();
            }}
          >
            ${plainName(name)}
          </li>`,
      )}
    </ul>`;
  }

  // --- keys -------------------------------------------------------------------------------------

  private onKey(event: KeyboardEvent): void {
    // While an input method is composing, every key is its own.
    if (event.isComposing || event.keyCode === 229) return;
    const { key, shiftKey, ctrlKey, altKey, metaKey } = event;
    const plain = !shiftKey && !altKey && !metaKey;
    if (key === "Enter" && plain && !ctrlKey) {
      const accepting = this.shown && this.field.value === this.original && this.original.startsWith("/");
      if (accepting && !isCommand(this.original.slice(1))) this.onTab(false);
      else this.send();
    } else if (key === "Tab" && !ctrlKey && !altKey && (this.completion || this.find()?.choices.length)) {
      this.onTab(shiftKey);
    } else if (key === "Escape" && this.completion) {
      this.field.value = this.original;
      this.closeChoices();
      event.stopPropagation();
    } else if (key === "Escape" && this.question) {
      this.answerNo();
      event.stopPropagation();
    } else if ((key === "ArrowUp" || key === "ArrowDown") && plain) {
      const by = key === "ArrowUp" ? 1 : -1;
      if (this.shown) return this.moveChoice(event, -by);
      if (!ctrlKey && this.field.value && !this.back) return;
      if (!this.recall(by)) return;
    } else if ((key === "PageUp" || key === "PageDown") && plain) {
      const log = document.querySelector(".log");
      log?.scrollBy(0, (key === "PageUp" ? -0.9 : 0.9) * log.clientHeight);
    } else {
      return;
    }
    event.preventDefault();
  }

  private moveChoice(event: Event, by: number): void {
    const count = this.completion?.choices.length ?? 1;
    this.chosen = (this.chosen + by + count) % count;
    this.put();
    event.preventDefault();
  }

  private recall(by: number): boolean {
    const lines = this.sent.get(this.place) ?? [];
    const next = this.back + by;
    if (next < 0 || next > lines.length) return false;
    this.back = next;
    this.field.value = next ? (lines[lines.length - next] as string) : "";
    this.grow();
    return true;
  }

  // --- sending ----------------------------------------------------------------------------------

  private onPaste(event: ClipboardEvent, current: Conversation): void {
    const pasted = event.clipboardData?.getData("text/plain") ?? "";
    const count = pasted.trim().split("\n").length;
    if (count <= manyLines) return;
    event.preventDefault();
    const { field } = this;
    field.setRangeText(pasted.replace(/\r\n?/g, "\n"), field.selectionStart, field.selectionEnd, "end");
    this.onInput();
    const lines = field.value.split("\n").filter((line) => line.trim()).length;
    this.question = {
      text: w.pasteTitle(lines, shortName(current.name)),
      yes: w.pasteSend(lines),
      act: () => this.send(true),
    };
    this.requestUpdate();
  }

  private send(sure = false): void {
    const text = this.field.value.replace(/\s+$/, "");
    const { active, current } = chat;
    if (!active || !current || !text.trim()) return;
    const command = /^\/([a-z]+)(?:\s|$)/i.exec(text)?.[1]?.toLowerCase();
    if (text.startsWith("/") && !text.startsWith("//")) {
      if (!command || !isCommand(command)) {
        this.problem = w.unknown(text.slice(1).split(/\s/)[0] ?? "");
        this.requestUpdate();
        return;
      }
      this.clear(text);
      void runCommand(this.app, text);
      return;
    }
    if (!sure && current.isRoom && /^\s*(identify|login|register)\s+\S/i.test(text)) {
      this.question = { text: w.password, yes: w.sendAnyway, act: () => this.send(true) };
      this.requestUpdate();
      return;
    }
    this.clear(text);
    for (const part of inParts(text.replace(/^\/\//, "/"))) chat.say(active, part);
  }

  private clear(text: string): void {
    const lines = this.sent.get(this.place) ?? [];
    if (lines[lines.length - 1] !== text) lines.push(text);
    this.sent.set(this.place, lines.slice(-historyKept));
    this.back = 0;
    this.question = undefined;
    this.problem = "";
    this.field.value = "";
    this.onInput();
    this.closeChoices();
    this.requestUpdate();
    this.field.focus();
  }
}
customElements.define("halley-composer", Composer);

const encoder = new TextEncoder();

// One command has a limit of its own, whatever the network does with long texts.
export function inParts(text: string): string[] {
  const parts: string[] = [];
  let rest = text;
  while (encoder.encode(rest).length > mostBytes) {
    // A code point needs at most three bytes for each UTF-16 unit.
    let cut = mostBytes / 3;
    const space = Math.max(rest.lastIndexOf(" ", cut), rest.lastIndexOf("\n", cut));
    if (space > cut / 2) cut = space;
    else if (/[\ud800-\udbff]/.test(rest[cut - 1] as string)) cut--;
    parts.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).trimStart();
  }
  return rest ? [...parts, rest] : parts;
}
