// SPDX-License-Identifier: GPL-3.0-or-later
//
// Parts of the page that are fetched when they are wanted first, so that a visitor who only wants to
// talk does not wait for them.
import { html, type TemplateResult } from "lit/html.js";
import { redraw } from "./frames.ts";
import { words } from "./words.ts";

type Name =
  | "adding"
  | "card"
  | "inbox"
  | "join"
  | "info"
  | "passing"
  | "nowhere"
  | "palette"
  | "rooms"
  | "search"
  | "settings"
  | "sheet";
type Chunks = { [name in Name]: () => Promise<unknown> };
let chunks: Chunks;

// Where each is; told once, by who knows them all.
export function offer(all: Chunks): void {
  chunks = all;
}

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
