// SPDX-License-Identifier: GPL-3.0-or-later
//
// What went wrong, for people: by its code where there are words for it, else as it was told. The same
// for the chat page and for a room in a page of somebody else.
import { shortName } from "../client/model/names.ts";
import type { Sentence } from "./icu.ts";

type Plain = "bad_nick" | "cannot_speak" | "too_fast" | "too_many" | "unreachable" | "not_supported" | "other";
type WithOne = "nick_in_use" | "bad_password" | "account_needed" | "invite_only" | "room_key" | "room_full";
export type FailureWords = { [name in Plain]: string } & { [name in WithOne]: Sentence } & {
  banned: Sentence;
  refused: Sentence;
};
export interface At {
  nick: string;
  room: string; // "": none
  network: string;
}

const noReason = /^You are banned from .*/; // the gateway's own words, where the network gave none

export function failureSentence(code: string, text: string, at: At, w: FailureWords): string {
  const where = at.room ? shortName(at.room) : at.network;
  switch (code) {
    case "nick_in_use":
    case "bad_password":
      return w[code](at.nick);
    case "bad_nick":
      return text || w.bad_nick;
    case "account_needed":
    case "invite_only":
    case "room_key":
    case "room_full":
      return w[code](where);
    case "banned":
      return (at.room ? w.banned(where, text.replace(noReason, "")) : w.refused(where, text)).trim();
    case "cannot_speak":
    case "too_fast":
    case "too_many":
    case "unreachable":
    case "not_supported":
      return w[code];
    default:
      return text || w.other;
  }
}
