// SPDX-License-Identifier: GPL-3.0-or-later
//
// The model told as events: what apply() makes the same model of, but for what is only being sent.
// For a tab that is opened later.
import type { ChatEvent, Said } from "../wire.ts";
import type { SaidLine } from "./lines.ts";
import type { Conversation, NetworkModel } from "./model.ts";

const linesTold = 200; // a conversation; the network has the others

export function restate(model: NetworkModel): ChatEvent[] {
  const told: ChatEvent[] = [statusOf(model)];
  for (const where of model.conversations.values()) {
    if (where.isRoom && where.joined) told.push(...roomOf(model, where));
    const at = where.isRoom ? { room: where.name } : { with: where.name };
    const lines = where.lines.filter((line): line is SaidLine => line.type === "said");
    const known = lines.filter(({ state }) => state !== "sending" && state !== "failed");
    const last = known.slice(-linesTold);
    if (last.length) told.push({ ev: "history", ...at, items: last.map(saidOf) });
    for (const { id, reactions } of last) {
      for (const [reaction, people] of reactions ?? []) {
        for (const from of people) {
          told.push({ ev: "reacted", ...at, from, id: id as string, reactions: [reaction] });
        }
      }
    }
  }
  return told;
}

function statusOf(model: NetworkModel): ChatEvent {
  const { nick, account, limits, roomPrefixes: room_prefixes, offline } = model;
  const features = [...model.features];
  if (model.status === "online" || !offline) {
    return { ev: "online", nick, account, features, limits, room_prefixes };
  }
  return { ev: "offline", step: offline.step, error: offline.error };
}

function roomOf(
  model: NetworkModel,
  { name: room, nick, topic, members, traits, features }: Conversation,
): ChatEvent[] {
  const told: ChatEvent[] = [{ ev: "joined", room, from: nick || model.nick, self: true }];
  if (topic) told.push({ ev: "topic", room, ...topic, initial: true });
  const changes = [...traits].map((mode) => ({ set: true, mode }));
  told.push({ ev: "mode", room, changes, initial: true });
  if (features.size) told.push({ ev: "features", room, features: [...features] });
  const people = members.sorted.map(({ rank: _, ...person }) => person);
  told.push({ ev: "members", room, members: people, first: true, last: true });
  return told;
}

function saidOf(line: SaidLine): Said {
  const { from, text, spans, kind, at, id, audience, self } = line;
  const said: Said = { from, text, kind, at, self };
  if (spans) said.spans = spans;
  if (id) said.id = id;
  if (audience) said.audience = audience;
  if (line.replyTo) said.reply_to = line.replyTo;
  return said;
}
