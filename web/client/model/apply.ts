// SPDX-License-Identifier: GPL-3.0-or-later
//
// One event changes the model. What events mean is known here, for the network, and in of_rooms.ts and
// of_talk.ts.
import type { ChatEvent, Hello } from "../wire.ts";
import { append, findConversation, inform, nextKey } from "./conversation.ts";
import { loseSession } from "./gaps.ts";
import type { NetworkModel } from "./model.ts";
import type { Handlers } from "./handlers.ts";
import { ofRooms } from "./of_rooms.ts";
import { ofTalk } from "./of_talk.ts";
import { endRoom } from "./where.ts";

const ofNetwork = {
  hello(model, event) {
    if (model.session && model.session !== event.session) loseSession(model);
    model.session = event.session;
    model.network = event.network || model.network;
    model.title = event.title || model.title;
    model.kind = event.kind;
    model.nick = event.nick || model.nick;
  },

  online(model, event) {
    model.status = "online";
    model.offline = undefined;
    model.nick = event.nick;
    model.account = event.account ?? "";
    model.features = new Set(event.features);
    model.limits = event.limits ?? {};
    model.roomPrefixes = event.room_prefixes ?? "";
  },

  offline(model, event, now) {
    model.status = "offline";
    model.offline = {
      step: event.step,
      error: event.error,
      retryAt: event.retry_in ? now + event.retry_in : undefined,
      final: event.final ?? false,
    };
  },

  error(model, event, now) {
    const room = event.room ? findConversation(model, event.room) : undefined;
    if (room && !room.joined) {
      endRoom(room, { why: "error", code: event.error.code, text: event.error.text });
    }
    inform(model, room ?? model.notices, { what: "error", ...event.error }, now);
  },

  notice(model, event, now) {
    const { from, text, spans, kind } = event;
    const line = {
      type: "info" as const,
      key: nextKey(model),
      at: event.at ?? now,
      info: { what: "notice" as const, from, text, spans, kind },
    };
    append(model, model.notices, line);
    if (kind !== "motd") model.notices.unread++;
  },

  invited(model, event) {
    const { room, from, key } = event;
    const others = model.invitations.filter((one) => one.room !== room);
    model.invitations = [...others, { room, from, key }].slice(-5);
  },

  closing(model) {
    model.status = "offline";
  },
} satisfies Partial<Handlers>;

const handlers: Handlers = { ...ofNetwork, ...ofRooms, ...ofTalk };

export function apply(model: NetworkModel, event: ChatEvent | Hello, now: number): void {
  const handler = handlers[event.ev as keyof Handlers] as
    | ((model: NetworkModel, event: ChatEvent | Hello, now: number) => void)
    | undefined;
  if (!handler) return; // a word of a later version, or data for others
  handler(model, event, now);
  model.version++;
}
