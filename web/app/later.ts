// SPDX-License-Identifier: GPL-3.0-or-later
//
// Parts of the page that are fetched when they are wanted first, so that a visitor who only wants to
// talk does not wait for them.
import { html, type TemplateResult } from "lit/html.js";
import { redraw } from "./frames.ts";
import { words } from "./words.ts";

const chunks = {
  adding: () => import("./adding.ts"),
  card: () => import("./person_card.ts"),
  inbox: () => import("./inbox.ts"),
  join: () => import("./joining.ts"),
  info: () => import("./room_info.ts"),
  passing: () => import("./passing.ts"),
  nowhere: () => import("./nowhere.ts"),
  palette: () => import("./palette.ts"),
  rooms: () => import("./room_list.ts"),
  search: () => import("./search.ts"),
  settings: () => import("./settings_page.ts"),
  sheet: () => import("./shortcuts.ts"),
};
type Name = keyof typeof chunks;

const states = new Map<Name, "loading" | "ready" | "failed">();

function fetchPart(name: Name): void {
  states.set(name, "loading");
  chunks[name]()
    .then(() => states.set(name, "ready"))
    .catch(() => states.set(name, "failed"))
    .finally(redraw);
}

export function later(name: Name, draw: () => TemplateResult): TemplateResult {
  const state = states.get(name);
  if (state === "ready") return draw();
  if (!state) fetchPart(name);
  if (state !== "failed") return html`<p class="muted waiting">${words.later.loading}</p>`;
  return html`<div class="waiting">
    <p class="problem" role="alert">${words.later.failed}</p>
    <button class="small" @click=${() => fetchPart(name)}>${words.signIn.tryAgain}</button>
  </div>`;
}
