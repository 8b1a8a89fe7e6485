// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a message that is being written is about: one that it answers, or one that it is to replace.
import { html, type TemplateResult } from "lit/html.js";
import { shortName, type SaidLine } from "../client/index.ts";
import { icon } from "./part.ts";
import { plainName } from "./plain_text.ts";
import { more } from "./words_later.ts";

const w = more.composer;

export interface About {
  line: SaidLine;
  isEdit: boolean;
}

export function subject({ line, isEdit }: About, onStop: () => void): TemplateResult {
  const stop = isEdit ? w.stopEditing : w.stop;
  return html`<div class="subject">
    <span>${isEdit ? w.editing : w.replying(plainName(shortName(line.from)))}</span>
    <button type="button" class="icon-button" aria-label=${stop} title=${stop} @click=${onStop}>
      ${icon("close")}
    </button>
  </div>`;
}
