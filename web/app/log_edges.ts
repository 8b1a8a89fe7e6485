// SPDX-License-Identifier: GPL-3.0-or-later
//
// What stands around the lines of a log: what there is above the first, who is writing below the
// last, and the ways to what is out of view.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { shortName, type Conversation, type Line } from "../client/index.ts";
import { chat } from "./chat.ts";
import { second } from "./moment.ts";
import { icon } from "./part.ts";
import { plainName } from "./text.ts";
import { words } from "./words.ts";

const w = words.room;
const typists = 3; // named, at most

export function top(where: Conversation, isLoading: boolean): TemplateResult | typeof nothing {
  if (!where.lines.some((line) => line.type === "said")) return empty(where);
  if (isLoading) return html`<div class="top">${w.earlier}</div>`;
  const canAsk = chat.connection?.model.features.has("history") && where.name;
  return where.historyDone || !canAsk ? html`<div class="top">${w.beginning}</div>` : nothing;
}

function empty(where: Conversation): TemplateResult | typeof nothing {
  if (!where.name || (where.isRoom && !where.joined)) return nothing;
  if (!where.isRoom) {
    return html`<div class="empty">${w.nothingDirect(plainName(shortName(where.name)))}</div>`;
  }
  if (!where.membersKnown || where.members.size > 1) {
    return html`<div class="empty">${w.nothing}</div>`;
  }
  return html`<div class="empty">${second()?.share()}</div>`;
}

let typingTimer: ReturnType<typeof setTimeout> | undefined;

export function typing(where: Conversation, again: () => void): TemplateResult {
  const now = Date.now();
  clearTimeout(typingTimer);
  const names = [...where.typing].filter(([, until]) => until > now).map(([nick]) => plainName(nick));
  if (names.length) typingTimer = setTimeout(again, 1500);
  const text = names.length > typists ? w.typingMany : w.typing(names, names.length);
  return html`<div class="typing">${names.length ? text : nothing}</div>`;
}

export interface Ways {
  lastKey: number; // of the last line when the end was last seen
  firstNew: number; // key of the first of very many unread lines; 0: not so many
  mentionsAbove: number;
  toEnd(): void;
  toFirstNew(): void;
  toMention(): void;
}

export function pills(where: Conversation, ways: Ways): TemplateResult | typeof nothing {
  if (chat.following && !ways.firstNew) return nothing;
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
