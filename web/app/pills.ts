// SPDX-License-Identifier: GPL-3.0-or-later
//
// The ways from where a log was scrolled to what is out of view: the newest, the first of what is new, mentions.
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { Conversation, Line } from "../client/index.ts";
import { chat } from "./chat.ts";
import { icon } from "./part.ts";
import { more } from "./words_later.ts";

const w = more.room;

export interface Ways {
  lastKey: number; // of the last line when the end was last seen
  firstNew: number; // key of the first of very many unread lines; 0: not so many
  mentionsAbove: number;
  toEnd(): void;
  toFirstNew(): void;
  toMention(): void;
}

export function pills(where: Conversation, ways: Ways): TemplateResult {
  return html`<div class="pills">
    ${ways.firstNew ? firstNew(where, ways) : nothing}
    ${!chat.following && ways.mentionsAbove
      ? html`<button class="pill" @click=${ways.toMention}>${w.above(ways.mentionsAbove)}</button>`
      : nothing}
    ${chat.following ? nothing : latest(where, ways)}
  </div>`;
}

function firstNew(where: Conversation, ways: Ways): TemplateResult {
  const first = where.lines.findIndex((line) => line.key === ways.firstNew);
  const count = first < 0 ? 0 : where.lines.length - first;
  return html`<button class="pill" @click=${ways.toFirstNew}>${w.firstNew(count)}</button>`;
}

function latest(where: Conversation, { lastKey, toEnd }: Ways): TemplateResult {
  let fresh = 0;
  for (let i = where.lines.length - 1; i >= 0 && fresh < 100; i--) {
    const line = where.lines[i] as Line;
    if (line.key === lastKey) break;
    if (line.type === "said" && line.key > lastKey) fresh++;
  }
  return html`<button class="pill" @click=${toEnd}>
    ${icon("down")}${fresh ? w.latestNew(fresh) : w.latest}
  </button>`;
}
