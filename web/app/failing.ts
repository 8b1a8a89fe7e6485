// SPDX-License-Identifier: GPL-3.0-or-later
//
// What went wrong, in a room and on the way there, in the reader's language: by its code, whatever the gateway or the network said
// about it. Their own words are shown only where nothing better is known.
import { shortName } from "../client/index.ts";
import { chat, type Place } from "./chat.ts";
import { failureSentence, type At } from "./failure_text.ts";
import { plainName } from "./plain_text.ts";
import { words } from "./words.ts";
import { more } from "./words_later.ts";

const w = more.failures;

export const failureText = (code: string, text: string, at: At): string =>
  failureSentence(code, text, at, { ...words.failure, ...more.failure });

export function failure(code: string, text: string, at: At): string {
  const where = plainName(at.room ? shortName(at.room) : at.network);
  const who = plainName(shortName(at.nick));
  switch (code) {
    case "no_such_room":
    case "not_in_room":
      return at.room ? w[code](where) : w.not_allowed;
    case "no_such_nick":
      return who ? w.no_such_nick(who) : w.nobody;
    case "too_many_rooms":
    case "not_online":
    case "timed_out":
    case "lost":
    case "too_large":
      return w[code](plainName(at.network));
    case "bad_room":
    case "no_privilege":
    case "not_allowed":
      return w[code];
    case "refused":
      return w.refused(plainName(at.network), text);
    case "unknown_command":
      return failureText("not_supported", text, at);
    case "cannot_speak":
      return at.room ? failureText(code, text, at) : w.no_messages(who);
    default:
      return failureText(code, text, at);
  }
}

// In a conversation; `who`: the person it was about, where that is not the one talked to.
export function failureAt(place: Place, code: string, text: string, who = ""): string {
  const isRoom = chat.at(place)?.isRoom ?? false;
  const network = chat.connections.get(place.network)?.model.title ?? place.network;
  const nick = who || (isRoom ? "" : place.name);
  return failure(code, text, { nick, room: isRoom ? place.name : "", network });
}
