// SPDX-License-Identifier: GPL-3.0-or-later
//
// The top of a dialog: what it is, and the way out.
import { html, type TemplateResult } from "lit/html.js";
import { icon } from "./part.ts";
import { words } from "./words.ts";

export function dialogHead(title: string): TemplateResult {
  const close = (event: Event): void => (event.currentTarget as HTMLElement).closest("dialog")?.close();
  return html`<header>
    <h2>${title}</h2>
    <button class="icon-button" aria-label=${words.room.close} @click=${close}>${icon("close")}</button>
  </header>`;
}
