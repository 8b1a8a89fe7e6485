// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the frame shows besides the chat: pages of their own, what lies over it, and the title of the window.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { shortName } from "../client/index.ts";
import { chat } from "./chat.ts";
import { later } from "./later.ts";
import type { App } from "./shell.ts";
import { markIcon } from "./tab_icon.ts";
import { words } from "./words.ts";

export function headline(): string {
  let mentions = 0;
  let isNews = false;
  for (const { model } of chat.connections.values()) {
    for (const one of model.conversations.values()) {
      mentions += one.mentions;
      isNews ||= one.unread > 0;
    }
  }
  markIcon(isNews);
  const name = chat.current?.name ? shortName(chat.current.name) : "";
  const count = mentions ? `(${mentions}) ` : "";
  return `${count}${name ? `${name} - ` : ""}${words.product}`;
}

export function otherPage(app: App): TemplateResult {
  const { page } = app;
  return html`<main class="room" aria-label=${words.sidebar[page.page === "inbox" ? "inbox" : "settings"]}>
    ${page.page === "inbox"
      ? later("inbox", () => html`<halley-inbox .app=${app}></halley-inbox>`)
      : later("settings", () => html`<halley-settings .app=${app}></halley-settings>`)}
  </main>`;
}

export function overlay(app: App): TemplateResult | typeof nothing {
  const network = chat.active?.network ?? "";
  switch (app.dialog) {
    case "rooms":
      return later(
        "rooms",
        () => html`<halley-room-list .app=${app} .network=${network}></halley-room-list>`,
      );
    case "palette":
      return later("palette", () => html`<halley-palette .app=${app}></halley-palette>`);
    case "sheet":
      return later("sheet", () => html`<halley-shortcuts .app=${app}></halley-shortcuts>`);
    case "adding":
      return later("adding", () => html`<halley-adding .app=${app}></halley-adding>`);
    default:
      return nothing;
  }
}
