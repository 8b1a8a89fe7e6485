// SPDX-License-Identifier: GPL-3.0-or-later
//
// The pieces of second.ts, for those that use them: there, or on their way.
import { redraw } from "./frames.ts";

export type Second = typeof import("./second.ts");

let there: Second | undefined;
let coming: Promise<Second> | undefined;

export const second = (): Second | undefined => there;

// Fetches them, once; a failure is tried again by the next who asks.
export function fetchSecond(): Promise<Second> {
  coming ??= import("./second.ts").then(
    (module) => {
      there = module;
      redraw();
      return module;
    },
    (error: unknown) => {
      coming = undefined;
      throw error;
    },
  );
  return coming;
}
