// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the network says of the reader's own doing, and what it is told of it: fetched with the first word.
import { heed, type ChatEvent, type Conversation, type NetworkModel, type SaidLine } from "../client/index.ts";
import { chat, type Place } from "./chat.ts";
import { redrawLater } from "./frames.ts";
import { writeMark } from "./keep.ts";
import { showSlow } from "./slowing.ts";

export function onEvent(model: NetworkModel, event: ChatEvent): void {
  heed(model, event, Date.now());
  if (event.ev === "waiting") showSlow();
  if (event.ev === "read") {
    const where = chat.at({ network: model.network, name: event.room ?? event.with ?? "" });
    if (where?.readAt) writeMark(model.network, where.name, where.readAt); // after a reload it is known
  }
  redrawLater();
}

// The line that was read on another device may come later than the word of it.
chat.watchers.add(({ model }, event) => {
  if (event.ev === "said" || event.ev === "history") heed(model, event, Date.now());
});

const pause = 2000; // ms; while somebody reads along every line would be a mark
const waiting = new Set<string>();

// Tells a network that keeps it what has been read here: the last line of the conversation, after a pause.
export function tellRead(place: Place, where: Conversation): void {
  const key = `${place.network}/${place.name}`;
  if (waiting.has(key)) return;
  waiting.add(key);
  setTimeout(() => {
    waiting.delete(key);
    const read = where.lines.filter((line): line is SaidLine => line.type === "said" && line.at <= where.readAt);
    // Where lines have ids, one may not have got its own yet.
    const last = read.findLast(({ id }) => id) ?? read[read.length - 1];
    if (!last) return;
    const { id = "", at } = last;
    void chat.do(place.network, { do: "read", to: where.name, id, at }).catch(() => {});
  }, pause);
}
