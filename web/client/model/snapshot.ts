// SPDX-License-Identifier: GPL-3.0-or-later
//
// The model as text and back, so that a reload stands where it stood: the last lines of each
// conversation, topics and counts. Not the members; these are asked for again.
import type { Line } from "./lines.ts";
import { emptyConversation, emptyNetwork, type Conversation, type NetworkModel } from "./model.ts";

const linesKept = 300; // a conversation: a few screens; sessionStorage holds 5 MB in all
const mostKept = 3000; // of the one that is being read further up
const above = 100; // lines kept before the one that is read
const form = 1;

// How many of the last lines are kept, so that the one being read is among them.
function kept({ lines, reading }: Conversation): number {
  const at = reading ? lines.findIndex((line) => line.key === reading.key) : -1;
  return at < 0 ? linesKept : Math.max(linesKept, Math.min(mostKept, lines.length - at + above));
}

export function takeSnapshot(model: NetworkModel): string {
  const conversations = [...model.conversations.values()].map((one) => ({
    name: one.name,
    isRoom: one.isRoom,
    joined: one.joined,
    nick: one.nick,
    topic: one.topic,
    traits: one.traits,
    features: one.features,
    unread: one.unread,
    mentions: one.mentions,
    readAt: one.readAt,
    markAt: one.markAt,
    historyDone: one.historyDone && one.lines.length <= kept(one),
    reading: one.reading,
    ended: one.ended,
    gap: one.gap,
    lines: one.lines.slice(-kept(one)),
  }));
  const { network, session, title, kind, nick, account, away, limits, roomPrefixes, status } = model;
  const plain = { network, session, title, kind, nick, account, away, limits, roomPrefixes, status };
  const all = { form, ...plain, features: [...model.features], conversations };
  return JSON.stringify(all, (_, value: unknown) => {
    if (value instanceof Map) return { map: [...value] };
    if (value instanceof Set) return { set: [...value] };
    return value;
  });
}

// Undefined if the text is of another version of this page.
export function readSnapshot(text: string): NetworkModel | undefined {
  const all = JSON.parse(text, (_, value: unknown) => {
    const held = value as { map?: [unknown, unknown][]; set?: unknown[] } | null;
    if (held && Array.isArray(held.map)) return new Map(held.map);
    if (held && Array.isArray(held.set)) return new Set(held.set);
    return value;
  }) as (NetworkModel & { form: number; conversations: Conversation[] }) | undefined;
  if (all?.form !== form) return undefined;
  const { conversations, features, form: _, ...plain } = all;
  const model = Object.assign(emptyNetwork(all.network), plain);
  model.features = new Set(features);
  for (const kept of conversations as unknown as Conversation[]) {
    const one = Object.assign(emptyConversation(kept.name, kept.isRoom), kept);
    for (const line of one.lines) index(one, line);
    model.lastKey = Math.max(model.lastKey, ...one.lines.map((line) => line.key));
    model.conversations.set(one.name, one);
  }
  return model;
}

function index(where: Conversation, line: Line): void {
  if (line.type !== "said") return;
  if (line.id) where.ids.set(line.id, line);
  if (line.state === "sending" && line.n) where.sending.set(line.n, line);
  if (!line.self) where.spoke.set(line.from, line.at);
}
