// SPDX-License-Identifier: GPL-3.0-or-later
//
// The form of a nick, looked at while it is typed and when it was refused: by what the gateway says of the
// nicks of the network. What that one makes of the rest it says itself.
import { networks, type NetworkInfo } from "../client/index.ts";
import { nickFault } from "./nick_fault.ts";
import { more } from "./words_later.ts";

const pause = 600; // ms without a key until it is said

let waiting: ReturnType<typeof setTimeout> | undefined;
let isSaid = false;
// The page has what the gateway knew at its start; how long nicks may be the network has told since.
let learnt: NetworkInfo[] = [];
networks(`${location.origin}/chat/v1`).then(
  (all) => (learnt = all),
  () => {},
);

// "": nothing is wrong with its form.
export function faultIn(nick: string, chosen: NetworkInfo | undefined): string {
  const { nick: rule } = learnt.find((one) => one.network === chosen?.network) ?? chosen ?? {};
  return nickFault(nick.trim(), rule, more.nicks);
}

// Calls `tell` at once with what is wrong if that is said already, or with ""; after a pause in typing with
// what is wrong since.
export function check(nick: string, chosen: NetworkInfo | undefined, tell: (wrong: string) => void): void {
  clearTimeout(waiting);
  isSaid &&= faultIn(nick, chosen) !== "";
  tell(isSaid ? faultIn(nick, chosen) : "");
  if (isSaid) return;
  waiting = setTimeout(() => {
    const wrong = faultIn(nick, chosen);
    isSaid = wrong !== "";
    if (isSaid) tell(wrong);
  }, pause);
}

// What the network has said of it stands.
export function settle(): void {
  clearTimeout(waiting);
}
