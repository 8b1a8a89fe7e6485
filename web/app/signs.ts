// SPDX-License-Identifier: GPL-3.0-or-later
//
// Characters that cannot be seen and would turn the text after them round, or do nothing at all: each is shown
// as a mark that says which it is when one points at it.
import { html, type TemplateResult } from "lit/html.js";
import { unseen } from "./plain_text.ts";

export function withSigns(text: string): (TemplateResult | string)[] {
  const parts: (TemplateResult | string)[] = [];
  let at = 0;
  for (const { index, 0: sign } of text.matchAll(new RegExp(unseen, "g"))) {
    if (index > at) parts.push(text.slice(at, index));
    const code = `U+${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
    parts.push(html`<span class="sign" title=${code}>\u25af</span>`);
    at = index + 1;
  }
  return [...parts, text.slice(at)];
}
