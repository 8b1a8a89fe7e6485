// SPDX-License-Identifier: GPL-3.0-or-later
//
// A hub, and what it can know of its pages by locks: a page holds one as long as it lives, a hub as
// long as it has a session.
import type { Environment } from "../environment.ts";
import { Hub } from "./hub.ts";
import { hold, lockOfPage, lockOfSession } from "./locks.ts";
import type { ToPage } from "./messages.ts";

export interface HubPlace {
  base: string;
  name: string;
  carriers?: readonly string[]; // names; all if left out
  environment?: Environment;
}

export function makeHub(
  place: HubPlace,
  post: (message: ToPage) => void,
  onGone: (page: string) => void = () => {},
): Hub {
  const whenPageGone = (page: string, then: () => void): void => {
    whenGone(page, () => {
      onGone(page);
      then();
    });
  };
  const show = (): (() => void) => hold(lockOfSession(place.base, place.name), "shared");
  return new Hub({ ...place, post, onGone: whenPageGone, show });
}

// One page has it for itself.
export function makeOwnHub(place: HubPlace, post: (message: ToPage) => void): Hub {
  return new Hub({ ...place, post, onGone() {}, show: () => () => {} });
}

// Calls back when a page has gone, be it without a word.
function whenGone(page: string, then: () => void): void {
  const name = lockOfPage(page);
  // It may not have its lock yet when it speaks for the first time.
  const isHeld = async (): Promise<boolean> =>
    ((await navigator.locks.query()).held ?? []).some((one) => one.name === name);
  const wait = async (): Promise<void> => {
    for (let tries = 0; tries < 20 && !(await isHeld()); tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await navigator.locks.request(name, { mode: "shared" }, then);
  };
  if (navigator.locks) void wait();
}
