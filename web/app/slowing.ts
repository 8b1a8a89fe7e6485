// SPDX-License-Identifier: GPL-3.0-or-later
//
// Somebody writes faster than the network takes it: below the field, when his last message will go out,
// counted down until it has.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { chat } from "./chat.ts";
import type { Composer } from "./composer.ts";
import { redraw } from "./frames.ts";
import { wear } from "./sheets.ts";
import css from "./slowing.css";
import { more } from "./words_later.ts";

wear(css);

let spoken = { n: 0, text: "" }; // once a message: who listens is not counted down to
let next: ReturnType<typeof setTimeout> | undefined;

export function showSlow(): void {
  document.querySelector<Composer>("halley-composer")?.note(slow);
}

function slow(): TemplateResult | typeof nothing {
  clearTimeout(next);
  const waiting = [...(chat.current?.sending.values() ?? [])].filter(({ dueAt, state }) => dueAt && state === "sending");
  const { n = 0, dueAt } = waiting[waiting.length - 1] ?? {};
  if (!dueAt) return nothing;
  const left = dueAt - Date.now();
  const text = more.rare.slow(Math.max(1, Math.ceil(left / 1000)));
  if (spoken.n !== n) spoken = { n, text };
  if (left > 1000) next = setTimeout(redraw, left % 1000 || 1000);
  return html`<p class="slow">
    <span aria-hidden="true">${text}</span><span class="spoken" role="status">${spoken.text}</span>
  </p>`;
}
