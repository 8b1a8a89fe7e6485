// SPDX-License-Identifier: GPL-3.0-or-later
//
// What happened to a room, the ways to what is out of view, what is being answered, the names in a fold that is
// open, reactions, pictures, colours of texts, and characters that cannot be seen.
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { SaidLine, summary } from "../client/index.ts";
import { plainName } from "./plain_text.ts";
import { more } from "./words_later.ts";
import { wear } from "./sheets.ts";
import css from "./rare.css";

export { clamped } from "./colour_clamp.ts";
export { formatBar } from "./format_bar.ts";
export { infoText } from "./info_text.ts";
export { pictures } from "./pictures.ts";
export { pills } from "./pills.ts";
export { withSigns } from "./signs.ts";
export { subject } from "./subject.ts";

wear(css);

// So many were lost to a netsplit, so many of them are back.
export const split = (lost: number, back: number): string => more.rare.split(lost, back);

const namesWhenOpen = 50;

export function expanded(told: ReturnType<typeof summary>): TemplateResult {
  const renamed = told.renamed.map(({ from, to }) => `${from} > ${to}`);
  const groups: [string[], string][] = [
    [told.joined, "+"],
    [told.left, "-"],
    [told.passed, "+-"],
    [renamed, ""],
  ];
  return html`<div class="names">
    ${groups
      .filter(([names]) => names.length)
      .map(([names, sign]) => {
        const shown = names.slice(0, namesWhenOpen).map(plainName).join(", ");
        const rest = names.length - namesWhenOpen;
        return html`<p><span aria-hidden="true">${sign}</span> ${shown} ${rest > 0 ? more.rare.more(rest) : nothing}</p>`;
      })}
  </div>`;
}

export function reactions(line: SaidLine, onReact: (mark: string) => void): TemplateResult {
  return html`<div class="reactions">
    ${[...(line.reactions ?? [])].map(
      ([mark, people]) =>
        html`<button
          class="chip"
          title=${[...people].map(plainName).join(", ")}
          aria-label=${more.rare.reaction(mark, people.size)}
          @click=${() => onReact(mark)}
        >
          ${mark} ${people.size}
        </button>`,
    )}
  </div>`;
}
