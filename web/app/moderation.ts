// SPDX-License-Identifier: GPL-3.0-or-later
//
// What those who look after a room may do, and how it is taken back.
import {
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

// Nobody may do anything to those above himself.
export function mayAct(model: NetworkModel, where: Conversation, on: Member | undefined): boolean {
  const me = where.members.find(ownNick(model, where));
  if (!me || !on || on.self || on.nick === me.nick) return false;
  const mine = moderating.indexOf(me.rank);
  const theirs = moderating.indexOf(on.rank);
  return mine >= 0 && (theirs < 0 || theirs >= mine);
}

// Members a ban would meet, as far as this page knows them: by nick with * and ?.
export function matching(where: Conversation, mask: string): number {
  const nick = mask.split("!")[0] ?? "";
  const literal = nick.replace(/[\\^$.+()[\]{}|/-]/g, "\\$&");
  const pattern = new RegExp(`^${literal.replace(/\*/g, ".*").replace(/\?/g, ".")}$`, "i");
  return where.members.sorted.filter((one) => pattern.test(one.nick)).length;
}

// What a ban of somebody became: the mask that the network set for it, which lifts it again when the
// person is gone. Where the network says nothing of it, the person as he was called.
export function bannedAs(where: Conversation | undefined, who: string): string {
  const line = where?.lines.findLast((one) => one.type === "info" && one.info.what === "mode");
  if (line?.type !== "info" || line.info.what !== "mode") return who;
  return line.info.changes.find((one) => one.set && !one.role && one.value)?.value ?? who;
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
