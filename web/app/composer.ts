// SPDX-License-Identifier: GPL-3.0-or-later
//
// The message field and its keys: drafts, what was sent before, replies and corrections, and the questions asked
// before something is sent by mistake.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { shortName, type SaidLine } from "../client/index.ts";
import type { App, Question } from "./shell.ts";
import { chat } from "./chat.ts";
import type { Choices } from "./choices.ts";
import { readDraft, writeDraft } from "./draft.ts";
import { composerView, grow } from "./composer_view.ts";
import { Part } from "./part.ts";
import { lastSaid, sayInParts } from "./saying.ts";
import { rarely } from "./rarely.ts";
import { settings } from "./settings.ts";
import type { About } from "./subject.ts";
import { plainName } from "./text.ts";
import { words } from "./words.ts";

type Doubts = typeof import("./doubting.ts");
type Note = (text: string) => TemplateResult | typeof nothing;
const w = words.composer;
const manyLines = 5; // a paste of more asks first
const longText = 60; // letters; no network's line is full before

const writing = (): Promise<typeof import("./writing.ts")> => import("./writing.ts");

export class Composer extends Part {
  app!: App;

  #place = "";
  #isRecalled = false; // what stands in the field was sent before, and is not the draft
  #notes = new Set<Note>(); // what is said below, by parts that are fetched when there is something
  #choices: Choices | undefined; // fetched when there is something to choose
  #question: Question | undefined;
  #doubts: Doubts | undefined; // fetched with the first question
  #problem = "";
  #about: About | undefined; // answered or corrected

  get field(): HTMLTextAreaElement {
    return this.querySelector("textarea") as HTMLTextAreaElement;
  }

  insert(text: string): void {
    const { field } = this;
    field.focus();
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    this.onInput();
  }

  // Where the network knows no replies, the nick at the start says whom it is for.
  replyTo(line: SaidLine): void {
    const { connection } = chat;
    if (!line.id || !connection?.model.features.has("reply")) {
      return this.insert(`${line.from}${settings.suffix}`);
    }
    this.#about = { line, isEdit: false };
    this.requestUpdate();
    this.field.focus();
  }

  edit(line: SaidLine): void {
    void writing().catch(() => {}); // to have it when it is sent
    this.#about = { line, isEdit: true };
    this.field.value = line.text;
    this.onInput();
    this.requestUpdate();
    this.field.focus();
  }

  protected override updated(): void {
    const { active } = chat;
    const place = active ? `${active.network}/${active.name}` : "";
    if (place === this.#place || !active) return;
    this.#place = place;
    this.#isRecalled = false;
    this.#choices?.close();
    this.#question = undefined;
    this.#about = undefined;
    this.field.value = this.#draft();
    grow(this.field);
    this.requestUpdate();
  }

  // --- drawing ----------------------------------------------------------------------------------

  protected override render(): TemplateResult | typeof nothing {
    const { current, active, connection } = chat;
    if (!current || !active || !connection) return nothing;
    const about = this.#about;
    return composerView({
      label: w.placeholder(plainName(shortName(active.name))),
      above: [
        this.#question && this.#doubts?.ask(this.#question, () => this.#answerNo()),
        this.#problem && html`<p class="problem" role="alert">${this.#problem}</p>`,
        about && rarely((rare) => rare.subject(about, () => this.#stop()), nothing),
        this.#choices?.list(),
        settings.formatBar && rarely((rare) => rare.formatBar(this), nothing),
      ],
      choices: this.#choices,
      below: [...this.#notes].map((note) => note(this.field?.value ?? "")),
      onSubmit: () => void this.send(),
      onInput: () => this.onInput(),
      onKey: (event) => this.#onKey(event),
      onPaste: (event) => this.#onPaste(event),
    });
  }

  #stop(): void {
    if (this.#about?.isEdit) this.field.value = this.#draft();
    this.#about = undefined;
    this.onInput();
    this.requestUpdate();
    this.field.focus();
  }

  // What was being written before something else came into the field.
  #draft(): string {
    const { active } = chat;
    return active ? readDraft(active.network, active.name) : "";
  }

  #answerNo(): void {
    this.#question = undefined;
    this.requestUpdate();
    this.field.focus();
  }

  note(one: Note): void {
    this.#notes.add(one);
    this.requestUpdate();
  }

  onInput(): void {
    const { active } = chat;
    const { value } = this.field;
    this.#isRecalled = false;
    if (active && !this.#about?.isEdit) writeDraft(active.network, active.name, value);
    grow(this.field);
    if (this.#problem || this.#notes.size) this.requestUpdate();
    this.#problem = "";
    if (value.length > longText) void import("./counter.ts").then(({ counter }) => this.note(counter), () => {});
    // Only these begin a word that opens the list by itself.
    if (this.#choices || /(?:^|\s)[@#:/]/.test(value)) {
      void this.#loadChoices().then((choices) => choices?.onInput());
    }
    if (active) {
      // As it stands by then: who has sent it at once is not writing any more.
      void writing().then(({ tellTyping }) => tellTyping(active, /^[^/]/.test(this.field.value)), () => {});
    }
  }

  async #loadChoices(): Promise<Choices | undefined> {
    if (this.#choices) return this.#choices;
    const module = await import("./choices.ts").catch(() => undefined);
    return (this.#choices ??= module && new module.Choices(this));
  }

  // --- keys -------------------------------------------------------------------------------------

  #onKey(event: KeyboardEvent): void {
    // While an input method is composing, every key is its own.
    if (event.isComposing || event.keyCode === 229) return;
    const { key, shiftKey, ctrlKey, altKey, metaKey } = event;
    const choices = this.#choices;
    const plain = !shiftKey && !altKey && !metaKey;
    const modified = (ctrlKey || metaKey) && !altKey && !shiftKey;
    if (key === "Enter" && !shiftKey && !altKey) {
      if (!modified && choices?.accepts()) choices.onTab(false);
      else if (modified === (settings.sendKey === "ctrl") || (modified && plain)) void this.send();
      else return;
    } else if (key === "Tab" && !ctrlKey && !altKey) {
      if (!choices) {
        if (!this.field.value) return;
        void this.#loadChoices().then((there) => there?.onTab(shiftKey));
      } else if (!choices.onTab(shiftKey)) {
        return;
      }
    } else if (key === "Escape" && (choices?.isOpen || this.#question || this.#about)) {
      if (choices?.isOpen) choices.restore();
      else if (this.#question) this.#answerNo();
      else this.#stop();
      event.stopPropagation();
    } else if ((key === "ArrowUp" || key === "ArrowDown") && plain) {
      if (!this.#onArrow(key === "ArrowUp" ? 1 : -1, ctrlKey)) return;
    } else if ((key === "PageUp" || key === "PageDown") && plain) {
      const log = document.querySelector(".log");
      log?.scrollBy(0, (key === "PageUp" ? -0.9 : 0.9) * log.clientHeight);
    } else {
      return;
    }
    event.preventDefault();
  }

  #onArrow(by: 1 | -1, isHistory: boolean): boolean {
    if (this.#choices?.shown) {
      this.#choices.move(-by);
      return true;
    }
    const isEmpty = !this.field.value;
    if (!isHistory && !isEmpty && !this.#isRecalled) return false;
    if (!isHistory && isEmpty && by > 0 && chat.connection?.model.features.has("edit")) {
      const last = lastSaid(chat.current);
      if (!last) return false;
      this.edit(last);
      return true;
    }
    this.#recall(by);
    return true;
  }

  #recall(by: 1 | -1): void {
    const { field } = this;
    const place = this.#place;
    void writing().then(({ recall }) => {
      const text = recall(place, field.value, by);
      if (text === undefined || place !== this.#place) return;
      this.#isRecalled = true;
      field.value = text;
      grow(this.field);
    }, () => {});
  }

  // --- sending ----------------------------------------------------------------------------------

  #onPaste(event: ClipboardEvent): void {
    const pasted = event.clipboardData?.getData("text/plain") ?? "";
    if (pasted.trim().split("\n").length <= manyLines) return;
    event.preventDefault();
    this.insert(pasted.replace(/\r\n?/g, "\n"));
    void this.#doubt(({ ofPaste }) => ofPaste(this));
  }

  // Without the question nothing is sent.
  async #doubt(which: (doubts: Doubts) => Question): Promise<void> {
    this.#doubts = await import("./doubting.ts").catch(() => undefined);
    if (this.#doubts) this.#question = which(this.#doubts);
    else this.#problem = words.later.failed;
    this.requestUpdate();
  }

  async send(isSure = false): Promise<void> {
    const text = this.field.value.replace(/\s+$/, "");
    const { active, current } = chat;
    if (!active || !current || !text.trim()) return;
    const about = this.#about;
    if (about?.isEdit) {
      this.clear(text);
      if (text === about.line.text) return;
      return (await writing()).edit(active, about.line, text);
    }
    if (text.startsWith("/") && !text.startsWith("//")) return this.#command(text);
    if (!isSure && current.isRoom && /^\s*(identify|login|register)\s+\S/i.test(text)) {
      return this.#doubt(({ ofPassword }) => ofPassword(this));
    }
    this.clear(text);
    await sayInParts(active, text.replace(/^\/\//, "/"), about?.line.id);
  }

  async #command(text: string): Promise<void> {
    const commands = await import("./commands.ts").catch(() => undefined);
    const name = /^\/([a-z]+)(?:\s|$)/i.exec(text)?.[1]?.toLowerCase();
    if (commands && name && commands.isCommand(name)) {
      // The first command had to be fetched: what was typed meanwhile stays.
      if (this.field.value.trimEnd() === text) this.clear(text);
      return commands.runCommand(this.app, text);
    }
    this.#problem = commands ? commands.unknown(text) : words.later.failed;
    this.requestUpdate();
  }

  // It is on its way: it stays among what was sent.
  clear(text: string): void {
    const place = this.#place;
    void writing().then(({ endTyping, rememberSent }) => {
      endTyping();
      rememberSent(place, text);
    }, () => {});
    this.field.value = this.#about?.isEdit || this.#isRecalled ? this.#draft() : "";
    this.#question = undefined;
    this.#problem = "";
    this.#about = undefined;
    this.onInput();
    this.#choices?.close();
    this.requestUpdate();
    this.field.focus();
  }
}
customElements.define("halley-composer", Composer);
declare global {
  interface HTMLElementTagNameMap {
    "halley-composer": Composer;
  }
}
