// SPDX-License-Identifier: GPL-3.0-or-later
//
// What few lines have: fetched with the first of them, and drawn when it is there.
import { redraw } from "./frames.ts";

type Rare = typeof import("./rare.ts");
let there: Rare | undefined;

export function rarely<T, U>(draw: (rare: Rare) => T, meanwhile: U): T | U {
  if (there) return draw(there);
  void import("./rare.ts").then((module) => {
    there = module;
    redraw();
  }, () => {});
  return meanwhile;
}
