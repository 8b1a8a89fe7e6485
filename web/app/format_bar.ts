// SPDX-License-Identifier: GPL-3.0-or-later
//
// Buttons over the message field for those who do not know the marks by heart: they put them round what is
// selected, as the keys do.
import { html, type TemplateResult } from "lit/html.js";
import { mark } from "./changing.ts"; // at once: the next key is for between the marks
import type { Composer } from "./shell.ts";
import { wear } from "./sheets.ts";
import { more } from "./words_later.ts";
import css from "./format_bar.css";

wear(css);

const w = more.rare;

export function formatBar(composer: Composer): TemplateResult {
  const marks = { b: html`<b>B</b>`, i: html`<i>I</i>`, e: html`<code>&lt;&gt;</code>` };
  const names = { b: w.bold, i: w.italic, e: w.code };
  return html`<div class="formats" role="group" aria-label=${w.formats}>
    ${(["b", "i", "e"] as const).map(
      (key) => html`<button
        type="button"
        class="icon-button"
        aria-label=${names[key]}
        title=${names[key]}
        @pointerdown=${(event: Event) => event.preventDefault() /* the field keeps the focus and what is selected */}
        @click=${() => mark(composer, key)}
      >
        ${marks[key]}
      </button>`,
    )}
  </div>`;
}
