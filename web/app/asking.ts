// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where one may only read: asking somebody who looks after the room. The words are put into the field
// of a private conversation with him; whether they are sent is up to the reader.
import { chat } from "./chat.ts";
import { conversation, shortName } from "../client/index.ts";
import { readDraft, writeDraft } from "./draft.ts";
import { moderating, privateName } from "./moderation.ts";
import { more } from "./words_later.ts";

// Opens a private conversation.
export function talkTo(network: string, nick: string): void {
  const model = chat.connections.get(network)?.model;
  if (!model) return;
  conversation(model, nick, false);
  chat.open({ network, name: nick });
}

export function askToSpeak(): void {
  const { active, current } = chat;
  const carers = current?.members.sorted.filter(({ rank }) => moderating.includes(rank)) ?? [];
  const { nick } = carers.find(({ away }) => !away) ?? carers[0] ?? {};
  if (!active || !nick) return;
  const { network, name } = active;
  const to = privateName(name, nick);
  if (!readDraft(network, to)) writeDraft(network, to, more.card.mayWrite(shortName(name)));
  talkTo(network, to);
}
