// SPDX-License-Identifier: GPL-3.0-or-later
//
// What events about rooms and the people in them mean: who is there, in which role, and what was done.
import { conversation, inform } from "./conversation.ts";
import { foldJoin, foldLeave, foldRename } from "./folds.ts";
import type { Handlers } from "./handlers.ts";
import { rankOf } from "./members.ts";
import { endRoom, roomsOf } from "./where.ts";

export const ofRooms = {
  joined(model, event, now) {
    const room = conversation(model, event.room, true);
    if (event.self) {
      room.joined = true;
      room.traits.clear();
      room.features.clear();
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
      const { text, why: reason, moved_to: moved } = event;
      for (const room of roomsOf(model, event.room)) endRoom(room, { why: "left", text, reason, moved });
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
    conversation(model, event.room, true).features = new Set(event.features);
  },
} satisfies Partial<Handlers>;
