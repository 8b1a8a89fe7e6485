// SPDX-License-Identifier: GPL-3.0-or-later
//
// The keys of the page, on one sheet.
import { html, type TemplateResult } from "lit/html.js";
import { dialogHead } from "./dialog_head.ts";
import type { App } from "./shell.ts";
import type { Act } from "./keys.ts";
import { second } from "./moment.ts";
import { Part } from "./part.ts";
import { change, settings } from "./settings.ts";
import { more } from "./words_later.ts";
import { wear } from "./sheets.ts";
import css from "./shortcuts.css";

wear(css);

const w = more.help;

// Those of the parts, which stay as they are; the others can be chosen.
const fixed: [string, keyof typeof w.shortcuts][] = [
  ["Tab", "complete"],
  ["ArrowUp, Ctrl+ArrowUp", "history"],
  ["PageUp, PageDown", "scroll"],
  ["Escape", "escape"],
  ["ArrowUp, ArrowDown, Home, End", "read"],
];
// They came with what is fetched as soon as a room is shown, and stay there.
const names = (): readonly Act[] => second()?.names ?? [];
const keyOf = (name: Act): string => second()?.keyOf(name) ?? "";
const letters: readonly Act[] = ["reply", "copy", "link"];
const modifiers = ["Control", "Alt", "Shift", "Meta", "AltGraph"];

export class Shortcuts extends Part {
  app!: App;

  #changing: Act | undefined;
  #problem = "";

  protected override firstUpdated(): void {
    this.querySelector("dialog")?.showModal();
  }

  protected override render(): TemplateResult {
    return html`<dialog
      class="sheet-dialog"
      aria-label=${w.title}
      @close=${() => this.app.dialog === "sheet" && this.app.openDialog("")}
    >
      ${dialogHead(w.title)}
      <dl class="keys">
        ${names().map((name) => this.#own(name))}
        ${fixed.map(([key, what]) => html`<dt><kbd>${shown(key)}</kbd></dt><dd>${w.shortcuts[what]}</dd>`)}
      </dl>
      <p class="hint" role="status">${this.#problem || (this.#changing ? w.press : w.which)}</p>
    </dialog>`;
  }

  #own(name: Act): TemplateResult {
    const what = w.shortcuts[name];
    return html`<dt>
        <button
          class="small"
          aria-label="${w.change(what)}, ${shown(keyOf(name))}"
          aria-pressed=${this.#changing === name}
          @click=${() => this.#begin(name)}
          @blur=${() => this.#changing === name && this.#begin(undefined)}
          @keydown=${(event: KeyboardEvent) => this.#onKey(event, name)}
        >
          <kbd>${this.#changing === name ? "..." : shown(keyOf(name))}</kbd>
        </button>
      </dt>
      <dd>${what}</dd>`;
  }

  #begin(name: Act | undefined): void {
    this.#changing = name;
    this.#problem = "";
    this.requestUpdate();
  }

  #onKey(event: KeyboardEvent, name: Act): void {
    if (this.#changing !== name || modifiers.includes(event.key) || event.key === "Tab") return;
    event.preventDefault();
    event.stopPropagation();
    const chord = event.key === "Backspace" ? "" : (second()?.chordOf(event) ?? "");
    if (event.key === "Escape") return this.#begin(undefined);
    const other = names().find((one) => one !== name && chord && keyOf(one) === chord);
    // Plain letters are for writing, but for a message that has the focus.
    const isFit = /^(?:Ctrl|Alt)\+|^(?:Shift\+)?F\d+$/.test(chord) || (letters.includes(name) && /^.$/u.test(chord));
    if (chord && !isFit) this.#problem = w.which;
    else if (other) this.#problem = w.taken(shown(chord), w.shortcuts[other]);
    else {
      change({ keys: { ...settings.keys, [name]: chord } });
      return this.#begin(undefined);
    }
    this.requestUpdate();
  }
}
// The keys as people know them.
function shown(keys: string): string {
  return keys.replaceAll("Arrow", "").replace("Page", "Page ") || w.none;
}
customElements.define("halley-shortcuts", Shortcuts);
