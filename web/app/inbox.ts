// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where somebody named the reader, in all rooms, newest first.
import { html, type TemplateResult } from "lit/html.js";
import { ownNick } from "../client/index.ts";
import type { App } from "./shell.ts";
import { chat } from "./chat.ts";
import { icon, Part } from "./part.ts";
import { messageRow, type Found } from "./search.ts";
import { plainName } from "./text.ts";
import { words } from "./words.ts";
import { more } from "./words_later.ts";

const w = more.inbox;
const mostShown = 200;

function mentions(): Found[] {
  const found: Found[] = [];
  for (const place of chat.places()) {
    for (const line of chat.at(place)?.lines ?? []) {
      if (line.type === "said" && line.mention) found.push({ place, line });
    }
  }
  return found.sort((a, b) => b.line.at - a.line.at).slice(0, mostShown);
}

export class Inbox extends Part {
  app!: App;

  protected override render(): TemplateResult {
    const all = mentions();
    const { connection, current } = chat;
    const me = connection && current ? ownNick(connection.model, current) : "";
    const unread = chat.places().filter((place) => chat.at(place)?.mentions);
    return html`<header class="head">
        <button
          class="icon-button only-narrow"
          aria-label=${words.sidebar.back}
          @click=${() => this.app.show("list")}
        >
          ${icon("back")}
        </button>
        <h1>${w.title}</h1>
        <span class="topic"></span>
        ${unread.length
          ? html`<button class="quiet" @click=${() => this.#clear(unread)}>${w.clear}</button>`
          : ""}
      </header>
      <div class="page-body">
        ${all.length ? "" : html`<p class="empty">${w.empty(plainName(me))}</p>`}
        <ul class="found">
          ${all.map((one) => messageRow(one, this.app, true))}
        </ul>
      </div>`;
  }

  #clear(places: ReturnType<typeof chat.places>): void {
    for (const place of places) {
      const where = chat.at(place);
      if (where) chat.markRead(place, where);
    }
  }
}
customElements.define("halley-inbox", Inbox);
