// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { drawSoon, type Drawn } from "../app/frames.ts";

const told: string[] = [];
const part = (name: string, more: Partial<Drawn> = {}): Drawn => ({
  draw: () => void told.push(`${name} drawn`),
  measure: () => void told.push(`${name} measured`),
  ...more,
});

test("sizes are looked at when all that is due is drawn, what parts put in included", async () => {
  told.length = 0;
  const inner = part("inner");
  const outer = part("outer", {
    draw() {
      told.push("outer drawn");
      void drawSoon(inner);
    },
  });
  await drawSoon(outer);
  assert.deepEqual(told, ["outer drawn", "inner drawn", "outer measured", "inner measured"]);
});

test("who finds by measuring that he has to be drawn again, is", async () => {
  told.length = 0;
  let again: Promise<void> | undefined;
  const one: Drawn = part("one", { measure: () => void (again ??= drawSoon(one)) });
  await drawSoon(one);
  await again;
  assert.deepEqual(told, ["one drawn", "one drawn"]);
});

test("a part that fails keeps no other from being drawn and measured", async () => {
  told.length = 0;
  const reported: unknown[] = [];
  Object.assign(globalThis, { reportError: (error: unknown) => reported.push(error) });
  const fails = (): never => {
    throw new Error("broken");
  };
  void drawSoon(part("bad", { draw: fails, measure: fails }));
  await drawSoon(part("good"));
  assert.deepEqual(told, ["good drawn", "good measured"]);
  assert.equal(reported.length, 2);
});
