// SPDX-License-Identifier: GPL-3.0-or-later
//
// What those who look after a room may do, and how it is taken back.
import {
  can,
  ownNick,
  type ChatError,
  type Command,
  type Conversation,
  type Failure,
  type Member,
  type NetworkModel,
  type Rank,
} from "../client/index.ts";
import { chat, type Place } from "./chat.ts";
import { failureAt } from "./failing.ts";

export const moderating: readonly Rank[] = ["owner", "admin", "op", "halfop"];

export function isModerator(model: NetworkModel, where: Conversation): boolean {
  const me = where.members.find(ownNick(model, where));
  return me !== undefined && moderating.includes(me.rank);
}

// Where nobody comes in unasked, those who look after the room do the asking.
export function mayInvite(model: NetworkModel, where: Conversation): boolean {
  if (!model.features.has("invite") || !where.isRoom || !where.joined) return false;
  return !where.traits.has("i") || isModerator(model, where);
}

// In some networks only some of those.
export function maySet(model: NetworkModel, where: Conversation): boolean {
  return can(model, where, "settings") && where.joined && isModerator(model, where);
}

// Nobody may do anything to those above himself.
export function mayAct(model: NetworkModel, where: Conversation, on: Member | undefined): boolean {
  const me = where.members.find(ownNick(model, where));
  if (!me || !on || on.self || on.nick === me.nick) return false;
  const mine = moderating.indexOf(me.rank);
  const theirs = moderating.indexOf(on.rank);
  return mine >= 0 && (theirs < 0 || theirs >= mine);
}

// "": it is done; else what went wrong, for people.
export async function carryOut(place: Place, command: Command): Promise<string> {
  const who = "nick" in command ? command.nick : "ban" in command ? command.ban : "";
  const told = ({ code, text }: Failure = { code: "", text: "" }): string =>
    failureAt(place, code, text, who ?? "");
  try {
    const result = await chat.do(place.network, command);
    return result.ok ? "" : told(result.error);
  } catch (error) {
    const { code, message: text } = error as ChatError;
    return told({ code, text });
  }
}

// Where people are known by the address of the room they sit in, a private line goes there.
export function privateName(room: string, nick: string): string {
  return room.includes("@") && !nick.includes("@") ? `${room}/${nick}` : nick;
}
