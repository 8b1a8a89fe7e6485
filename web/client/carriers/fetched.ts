// SPDX-License-Identifier: GPL-3.0-or-later
//
// What carriers made of requests have in common: a limit on silence, and one end, of their own or
// by close(), told once.
import type { Carrier, CarrierHooks, Opening } from "../carrier.ts";
import { ChatError } from "../failure.ts";

export interface Course {
  readonly signal: AbortSignal;
  opened: boolean; // it has worked
  recycled: boolean; // its end, when it comes, is a planned one
  // From now on nothing may stay silent for longer than `ms`.
  expect(ms: number): void;
}

export function run(
  { world }: Opening,
  hooks: CarrierHooks,
  read: (course: Course) => Promise<void>,
): Carrier {
  const stop = new AbortController();
  let timer: unknown;
  let isClosed = false;
  const course: Course = {
    signal: stop.signal,
    opened: false,
    recycled: false,
    expect(ms) {
      world.clearTimeout(timer);
      timer = world.setTimeout(() => stop.abort(), ms);
    },
  };
  const end = (error?: unknown): void => {
    world.clearTimeout(timer);
    if (isClosed) return;
    isClosed = true;
    stop.abort();
    const { opened, recycled } = course;
    hooks.onClosed(error instanceof ChatError ? { opened, error } : { opened, recycled });
  };
  read(course).then(() => end(), end);
  return {
    send: () => false,
    close() {
      isClosed = true;
      world.clearTimeout(timer);
      stop.abort();
    },
  };
}
