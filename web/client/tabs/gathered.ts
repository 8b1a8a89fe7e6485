// SPDX-License-Identifier: GPL-3.0-or-later
//
// Events that come soon after each other go to the pages in one message, in their order among all that
// is told: copying a message costs more than what most events say.
import type { Numbered, ToPage } from "./messages.ts";

const apart = 16; // ms between two messages of events: a page draws no oftener

export function gathered(post: (message: ToPage) => void): (message: ToPage) => void {
  let events: Numbered[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (!events.length) return;
    post({ is: "events", events });
    events = [];
    timer = setTimeout(tell, apart);
  };
  return (message) => {
    if (message.is !== "events") {
      tell();
      return post(message);
    }
    events.push(...message.events);
    // The first at once; and always in a hidden page, whose timers sleep.
    if (!timer || globalThis.document?.hidden) tell();
  };
}
