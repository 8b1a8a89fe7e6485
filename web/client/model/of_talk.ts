// SPDX-License-Identifier: GPL-3.0-or-later
//
// What events about things said mean: said just now or earlier, sent, changed, reacted to, missed.
import { conversation } from "./conversation.ts";
import { beginGap, endGap } from "./gaps.ts";
import type { Handlers } from "./handlers.ts";
import { mergeHistory, receive, settleOwn, toldSent } from "./said.ts";
import { everything, known, place, roomsOf, touch } from "./where.ts";

export const ofTalk = {
  said(model, event) {
    const where = place(model, event);
    if (event.replayed) mergeHistory(model, where, [event], true);
    else receive(model, where, event, true);
  },

  sent(model, event) {
    for (const where of everything(model)) toldSent(model, where, event.n);
  },

  result(model, event) {
    for (const where of everything(model)) {
      if (!where.sending.has(event.n)) continue;
      settleOwn(model, where, event.n, { ok: event.ok, id: event.id, ...event.error });
    }
  },

  typing(model, event, now) {
    const where = known(model, event);
    if (!where) return;
    // Six seconds: the sender repeats it every three (IRCv3 typing), XEP-0085 clients may not at all.
    if (event.state === "active") where.typing.set(event.from, now + 6000);
    else where.typing.delete(event.from);
  },

  reacted(model, event) {
    const line = known(model, event)?.ids.get(event.id);
    if (!line) return;
    line.reactions ??= new Map();
    if (event.complete) for (const people of line.reactions.values()) people.delete(event.from);
    for (const reaction of event.reactions) {
      const people = line.reactions.get(reaction) ?? new Set<string>();
      line.reactions.set(reaction, people.add(event.from));
    }
    for (const [reaction, people] of line.reactions) {
      if (!people.size) line.reactions.delete(reaction);
    }
    touch(known(model, event));
  },

  edited(model, event) {
    const where = known(model, event);
    const line = where?.ids.get(event.id);
    // Only the author may replace a message (XEP-0308, 5).
    if (!line || line.from !== event.from) return;
    line.text = event.text;
    line.spans = event.spans;
    line.edited = true;
    touch(where);
  },

  retracted(model, event) {
    const where = known(model, event);
    const line = where?.ids.get(event.id);
    if (!line) return;
    line.removedBy = event.from;
    if (event.text) line.removedWhy = event.text;
    line.text = "";
    line.spans = undefined;
    touch(where);
  },

  history(model, event) {
    const where = place(model, event);
    const first = where.lines[0]?.at ?? Infinity;
    mergeHistory(model, where, event.items);
    // Complete says that there is no more in the direction that was asked for.
    if (event.complete && (event.items[0]?.at ?? 0) < first) where.historyDone = true;
  },

  gap(model, event, now) {
    const ones = event.room ? [conversation(model, event.room, true)] : everything(model);
    for (const where of ones) {
      beginGap(where, { since: event.from_at, until: event.to_at ?? now, asked: event.healing });
      if (!event.healing) endGap(model, where, false);
    }
    // The present state follows and says which rooms we are in.
    if (!event.room) for (const room of roomsOf(model, undefined)) room.joined = false;
  },

  healed(model, event) {
    const room = model.conversations.get(event.room);
    if (room) endGap(model, room, event.complete);
  },
} satisfies Partial<Handlers>;
