// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { onPress } from "../app/pressing.ts";

// As much of a page as a finger needs.
const page = new EventTarget();
Object.assign(globalThis, {
  addEventListener: page.addEventListener.bind(page),
  removeEventListener: page.removeEventListener.bind(page),
});
mock.timers.enable({ apis: ["setTimeout"] });

const at = (type: string, more: object = {}): Event =>
  Object.assign(new Event(type, { cancelable: true }), { clientX: 0, clientY: 0, ...more });
// `phase` 0: the event is over, its code came late; `held`: the finger is still there.
function press(phase = 1, held = true): () => number {
  let count = 0;
  const target = { hasPointerCapture: () => held };
  const event = { target, pointerId: 1, clientX: 0, clientY: 0, timeStamp: performance.now(), eventPhase: phase };
  onPress(event as unknown as PointerEvent, () => count++);
  return () => count;
}

beforeEach(() => page.dispatchEvent(at("pointerdown")));

test("a finger that stays is a long press, once, and lifting it is no click", () => {
  const count = press();
  mock.timers.tick(300);
  assert.equal(count(), 0);
  mock.timers.tick(300);
  assert.equal(count(), 1);
  page.dispatchEvent(at("pointerup"));
  const lifted = at("click");
  page.dispatchEvent(lifted);
  assert.ok(lifted.defaultPrevented);
  const next = at("click");
  page.dispatchEvent(next);
  assert.ok(!next.defaultPrevented);
});

for (const [what, event] of [
  ["is lifted", at("pointerup")],
  ["scrolls", at("pointercancel")],
  ["moves", at("pointermove", { clientY: 20 })],
] as const) {
  test(`a finger that ${what} is no long press`, () => {
    const count = press();
    page.dispatchEvent(event);
    mock.timers.tick(1000);
    assert.equal(count(), 0);
    const click = at("click");
    page.dispatchEvent(click);
    assert.ok(!click.defaultPrevented);
  });
}

test("a finger that trembles is still there", () => {
  const count = press();
  page.dispatchEvent(at("pointermove", { clientX: 3, clientY: -4 }));
  mock.timers.tick(1000);
  assert.equal(count(), 1);
});

test("where the code comes late, a finger that is gone is none", () => {
  const gone = press(0, false);
  mock.timers.tick(1000);
  assert.equal(gone(), 0);
  const there = press(0, true);
  mock.timers.tick(1000);
  assert.equal(there(), 1);
});
