// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is wrong with the form of a nick, by the rule of its network, in words. The same for the chat page
// and for a room in a page of somebody else.
import type { NickRule } from "../client/wire.ts";
import type { Sentence } from "./icu.ts";

export interface NickWords {
  form: Sentence;
  hidden: string;
  first: Sentence;
  long: Sentence;
}

const signs = [..."-_[]{}\\`|"]; // that people put into nicks, where they may
const utf8 = new TextEncoder();

// "": nothing.
export function nickFault(nick: string, rule: NickRule | undefined, w: NickWords): string {
  const { max, forbidden = "", not_first: notFirst = "" } = rule ?? {};
  const first = nick.charAt(0);
  const isDigit = /^\d/.test(nick);
  // No network has them: RFC 2812, 2.3.1; RFC 7622, 3.4.
  if (/[\u0000-\u001f\u007f]/.test(nick)) return w.hidden;
  if ([...forbidden].some((sign) => nick.includes(sign)) || (isDigit && notFirst.includes(first))) {
    const free = signs.filter((sign) => !forbidden.includes(sign)).join(" ");
    return w.form(free, notFirst.includes("0") ? "digit" : undefined);
  }
  if (first && notFirst.includes(first)) return w.first(first);
  if (!max || utf8.encode(nick).length <= max) return "";
  const { read } = utf8.encodeInto(nick, new Uint8Array(max));
  return w.long(nick.slice(0, read));
}
