// SPDX-License-Identifier: GPL-3.0-or-later
//
// What stands around the lines of a log: what there is above the first, who is writing below the
// last.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { shortName, type Conversation } from "../client/index.ts";
import { chat } from "./chat.ts";
import { second } from "./moment.ts";
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
