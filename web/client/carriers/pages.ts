// SPDX-License-Identifier: GPL-3.0-or-later
//
// The log in pages, asked for one after the other: what long_poll, poll and script share.
import { eventsUrl, type Carrier, type CarrierHooks, type Opening } from "../carrier.ts";
import { failureOf } from "../failure.ts";
import type { ChatEvent, Hello } from "../wire.ts";
import { run, type Course } from "./fetched.ts";

// A held answer that has not come this long after its time is not going to.
export const answerWithin = 15000; // ms

export interface Page {
  from: number;
  next: number;
  events: ChatEvent[];
  again?: number; // ms until the next question; left out: at once
  hello?: Hello; // to who did not say where it stands
}

// `ask`: for what came after a number.
export function overPages(
  opening: Opening,
  hooks: CarrierHooks,
  ask: (since: number | undefined, course: Course) => Promise<Page>,
): Carrier {
  return run(opening, hooks, async (course) => {
    let { since } = opening;
    while (!course.signal.aborted) {
      const page = await ask(since, course);
      if (course.signal.aborted) return;
      if (page.hello) hooks.onHello(page.hello);
      if (!course.opened) hooks.onOpen();
      course.opened = true;
      hooks.onAlive();
      page.events.forEach((event, i) => {
        if (!course.signal.aborted) hooks.onEvent(page.from + i, event);
      });
      since = page.next - 1;
      await hooks.taken?.();
      if (page.again) await pause(opening, course, page.again);
    }
  });
}

// `isShort`: answered at once.
export async function fetchPage(
  opening: Opening,
  course: Course,
  within: number,
  isShort: boolean,
): Promise<Page> {
  course.expect(within);
  const url = eventsUrl(opening, isShort ? { carrier: "poll" } : {});
  const answer = await opening.world.fetch(url, { cache: "no-store", signal: course.signal });
  if (!answer.ok) throw await failureOf(answer);
  return (await answer.json()) as Page;
}

function pause({ world }: Opening, course: Course, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = world.setTimeout(resolve, ms);
    course.expect(ms + 60000); // the timer above comes first
    course.signal.addEventListener("abort", () => {
      world.clearTimeout(timer);
      resolve();
    });
  });
}
