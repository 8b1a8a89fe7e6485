// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the network says of the reader's own doing: how far he has read on another device, and that he
// writes faster than it takes. Beside apply(), as few networks say it.
import type { ChatEvent } from "../wire.ts";
import { markRead } from "./conversation.ts";
import type { Line } from "./lines.ts";
import type { Conversation, NetworkModel } from "./model.ts";
import { countUnread } from "./said.ts";

// After apply(), with every event.
export function heed(model: NetworkModel, event: ChatEvent, now: number): void {
  if (event.ev === "waiting") {
    for (const { sending } of model.conversations.values()) {
      const line = sending.get(event.n);
      if (line) line.dueAt = now + event.ms;
    }
    model.version++;
  } else if (event.ev === "read") {
    const where = model.conversations.get(event.room ?? event.with ?? "");
    if (!where) return;
    if (event.id) where.readTo = event.id;
    if (event.at) readUpTo(model, where, event.at);
    reachKnown(model, where);
  } else if (event.ev === "history" || event.ev === "said") {
    const where = model.conversations.get(event.room ?? event.with ?? "");
    if (where?.readTo) reachKnown(model, where);
  }
}

// The line that was read last, once it is there.
function reachKnown(model: NetworkModel, where: Conversation): void {
  const line = where.ids.get(where.readTo ?? "");
  if (!line) return;
  where.readTo = "";
  readUpTo(model, where, line.at);
}

// The later of the two marks is right. What is newer is news, also where it was said before we came.
export function readUpTo(model: NetworkModel, where: Conversation, at: number): void {
  if (at <= where.readAt) return;
  markRead(model, where, at);
  for (let i = where.lines.length - 1; i >= 0; i--) {
    const line = where.lines[i] as Line;
    if (line.at <= at) break;
    if (line.type === "said") countUnread(model, where, line);
  }
  model.version++;
}
