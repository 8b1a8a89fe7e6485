// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { gathered } from "../client/tabs/gathered.ts";
import type { ToPage } from "../client/tabs/messages.ts";

let posted: ToPage[] = [];
const said = (number: number): ToPage => ({
  is: "events",
  events: [{ number, event: { ev: "said", room: "#a", from: "bo", text: `${number}`, at: number } }],
});
const numbers = (): unknown[] =>
  posted.map((one) => (one.is === "events" ? one.events.map(({ number }) => number) : one.is));

let timers: Map<number, () => void>;
beforeEach(() => {
  posted = [];
  timers = new Map();
  let last = 0;
  mock.method(globalThis, "setTimeout", (then: () => void) => {
    timers.set(++last, then);
    return last;
  });
  mock.method(globalThis, "clearTimeout", (id: number) => timers.delete(id));
});
afterEach(() => mock.restoreAll());

function rests(): void {
  const all = [...timers.values()];
  timers.clear();
  for (const then of all) then();
}

test("the first event goes at once, a thousand behind it in one message", () => {
  const tell = gathered((message) => posted.push(message));
  for (let n = 1; n <= 1001; n++) tell(said(n));
  assert.deepEqual(numbers(), [[1]]);
  rests();
  assert.deepEqual(numbers(), [[1], Array.from({ length: 1000 }, (_, i) => i + 2)]);
  rests();
  tell(said(1002));
  assert.deepEqual(numbers().slice(2), [[1002]]);
});

test("what else is told keeps its place among the events", () => {
  const tell = gathered((message) => posted.push(message));
  tell(said(1));
  tell(said(2));
  tell(said(3));
  tell({ is: "pages", count: 2 });
  tell(said(4));
  rests();
  assert.deepEqual(numbers(), [[1], [2, 3], "pages", [4]]);
  assert.ok(timers.size <= 1);
});

test("a hidden page, whose timers sleep, lets nobody wait", () => {
  Object.assign(globalThis, { document: { hidden: true } });
  const tell = gathered((message) => posted.push(message));
  for (let n = 1; n <= 3; n++) tell(said(n));
  assert.deepEqual(numbers(), [[1], [2], [3]]);
  Reflect.deleteProperty(globalThis, "document");
});
