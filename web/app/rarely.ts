// SPDX-License-Identifier: GPL-3.0-or-later
//
// What few lines and few rooms have: fetched with the first of them, and drawn when it is there.
import { redraw } from "./frames.ts";

// Draws with a module once it is there; until then, and where it cannot be had, `meanwhile`. The next
// drawing asks for it again.
export function fetched<M>(fetch: () => Promise<M>) {
  let there: M | undefined;
  return <T, U>(draw: (module: M) => T, meanwhile: U): T | U => {
    if (there) return draw(there);
    void fetch().then((module) => {
      there = module;
      redraw();
    }, () => {});
    return meanwhile;
  };
}

export const rarely = fetched(() => import("./rare.ts"));
