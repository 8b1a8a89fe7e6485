// SPDX-License-Identifier: GPL-3.0-or-later
//
// The list of what the word before the cursor may become, and the keys that walk it. The focus stays
// in the field. Commands and emoji are fetched when the first of them is typed.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { chat } from "./chat.ts";
import { complete, inserted, opensList, type Completion } from "./completion.ts";
import { settings } from "./settings.ts";
import { plainName } from "./plain_text.ts";
import { clockTime } from "./time.ts";
import { words } from "./words.ts";
import { more } from "./words_later.ts";
import { wear } from "./sheets.ts";
import css from "./choices.css";

wear(css);

type Commands = typeof import("./commands.ts");
type Emoji = typeof import("./emoji.ts");

export interface Field {
  readonly field: HTMLTextAreaElement;
  requestUpdate(): void;
}

export class Choices {
  shown = false;
  #completion: Completion | undefined;
  #chosen = 0;
  #original = ""; // the text before completing
  #commands: Commands | undefined;
  #emoji: Emoji | undefined;

  constructor(private readonly owner: Field) {}

  get isOpen(): boolean {
    return this.#completion !== undefined;
  }
  get active(): number {
    return this.#chosen;
  }

  async loadCommands(): Promise<Commands> {
    return (this.#commands ??= await import("./commands.ts"));
  }

  // --- finding ----------------------------------------------------------------------------------

  #find(): Completion | undefined {
    const { current, connection } = chat;
    if (!current || !connection) return undefined;
    const { value, selectionStart } = this.owner.field;
    this.#fetchFor(value, selectionStart);
    const found = complete(value, selectionStart, connection.model, current, {
      commands: this.#commands?.commandNames(connection) ?? [],
      emoji: (stem) => this.#emoji?.emojiNamed(stem) ?? [],
    });
    return found?.choices.length ? found : undefined;
  }

  #fetchFor(text: string, cursor: number): void {
    const again = (): void => {
      if (this.owner.field.value === text) this.onInput();
    };
    const ignored = (): void => {}; // nothing to offer then
    if (text.startsWith("/") && !this.#commands) this.loadCommands().then(again, ignored);
    if (!this.#emoji && /(?:^|\s):[a-z0-9_+-]{2,}$/i.test(text.slice(0, cursor))) {
      void import("./emoji.ts").then((emoji) => ((this.#emoji = emoji), again()), ignored);
    }
  }

  // Something was typed: some words open the list by themselves.
  onInput(): void {
    const wasShown = this.shown;
    this.#completion = undefined;
    this.shown = false;
    const { field } = this.owner;
    if (opensList(field.value, field.selectionStart)) {
      this.#original = field.value;
      this.#completion = this.#find();
      this.#chosen = 0;
      this.shown = this.#completion !== undefined;
    }
    if (wasShown || this.shown) this.owner.requestUpdate();
  }

  // --- walking ----------------------------------------------------------------------------------

  // False: there is nothing to complete, the key may leave the field.
  onTab(isBackwards: boolean): boolean {
    const completion = this.#completion;
    if (completion) {
      const isFresh = this.shown && this.owner.field.value === this.#original;
      const count = completion.choices.length;
      this.#chosen = (this.#chosen + (isFresh ? 0 : isBackwards ? -1 : 1) + count) % count;
      this.#put();
      if (count === 1) this.close();
      return true;
    }
    const found = this.#find();
    if (!found) return false;
    this.#original = this.owner.field.value;
    this.#completion = found;
    this.#chosen = isBackwards ? found.choices.length - 1 : 0;
    this.shown = found.choices.length > 1;
    this.#put();
    if (found.choices.length === 1) this.close();
    return true;
  }

  move(by: number): void {
    const count = this.#completion?.choices.length ?? 1;
    const isFresh = this.owner.field.value === this.#original && by > 0;
    this.#chosen = (this.#chosen + (isFresh ? 0 : by) + count) % count;
    this.#put();
  }

  // Enter while a list opened by itself: takes the first, unless the word is whole already.
  accepts(): boolean {
    const completion = this.#completion;
    const original = this.#original;
    if (!completion || !this.shown || this.owner.field.value !== original) return false;
    return !completion.choices.some((one) => one === completion.stem);
  }

  restore(): void {
    this.owner.field.value = this.#original;
    this.close();
  }

  close(): void {
    if (!this.#completion) return;
    this.#completion = undefined;
    this.shown = false;
    this.owner.requestUpdate();
  }

  #put(): void {
    const completion = this.#completion;
    const choice = completion?.choices[this.#chosen];
    if (!completion || choice === undefined) return;
    const { start, stem } = completion;
    const { field } = this.owner;
    const after = this.#original.slice(start + stem.length);
    const text = inserted(choice, start, settings.suffix);
    field.value = this.#original.slice(0, start) + text + after;
    field.selectionStart = field.selectionEnd = start + text.length;
    this.owner.requestUpdate();
  }

  // --- drawing ----------------------------------------------------------------------------------

  list(): TemplateResult | typeof nothing {
    if (!this.shown || !this.#completion) return nothing;
    return html`<ul class="choices" id="choices" role="listbox" aria-label=${words.composer.choices}>
      ${this.#completion.choices.map((name, i) => {
        const rank = chat.current?.members.find(name)?.rank;
        const spoke = chat.current?.spoke.get(name);
        return html`<li
          role="option"
          id="choice-${i}"
          aria-selected=${i === this.#chosen}
          @mousedown=${(event: Event) => {
            event.preventDefault();
            this.#chosen = i;
            this.#put();
            this.close();
          }}
        >
          <span>${plainName(name)}</span>
          ${rank && rank !== "member" ? html`<span class="muted">${more.role[rank]}</span>` : nothing}
          ${spoke ? html`<span class="muted">${clockTime(spoke)}</span>` : nothing}
        </li>`;
      })}
    </ul>`;
  }
}
