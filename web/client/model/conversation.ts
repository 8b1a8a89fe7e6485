// SPDX-License-Identifier: GPL-3.0-or-later
//
// A conversation and the lines in it, whatever they are: how they come in, are found again and are
// forgotten. The cost of a new line does not depend on how many there are.
import type { Info, Line } from "./lines.ts";
import { emptyConversation, type Conversation, type NetworkModel } from "./model.ts";
import { sameName } from "./names.ts";

export const mostLines = 50000; // a conversation; older ones are fetched again from the network
const trimBy = 1000;

export function conversation(
  model: NetworkModel,
  name: string,
  isRoom: boolean,
): Conversation {
  let known = model.conversations.get(name);
  if (!known) {
    known = emptyConversation(name, isRoom);
    model.conversations.set(name, known);
  }
  return known;
}

export function findConversation(model: NetworkModel, name: string): Conversation | undefined {
  const exact = model.conversations.get(name);
  if (exact) return exact;
  for (const one of model.conversations.values()) if (sameName(one.name, name)) return one;
  return undefined;
}

export function append(model: NetworkModel, where: Conversation, line: Line): void {
  where.lines.push(line);
  if (where.lines.length > mostLines) forget(where, trimBy);
  where.version++;
  model.version++;
}

// By its time: behind the lines that are as old.
export function insert(model: NetworkModel, where: Conversation, line: Line): void {
  let at = where.lines.length;
  while (at > 0 && (where.lines[at - 1] as Line).at > line.at) at--;
  if (at === where.lines.length) return append(model, where, line);
  where.lines.splice(at, 0, line);
  where.version++;
  model.version++;
}

function forget(where: Conversation, count: number): void {
  for (const line of where.lines.splice(0, count)) {
    if (line.type === "said" && line.id) where.ids.delete(line.id);
  }
  where.historyDone = false;
}

export function nextKey(model: NetworkModel): number {
  return ++model.lastKey;
}

export function inform(model: NetworkModel, where: Conversation, info: Info, at: number): void {
  append(model, where, { type: "info", key: nextKey(model), at, info });
}

export function removeLine(model: NetworkModel, where: Conversation, key: number): void {
  const at = where.lines.findIndex((line) => line.key === key);
  if (at < 0) return;
  where.lines.splice(at, 1);
  where.version++;
  model.version++;
}

export function markRead(model: NetworkModel, where: Conversation, at: number): void {
  where.readAt = Math.max(where.readAt, at);
  if (!where.unread && !where.mentions) return;
  where.unread = 0;
  where.mentions = 0;
  model.version++;
}
