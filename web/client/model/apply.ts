// SPDX-License-Identifier: GPL-3.0-or-later
//
// One event changes the model: the only place that knows what events mean. `now` stands in where an
// event has no time of its own.
import type { ChatEvent, Hello } from "../wire.ts";
import {
  append,
  conversation,
  findConversation,
  foldJoin,
  foldLeave,
  foldRename,
  inform,
  mergeHistory,
  nextKey,
  receive,
  settleOwn,
  toldSent,
} from "./conversation.ts";
import { beginGap, endGap, loseSession } from "./gaps.ts";
import { rankOf } from "./members.ts";
import type { Conversation, NetworkModel } from "./model.ts";

type Of<Name extends ChatEvent["ev"]> = Extract<ChatEvent, { ev: Name }>;

export function apply(model: NetworkModel, event: ChatEvent | Hello, now: number): void {
  const handler = handlers[event.ev as keyof Handlers] as
    | ((model: NetworkModel, event: ChatEvent | Hello, now: number) => void)
    | undefined;
  if (!handler) return; // a word of a later version, or data for others
  handler(model, event, now);
  model.version++;
}

type Shown = Exclude<ChatEvent["ev"], "data" | "data_lost">;
type Handlers = {
  [Name in Shown]: (model: NetworkModel, event: Of<Name>, now: number) => void;
} & { hello: (model: NetworkModel, event: Hello, now: number) => void };

const handlers: Handlers = {
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

  joined(model, event, now) {
    const room = conversation(model, event.room, true);
    if (event.self) {
      room.joined = true;
      room.traits.clear();
      room.ended = undefined;
      room.nick = event.from === model.nick ? "" : event.from;
      model.invitations = model.invitations.filter((one) => one.room !== event.room);
    } else {
      foldJoin(model, room, event.from, event.at ?? now);
    }
    room.members.add({
      nick: event.from,
      roles: event.roles,
      self: event.self,
      account: event.account,
    });
  },

  left(model, event, now) {
    if (event.self) {
      for (const room of roomsOf(model, event.room)) endRoom(room, { why: "left" });
      return;
    }
    for (const room of roomsOf(model, event.room)) {
      if (!room.members.remove(event.from)) continue;
      foldLeave(model, room, event.from, event.at ?? now, event.text);
      room.typing.delete(event.from);
    }
  },

  nick(model, event, now) {
    const everywhere = !event.room;
    if (event.self && everywhere) model.nick = event.to;
    for (const room of roomsOf(model, event.room)) {
      if (!room.members.find(event.from)) continue;
      room.members.change(event.from, { nick: event.to });
      if (event.self) {
        room.nick = event.to === model.nick ? "" : event.to;
        const info = { what: "own_nick", from: event.from, to: event.to } as const;
        inform(model, room, info, event.at ?? now);
      } else {
        foldRename(model, room, event.from, event.to, event.at ?? now);
      }
    }
    const talk = everywhere ? model.conversations.get(event.from) : undefined;
    if (talk && !talk.isRoom && !model.conversations.has(event.to)) {
      model.conversations.delete(event.from);
      talk.name = event.to;
      model.conversations.set(event.to, talk);
    }
  },

  topic(model, event, now) {
    const room = conversation(model, event.room, true);
    const told = room.topic?.text;
    room.topic = { text: event.text, spans: event.spans, from: event.from, at: event.at };
    if (event.initial || told === event.text) return;
    const info = { what: "topic", from: event.from, text: event.text } as const;
    inform(model, room, info, event.at || now);
  },

  members(model, event) {
    const room = conversation(model, event.room, true);
    room.members.fill(event.members, event.first !== false);
    if (event.last !== false) room.membersKnown = true;
    const self = event.members.find((one) => one.self);
    if (self) room.nick = self.nick === model.nick ? "" : self.nick;
  },

  presence(model, event, now) {
    if (event.contact) return;
    for (const room of roomsOf(model, event.room)) {
      const member = room.members.find(event.from);
      if (!member) continue;
      if (member.self && event.away !== undefined) model.away = event.away;
      if (event.roles && rankOf(event.roles) !== member.rank) {
        const info = { what: "role", who: event.from, rank: rankOf(event.roles) } as const;
        inform(model, room, info, now);
      }
      room.members.change(event.from, {
        ...(event.away !== undefined ? { away: event.away } : {}),
        ...(event.roles ? { roles: event.roles } : {}),
        ...(event.account !== undefined ? { account: event.account } : {}),
      });
    }
    if (event.from === model.nick && event.away !== undefined) model.away = event.away;
  },

  said(model, event) {
    const where = place(model, event);
    if (event.replayed) mergeHistory(model, where, [event], true);
    else receive(model, where, event, true);
  },

  sent(model, event) {
    for (const where of everything(model)) toldSent(model, where, event.n);
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
    line.text = "";
    line.spans = undefined;
    touch(where);
  },

  kicked(model, event, now) {
    const room = conversation(model, event.room, true);
    const { from, who, text } = event;
    const self = event.self ?? false;
    const ban = event.ban ?? false;
    room.members.remove(who);
    inform(model, room, { what: "kicked", from, who, text, ban, self }, event.at ?? now);
    if (self) endRoom(room, { why: ban ? "banned" : "kicked", by: from, text });
  },

  mode(model, event, now) {
    const room = conversation(model, event.room, true);
    for (const change of event.changes) {
      if (!change.value) room.traits[change.set ? "add" : "delete"](change.mode);
      const member = change.role && change.value ? room.members.find(change.value) : undefined;
      if (!member || !change.role) continue;
      const others = member.roles.filter((role) => role !== change.role);
      const roles = change.set ? [...others, change.role] : others;
      room.members.change(member.nick, { roles });
    }
    if (event.initial) return;
    const info = { what: "mode", from: event.from, changes: event.changes } as const;
    inform(model, room, info, now);
  },

  features(model, event) {
    const { traits } = conversation(model, event.room, true);
    for (const one of event.features) traits.add(one);
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

  members_changed(model, event, now) {
    const { joined = [], left = [] } = event;
    for (const room of roomsOf(model, event.room)) {
      for (const nick of left) {
        if (room.members.remove(nick)) foldLeave(model, room, nick, now);
        room.typing.delete(nick);
      }
      if (!event.room) continue;
      for (const person of joined) {
        if (!room.members.find(person.nick)) foldJoin(model, room, person.nick, now);
        room.members.add(person);
      }
    }
  },

  result(model, event) {
    for (const where of everything(model)) {
      if (!where.sending.has(event.n)) continue;
      settleOwn(model, where, event.n, { ok: event.ok, id: event.id, ...event.error });
    }
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
};

function place(model: NetworkModel, event: { room?: string; with?: string }): Conversation {
  return event.room !== undefined
    ? conversation(model, event.room, true)
    : conversation(model, event.with ?? "", false);
}

function known(
  model: NetworkModel,
  event: { room?: string; with?: string },
): Conversation | undefined {
  return model.conversations.get(event.room ?? event.with ?? "");
}

function everything(model: NetworkModel): Conversation[] {
  return [...model.conversations.values()];
}

function roomsOf(model: NetworkModel, name: string | undefined): Conversation[] {
  if (name !== undefined && name !== "") {
    const one = model.conversations.get(name);
    return one ? [one] : [];
  }
  return everything(model).filter((one) => one.isRoom);
}

function endRoom(room: Conversation, ended: NonNullable<Conversation["ended"]>): void {
  room.joined = false;
  room.ended = ended;
  room.typing.clear();
  room.version++;
}

function touch(where: Conversation | undefined): void {
  if (where) where.version++;
}
