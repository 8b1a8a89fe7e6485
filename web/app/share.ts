// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the first one in a room reads there: how others get in.
import { html, type TemplateResult } from "lit/html.js";
import { words } from "./words.ts";

const w = words.room;

export function share(): TemplateResult {
  // Without what is the reader's own: ?nick= would name whoever follows the link like him.
  const link = location.origin + location.pathname;
  return html`<p>${w.first}</p>
    <p class="share">
      <code>${link}</code>
      <button
        class="small"
        @click=${(event: Event) => {
          const button = event.currentTarget as HTMLButtonElement;
          void navigator.clipboard?.writeText(link).then(() => {
            button.textContent = w.copied;
          });
        }}
      >
        ${w.copyLink}
      </button>
    </p>`;
}
