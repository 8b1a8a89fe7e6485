// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { afterEach, beforeEach, test as anyTest } from "node:test";
import { memoryStore, type Environment, type SessionStore } from "../client/environment.ts";
import type { ChatError } from "../client/failure.ts";
import { waitBefore } from "../client/pace.ts";
import type { LinkState } from "../client/link_state.ts";
import { ChatSession, type SessionOptions } from "../client/session.ts";
import { allCarriers } from "../client/carriers/all.ts";
import type { CarrierKind } from "../client/carrier.ts";
import type { ChatEvent, EnterRequest, Hello } from "../client/wire.ts";
import { FakeGateway } from "./gateway.ts";

// A hang fails by its name.
function test(name: string, body: () => Promise<void> | void): void {
  void anyTest(name, { timeout: 20000 }, body);
}

let gateway: FakeGateway;
let base: string;
let sessions: ChatSession[];

beforeEach(async () => {
  gateway = new FakeGateway();
  base = await gateway.start();
  sessions = [];
});
afterEach(async () => {
  for (const one of sessions) one.pause();
  await gateway.stop();
});

class Reader {
  texts: string[] = [];
  states: LinkState[] = [];
  session: ChatSession;
  private wakes: (() => void)[] = [];

  constructor(
    store: SessionStore = memoryStore(),
    more: Partial<Environment> = {},
    carriers?: readonly CarrierKind[],
    options: Partial<SessionOptions> = {},
  ) {
    this.session = new ChatSession({
      base,
      store,
      ...options,
      environment: gateway.environment(more),
      ...(carriers ? { carriers } : {}),
      onEvent: (event) => this.onEvent(event),
      onState: (state) => {
        this.states.push(state);
        this.wake();
      },
    });
    sessions.push(this.session);
  }

  private onEvent(event: ChatEvent | Hello): void {
    if (event.ev === "said") this.texts.push(event.text);
    this.wake();
  }
  private wake(): void {
    for (const one of this.wakes.splice(0)) one();
  }
  async until(what: string, isSo: () => boolean): Promise<void> {
    const end = Date.now() + 5000;
    while (!isSo()) {
      assert.ok(Date.now() < end, `not within 5 s: ${what}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 100);
        this.wakes.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }
}

function said(text: string): ChatEvent {
  return { ev: "said", room: "#a", from: "bo", text, at: 1 };
}
const enter = { network: "irc", nick: "ada" };

const inNode = ["websocket", "event_stream", "long_poll"];
for (const kind of allCarriers.filter(({ name }) => inNode.includes(name))) {
  test(`over ${kind.name} events come in order, once, also after the connection was lost`, async () => {
    const reader = new Reader(memoryStore(), {}, [kind]);
    await reader.session.enter(enter);
    gateway.put(said("1"), said("2"));
    await reader.until("two lines", () => reader.texts.length === 2);
    gateway.dropAll();
    gateway.put(said("3"));
    await reader.until("the third", () => reader.texts.length === 3);
    gateway.put(said("4"));
    await reader.until("the fourth", () => reader.texts.length === 4);
    assert.deepEqual(reader.texts, ["1", "2", "3", "4"]);
    assert.equal(gateway.entered, 1);
  });

  test(`over ${kind.name} a command gets its result`, async () => {
    const reader = new Reader(memoryStore(), {}, [kind]);
    await reader.session.enter(enter);
    await reader.until("open", () => reader.session.state.phase === "open");
    const result = await reader.session.do({ do: "say", to: "#a", text: "hi" }).result;
    assert.ok(result.ok);
    assert.deepEqual(reader.texts, ["hi"]);
  });
}

test("where no WebSocket opens the event stream is used, and without it long poll", async () => {
  gateway.webSockets = false;
  const reader = new Reader();
  await reader.session.enter(enter);
  await reader.until("a stream", () => reader.session.state.carrier === "event_stream");
  gateway.streams = false;
  gateway.dropAll();
  await reader.until("a poll", () => reader.session.state.carrier === "long_poll");
  gateway.put(said("1"));
  await reader.until("a line", () => reader.texts.length === 1);
});

test("entering over WebSocket takes no other request", async () => {
  const reader = new Reader();
  const hello = await reader.session.enter(enter);
  assert.equal(hello.session, "s1");
  assert.equal(reader.session.state.carrier, "websocket");
});

test("a command given without a connection is sent once there is one, once, in order", async () => {
  const reader = new Reader();
  await reader.session.enter(enter);
  gateway.webSockets = false;
  gateway.streams = false;
  gateway.dropAll();
  await reader.until("lost", () => reader.session.state.phase !== "open");
  const first = reader.session.do({ do: "say", to: "#a", text: "1" });
  const second = reader.session.do({ do: "say", to: "#a", text: "2" });
  await Promise.all([first.result, second.result]);
  assert.deepEqual(gateway.commands.map((one) => one.n), [1, 2]);
});

test("an unanswered command is sent again with its number after a loss", async () => {
  const reader = new Reader();
  await reader.session.enter(enter);
  const answer = gateway.onCommand.bind(gateway);
  gateway.onCommand = (command) => {
    gateway.onCommand = answer; // swallowed: the connection goes before the answer
    gateway.commands.push(command);
    gateway.dropAll();
  };
  await reader.session.do({ do: "topic", room: "#a", text: "x" }).result;
  assert.deepEqual(gateway.commands.map((one) => one.n), [1, 1]);
});

test("what has come is acknowledged every 16 events", async () => {
  const reader = new Reader();
  await reader.session.enter(enter);
  for (let i = 1; i <= 33; i++) gateway.put(said(`${i}`));
  assert.deepEqual(gateway.acks, [16, 32]);
});

test("however far behind a page is, one acknowledgement waits for it, and then all is acknowledged", async () => {
  const waits: (() => void)[] = [];
  const taken = (): Promise<void> => new Promise((resolve) => waits.push(resolve));
  const reader = new Reader(memoryStore(), {}, undefined, { taken });
  await reader.session.enter(enter);
  for (let i = 1; i <= 1000; i++) gateway.put(said(`${i}`));
  assert.equal(waits.length, 1);
  for (const last of [16, 1000]) {
    waits.at(-1)?.();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(gateway.acks.at(-1), last);
  }
  gateway.put(said("the last"));
  assert.equal(waits.length, 2, "nothing is left to acknowledge at once");
});

test("a reload goes on where the page before it stood, with its numbers", async () => {
  const store = memoryStore();
  const before = new Reader(store);
  await before.session.enter(enter);
  gateway.put(said("1"));
  await before.session.do({ do: "names", room: "#a" }).result;
  before.session.pause();
  gateway.put(said("2"));

  const after = new Reader(store);
  assert.ok(after.session.resume());
  await after.until("what was missed", () => after.texts.length === 1);
  assert.deepEqual(after.texts, ["2"]);
  assert.equal(after.session.do({ do: "ping" }).n, 2);
  assert.equal(gateway.entered, 1);
});

test("without a stored session there is nothing to resume", () => {
  assert.equal(new Reader().session.resume(), false);
});

test("a session that is gone is over, and its commands are answered", async () => {
  const reader = new Reader(memoryStore(), {}, undefined, { returns: false });
  await reader.session.enter(enter);
  gateway.known = false;
  gateway.dropAll();
  const sent = reader.session.do({ do: "say", to: "#a", text: "1" });
  await assert.rejects(sent.result, (error: ChatError) => error.code === "unknown_session");
  assert.equal(reader.session.state.phase, "over");
  assert.equal(reader.session.state.error?.code, "unknown_session");
});

test("a session that the gateway has lost is entered again, with the rooms it was in", async () => {
  const reader = new Reader();
  await reader.session.enter({ ...enter, rooms: [{ room: "#a", key: "k" }, "#b"] });
  gateway.put(
    { ev: "online", nick: "ada_", features: [] },
    { ev: "joined", room: "#A", from: "ada_", self: true },
    { ev: "joined", room: "#c", from: "ada_", self: true },
    { ev: "left", room: "#b", from: "ada_", self: true },
  );
  gateway.restart();
  await reader.until("in again", () => gateway.entered === 2);
  const { key, ...request } = gateway.requests[1] as EnterRequest;
  const rooms = [{ room: "#A" }, { room: "#c" }];
  assert.deepEqual(request, { network: "irc", nick: "ada_", rooms });
  assert.notEqual(key, gateway.requests[0]?.key);
  gateway.put(said("after"));
  await reader.until("a line", () => reader.texts.includes("after"));
  assert.ok((await reader.session.do({ do: "names", room: "#a" }).result).ok);
});

test("who was away for longer than the grace time is not brought back unasked", async () => {
  let now = 1e6;
  const reader = new Reader(memoryStore(), { now: () => now });
  await reader.session.enter(enter);
  await reader.until("open", () => reader.session.state.phase === "open");
  gateway.known = false;
  gateway.dropAll();
  await reader.until("lost", () => reader.session.state.phase === "waiting");
  now += 2000; // the grace time is a second
  await reader.until("over", () => reader.session.state.phase === "over");
  assert.ok(reader.session.state.comeBack);
  assert.equal(gateway.entered, 1);
});

test("a closing event ends the session and says whether to come back", async () => {
  const reader = new Reader(memoryStore(), {}, undefined, { returns: false });
  await reader.session.enter(enter);
  gateway.put({ ev: "closing", error: { code: "lost", text: "Restarting." }, come_back: true });
  assert.equal(reader.session.state.phase, "over");
  assert.ok(reader.session.state.comeBack);
});

test("where nobody answers, entering fails and says so", async () => {
  await gateway.stop();
  gateway.webSockets = false;
  const reader = new Reader();
  await assert.rejects(reader.session.enter(enter), (error: ChatError) => error.code === "unreachable");
  gateway = new FakeGateway();
  base = await gateway.start();
});

test("leaving tells the gateway at once", async () => {
  const reader = new Reader();
  await reader.session.enter(enter);
  reader.session.leave("bye");
  await reader.until("told", () => gateway.left === 1);
  assert.equal(reader.session.state.phase, "over");
});

test("the device coming back online ends the waiting", async () => {
  let changed = (): void => {};
  const watch = (onChange: () => void): (() => void) => {
    changed = onChange;
    return () => {};
  };
  const reader = new Reader(memoryStore(), { random: () => 100, watch });
  await reader.session.enter(enter);
  gateway.dropAll();
  await reader.until("waiting", () => reader.session.state.phase === "waiting");
  changed();
  await reader.until("open", () => reader.session.state.phase === "open");
});

test("waits grow to fifteen seconds, a fifth more or less", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 9].map((n) => waitBefore(n, 0.5)), [500, 1000, 2000, 4000, 8000, 15000, 15000]);
  assert.equal(waitBefore(1, 0), 800);
  assert.equal(waitBefore(1, 1), 1200);
});
