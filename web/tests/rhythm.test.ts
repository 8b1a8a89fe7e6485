// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { rhythm, type Rhythm } from "../app/rhythm.ts";

// A page whose frames and timers come when the test says so.
let now = 0;
let takes = 0; // ms of one drawing
let drawn: number[] = [];
let isHidden = false;
let due: { at: number; then: () => void }[] = [];
let page: Rhythm;
const real = { setTimeout, clearTimeout, performance };

beforeEach(() => {
  now = takes = 0;
  drawn = [];
  due = [];
  isHidden = false;
  const at = (ms: number, then: () => void): object => {
    const one = { at: ms, then };
    due.push(one);
    return one;
  };
  Object.assign(globalThis, {
    requestAnimationFrame: (then: () => void) => {
      const frame = (): void => (isHidden ? void at(now + 16, frame) : then());
      at((Math.floor(now / 16) + 1) * 16, frame);
      return frame;
    },
    cancelAnimationFrame: (frame: unknown) => void (due = due.filter(({ then }) => then !== frame)),
    setTimeout: (then: () => void, ms: number) => at(now + ms, then),
    clearTimeout: (one: unknown) => void (due = due.filter((other) => other !== one)),
  });
  Object.defineProperty(globalThis, "performance", { value: { now: () => now }, configurable: true });
  page = rhythm(() => {
    drawn.push(now);
    now += takes;
  });
});
afterEach(() => {
  const { performance: value, ...timers } = real;
  Object.assign(globalThis, timers);
  Object.defineProperty(globalThis, "performance", { value, configurable: true });
});

function pass(ms: number): void {
  const end = now + ms;
  for (;;) {
    const next = due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
    if (!next) break;
    due = due.filter((one) => one !== next);
    now = Math.max(now, next.at);
    next.then();
  }
  now = Math.max(now, end);
}

test("5,000 lines in five seconds are some thirty drawings, and the last one is drawn", () => {
  for (let ms = 0; ms < 5000; ms++) {
    page.later();
    pass(1);
  }
  const last = now;
  pass(1000);
  assert.ok(drawn.length > 15 && drawn.length < 40, `${drawn.length}`);
  assert.ok((drawn.at(-1) ?? 0) >= last);
});

test("a line now and then is drawn with the next frame", () => {
  for (const at of [0, 1000, 1100, 5000]) {
    pass(at - now);
    page.later();
  }
  pass(100);
  assert.deepEqual(drawn, [16, 1008, 1104, 5008]);
});

test("after a flood the next line does not wait", () => {
  for (let i = 0; i < 100; i++) page.later();
  pass(1000);
  page.later();
  pass(20);
  assert.equal(drawn.length, 2);
});

test("what the reader does is drawn with the next frame, also in a flood", () => {
  for (let i = 0; i < 100; i++) page.later();
  pass(16);
  page.later();
  pass(20);
  assert.equal(drawn.length, 1);
  page.soon();
  pass(16);
  assert.equal(drawn.length, 2);
  pass(1000);
  assert.equal(drawn.length, 2, "the line that waited is drawn with it");
});

test("where drawing is slow it takes at most every other moment", () => {
  takes = 100;
  while (now < 2000) {
    page.later();
    pass(20);
  }
  assert.ok(drawn.length <= 11, `${drawn.length}`);
});

test("a hidden page is drawn once a second", () => {
  isHidden = true;
  for (let ms = 0; ms < 5000; ms += 10) {
    page.later();
    pass(10);
  }
  assert.ok(drawn.length >= 4 && drawn.length <= 5, `${drawn.length}`);
});

test("what was due when the page was hidden is drawn all the same", () => {
  page.later();
  isHidden = true;
  pass(1100);
  assert.equal(drawn.length, 1);
});
