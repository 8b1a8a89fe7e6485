// SPDX-License-Identifier: GPL-3.0-or-later
//
// The form of a nick, looked at while it is typed: only what no network of the kind ever takes. What
// this one makes of the rest it says itself.
import type { NetworkInfo } from "../client/index.ts";
import { more } from "./words_later.ts";

const w = more.nicks;
const pause = 600; // ms without a key until it is said

let waiting: ReturnType<typeof setTimeout> | undefined;
let isSaid = false;

// "": nothing is wrong with its form.
function fault(nick: string, kind: NetworkInfo["kind"] | undefined): string {
  // RFC 7622, 3.4: a nick there is a resourcepart, which takes spaces and all signs.
  if (/[\u0000-\u001f\u007f]/.test(nick)) return w.hidden;
  if (kind !== "irc") return "";
  // Of all servers: what parts the words of a line and the names in a mask or a list (RFC 2812, 2.3.1),
  // and how a trailing parameter, a mask of servers and a channel begin.
  if (nick.includes(" ")) return w.spaces;
  const [sign] = /[,*?!@]/.exec(nick) ?? [];
  if (sign) return w.sign(sign);
  const [first] = /^[:$#&]/.exec(nick) ?? [];
  return first ? w.first(first) : "";
}

// Calls `tell` at once with what is wrong if that is said already, or with ""; after a pause in typing with
// what is wrong since.
export function check(
  nick: string,
  kind: NetworkInfo["kind"] | undefined,
  tell: (wrong: string) => void,
): void {
  clearTimeout(waiting);
  const wrong = fault(nick.trim(), kind);
  isSaid &&= wrong !== "";
  tell(isSaid ? wrong : "");
  if (isSaid || !wrong) return;
  waiting = setTimeout(() => {
    isSaid = true;
    tell(wrong);
  }, pause);
}
