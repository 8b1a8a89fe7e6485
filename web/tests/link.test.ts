// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { beforeEach, test as anyTest } from "node:test";
import { memoryStore } from "../client/environment.ts";
import { Numbers } from "../client/numbers.ts";
import { ChatSession, type SessionOptions } from "../client/session.ts";
import type { ChatEvent, Hello } from "../client/wire.ts";
import { Clock, FakeCarrier, helloAt } from "./clock.ts";

// A hang fails by its name.
function test(name: string, body: () => Promise<void> | void): void {
  void anyTest(name, { timeout: 20000 }, body);
}

let clock: Clock;
let best: FakeCarrier;
let second: FakeCarrier;
let events: (ChatEvent | Hello)[];
const enter = { network: "irc", nick: "ada" };

beforeEach(() => {
  clock = new Clock();
  best = new FakeCarrier(clock, "best");
  second = new FakeCarrier(clock, "second");
  events = [];
});

function session(part: Partial<SessionOptions> = {}): ChatSession {
  return new ChatSession({
    base: "http://x/chat/v1",
    environment: clock.environment(),
    carriers: [best.kind, second.kind],
    onEvent: (event) => events.push(event),
    ...part,
  });
}
async function entered(part: Partial<SessionOptions> = {}): Promise<ChatSession> {
  const one = session(part);
  await one.enter(enter);
  await clock.pass(0);
  return one;
}
const said = (text: string): ChatEvent => ({ ev: "said", room: "#a", from: "bo", text, at: 1 });
const texts = (): string[] => events.flatMap((event) => (event.ev === "said" ? [event.text] : []));

test("a lost connection is opened again after 0.5, 1, 2, 4, 8 and then every 15 s", async () => {
  await entered();
  best.works = second.works = false;
  best.cut();
  const began = clock.now;
  await clock.pass(60000);
  const tries = best.opened.slice(1).map(({ at }) => at - began);
  assert.deepEqual(tries.slice(0, 7), [500, 1500, 3500, 7500, 15500, 30500, 45500]);
});

test("coming online or looking at the page tries at once, and counts from the beginning", async () => {
  const one = await entered();
  best.works = second.works = false;
  best.cut();
  await clock.pass(31000);
  assert.equal(one.state.phase, "waiting");
  clock.change({ visible: true });
  await clock.pass(0);
  const at = clock.now;
  assert.equal(best.last.at, at);
  await clock.pass(500);
  assert.equal(best.last.at, at + 500);
  clock.change({ online: false });
  best.works = true;
  clock.change({ online: true });
  await clock.pass(0);
  assert.equal(one.state.phase, "open");
});

test("a lesser carrier works on while a better one is tried, and goes when that works", async () => {
  best.works = false;
  const one = await entered();
  assert.equal(one.state.carrier, "second");
  second.last.hooks.onEvent(1, said("1"));
  await clock.pass(31000);
  assert.equal(best.opened.length, 2);
  assert.equal(one.state.carrier, "second");
  assert.equal(second.last.isClosed, false);
  best.works = true;
  await clock.pass(61000);
  assert.equal(one.state.carrier, "best");
  assert.equal(best.last.opening.since, 1);
  assert.ok(second.last.isClosed);
  second.last.hooks.onEvent(2, said("late"));
  best.last.hooks.onEvent(2, said("2"));
  assert.deepEqual(texts(), ["1", "2"]);
});

test("a planned end is no loss: the same carrier is opened at once, with the cursor", async () => {
  const one = await entered();
  best.last.hooks.onEvent(1, said("1"));
  const states: string[] = [];
  one.state.phase satisfies string;
  best.last.hooks.onClosed({ opened: true, recycled: true });
  states.push(one.state.phase);
  await clock.pass(0);
  assert.deepEqual(states, ["open"]);
  assert.equal(best.opened.length, 2);
  assert.equal(best.last.opening.since, 1);
});

test("after three cuts at the same silence something is asked for sooner, also by the next page", async () => {
  await entered();
  for (let i = 0; i < 3; i++) {
    await clock.pass(20000);
    best.cut();
    await clock.pass(600);
  }
  assert.deepEqual(best.last.opening.asks, { heartbeat: 14000 });
  best = new FakeCarrier(clock, "best");
  await entered();
  assert.deepEqual(best.last.opening.asks, { heartbeat: 14000 });
});

test("cuts at all sorts of times teach nothing", async () => {
  await entered();
  for (const silence of [20000, 9000, 20000, 4000, 15000]) {
    await clock.pass(silence);
    best.cut();
    await clock.pass(600);
  }
  assert.deepEqual(best.last.opening.asks, {});
});

test("a silent link is asked, doubted and given up, when somebody looks", async () => {
  clock.visible = true;
  const one = await entered();
  await clock.pass(8000);
  assert.match(best.last.sent.at(-1) ?? "", /"do":"ping"/);
  await clock.pass(3000);
  assert.ok(one.state.quiet);
  await clock.pass(12000);
  assert.equal(best.opened.length, 2);
});

test("an event that is brought twice, or by a carrier that was given up, is told once", async () => {
  await entered();
  const first = best.last;
  first.hooks.onEvent(1, said("1"));
  first.hooks.onEvent(1, said("1"));
  best.cut();
  await clock.pass(500);
  best.last.hooks.onEvent(1, said("1"));
  first.hooks.onEvent(2, said("2, from the dead"));
  best.last.hooks.onEvent(2, said("2"));
  assert.deepEqual(texts(), ["1", "2"]);
});

test("entering gives a key, so that a repeat on the way makes no second session", async () => {
  await entered();
  assert.match(best.last.opening.enter?.key ?? "", /^[A-Za-z0-9_-]{16,64}$/);
});

test("what another reader has lost is no gap of ours", async () => {
  await entered();
  best.last.hooks.onEvent(1, said("1"));
  best.last.hooks.onEvent(2, { ev: "gap", from: 1, to: 1, reason: "ring" });
  best.last.hooks.onEvent(3, said("2"));
  assert.deepEqual(events.map(({ ev }) => ev), ["hello", "said", "said"]);
  best.cut();
  await clock.pass(500);
  best.last.hooks.onHello(helloAt(9, { resumed: false }));
  best.last.hooks.onEvent(10, { ev: "gap", from: 4, to: 9, reason: "ring" });
  assert.equal(events.at(-1)?.ev, "gap");
});

test("a page that goes on from a rendered hello asks for everything after it", async () => {
  const one = session();
  one.adopt(helloAt(0, { next: 1 }));
  await clock.pass(0);
  assert.equal(best.last.opening.since, 0);
  assert.equal(best.last.opening.enter, undefined);
});

test("another browser reads with a name and numbers of its own", async () => {
  const one = session();
  one.attach("s1");
  await clock.pass(0);
  const { reader, since, session: id } = best.last.opening;
  assert.match(reader, /^[A-Za-z0-9_-]{1,32}$/);
  assert.equal(since, undefined);
  assert.equal(id, "s1");
  const { n } = one.do({ do: "say", to: "#a", text: "mine" });
  best.last.hooks.onEvent(1, { ...said("mine"), self: true, echo_of: n } as ChatEvent);
  best.last.hooks.onEvent(2, { ...said("theirs"), self: true, echo_of: 7 } as ChatEvent);
  best.last.hooks.onEvent(3, { ev: "result", n: 7, ok: true });
  const echoes = events.map((event) => (event.ev === "said" ? event.echo_of : event.ev));
  assert.deepEqual(echoes, ["hello", n, undefined]);
});

test("numbers of several writers never meet, and stay above what was seen", () => {
  const first = new Numbers();
  const other = new Numbers();
  other.share(1_700_000_000_000, 0.3);
  assert.deepEqual([first.next(), first.next()], [1, 2]);
  const n = other.next();
  assert.ok(Number.isSafeInteger(n) && n > 2);
  first.seen(n);
  const mine = [first.next(), first.next()];
  const theirs = [other.next(), other.next(), other.next()];
  assert.ok((mine[0] as number) > n);
  assert.ok(mine.every((one) => !theirs.includes(one) && first.owns(one) && !other.owns(one)));
  assert.ok(theirs.every((one) => other.owns(one) && !first.owns(one)));
});

test("who goes on after a reload numbers its commands from where they were", async () => {
  const store = memoryStore();
  const before = await entered({ store });
  before.do({ do: "names", room: "#a" });
  before.pause();
  const after = session({ store });
  assert.ok(after.resume());
  assert.equal(after.do({ do: "ping" }).n, 2);
});
