// SPDX-License-Identifier: GPL-3.0-or-later
//
// The top of each panel: back on a phone, where it is a step of its own, close elsewhere.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { icon } from "./part.ts";
import type { App } from "./shell.ts";
import { words } from "./words.ts";

const w = words.room;

export function panelHead(app: App, title: string, note: unknown = nothing): TemplateResult {
  return html`<header class="head">
    <button class="icon-button only-narrow" aria-label=${w.close} @click=${() => history.back()}>
      ${icon("back")}
    </button>
    <h2>${title}</h2>
    <span class="muted">${note}</span>
    <button class="icon-button wide-only" aria-label=${w.close} @click=${() => app.closePanel()}>
      ${icon("close")}
    </button>
  </header>`;
}
