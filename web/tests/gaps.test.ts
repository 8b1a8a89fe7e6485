// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { Healer } from "../client/healer.ts";
import { apply } from "../client/model/apply.ts";
import { conversation } from "../client/model/conversation.ts";
import { appendOwn } from "../client/model/said.ts";
import { emptyNetwork, type NetworkModel } from "../client/model/model.ts";
import { restate } from "../client/model/restate.ts";
import type { ChatEvent, Command, Hello, ResultEvent, Said } from "../client/wire.ts";
import { helloAt } from "./clock.ts";

const room = "#a";
function line(text: string, at: number, more: Partial<Said> = {}): ChatEvent {
  return { ev: "said", room, from: "bo", text, at, id: `id-${text}`, ...more };
}
function model(...events: (ChatEvent | Hello)[]): NetworkModel {
  const one = emptyNetwork("irc");
  const features = ["history"];
  tell(one, helloAt(0), { ev: "online", nick: "ada", features });
  tell(one, { ev: "joined", room, from: "ada", self: true }, ...events);
  return one;
}
function tell(one: NetworkModel, ...events: (ChatEvent | Hello)[]): void {
  for (const event of events) apply(one, event, 1000);
}
// Lines as text, gaps as "--".
function told(one: NetworkModel): string[] {
  return conversation(one, room, true).lines.flatMap((each) => {
    if (each.type === "said") return [each.text];
    return each.type === "info" && each.info.what === "gap" ? ["--"] : [];
  });
}

test("a gap that is being healed makes no line; replayed lines stand in their place, once", () => {
  const one = model(line("1", 10), line("2", 20));
  tell(one, { ev: "gap", from: 3, to: 9, reason: "ring", healing: true });
  tell(one, line("2", 20, { replayed: true }), line("3", 30, { replayed: true }));
  tell(one, line("4", 40, { replayed: true }), { ev: "healed", room, complete: true, count: 3 });
  tell(one, line("5", 50), line("3", 30));
  assert.deepEqual(told(one), ["1", "2", "3", "4", "5"]);
  assert.equal(conversation(one, room, true).unread, 5);
});

test("what could not be fetched is a line where it is missing", () => {
  const one = model(line("1", 10));
  tell(one, { ev: "gap", from: 3, to: 9, reason: "ring", healing: true, from_at: 12 });
  tell(one, line("3", 30, { replayed: true }), { ev: "healed", room, complete: false, count: 1 });
  assert.deepEqual(told(one), ["1", "--", "3"]);
});

test("a gap that nobody heals is told at once", () => {
  const one = model(line("1", 10));
  tell(one, { ev: "gap", reason: "network", room }, line("2", 20));
  assert.deepEqual(told(one), ["1", "--", "2"]);
});

test("own lines go from sending over sent to echoed, and stay one", () => {
  const one = model();
  const where = conversation(one, room, true);
  const own = appendOwn(one, where, { n: 7, text: "hi", kind: "message", at: 5 });
  assert.equal(own.state, "sending");
  tell(one, { ev: "sent", n: 7 });
  assert.equal(own.state, "sent");
  tell(one, line("hi", 6, { from: "ada", self: true, echo_of: 7, id: "e" }));
  assert.equal(own.state, "echoed");
  tell(one, { ev: "result", n: 7, ok: true });
  assert.equal(own.state, "echoed");
  tell(one, line("hi", 6, { from: "ada", self: true, echo_of: 7, id: "e" }));
  assert.deepEqual(told(one), ["hi"]);
});

test("a lost echo leaves the line sent by its result, a second one without an id is dropped", () => {
  const one = model();
  const where = conversation(one, room, true);
  const own = appendOwn(one, where, { n: 7, text: "hi", kind: "message", at: 5 });
  tell(one, { ev: "result", n: 7, ok: true });
  assert.equal(own.state, "sent");
  appendOwn(one, where, { n: 8, text: "ho", kind: "message", at: 6 });
  const echo = line("ho", 6, { from: "ada", self: true, echo_of: 8, id: undefined });
  tell(one, echo, echo);
  assert.deepEqual(told(one), ["hi", "ho"]);
});

test("members that changed while nobody read are as if each had been told", () => {
  const one = model({ ev: "members", room, members: [{ nick: "ada", self: true }, { nick: "bo" }] });
  const joined = [{ nick: "cy", roles: ["op" as const] }];
  tell(one, { ev: "members_changed", room, joined, left: ["bo"] });
  const { members } = conversation(one, room, true);
  assert.deepEqual(members.sorted.map(({ nick }) => nick), ["cy", "ada"]);
  tell(one, { ev: "members_changed", left: ["cy"] });
  assert.equal(members.find("cy"), undefined);
});

test("the model told as events makes the same model", () => {
  const one = model(line("1", 10), line("2", 20, { from: "ada", self: true }));
  tell(one, { ev: "topic", room, text: "on topic", initial: true });
  tell(one, { ev: "members", room, members: [{ nick: "ada", self: true }, { nick: "bo", away: true }] });
  tell(one, { ev: "reacted", room, from: "bo", id: "id-1", reactions: ["+"] });
  tell(one, { ev: "said", with: "cy", from: "cy", text: "psst", at: 30 });
  const again = emptyNetwork("irc");
  tell(again, helloAt(0), ...restate(one));
  const view = (which: NetworkModel): unknown =>
    [...which.conversations.values()].map(({ name, joined, topic, members, lines }) => ({
      name,
      joined,
      topic: topic?.text,
      people: members.sorted.map(({ nick, away }) => [nick, away]),
      lines: lines.map((each) => each.type === "said" && [each.text, each.self, each.reactions]),
    }));
  assert.deepEqual(view(again), view(one));
  assert.equal(again.nick, "ada");
});

// A network that remembers `all`, asked by history commands.
function healer(one: NetworkModel, all: Said[], asked: Command[], ok = true): Healer {
  let n = 0;
  return new Healer(one, (command) => {
    asked.push(command);
    const { after, limit = 0 } = command as { after?: string; limit?: number };
    const from = all.findIndex(({ id }) => id === after) + 1;
    const items = all.slice(from, from + limit);
    const answer: ChatEvent = { ev: "history", room, items, n: ++n, complete: from + limit >= all.length };
    const mine = n;
    const result = Promise.resolve().then((): ResultEvent => {
      if (ok) {
        apply(one, answer, 1000);
        heal?.onEvent(answer);
      }
      return { ev: "result", n: mine, ok };
    });
    return { n, result };
  });
}
let heal: Healer | undefined;

async function comesBack(one: NetworkModel): Promise<void> {
  const again: (ChatEvent | Hello)[] = [
    helloAt(0, { session: "s2", epoch: "e2" }),
    { ev: "online", nick: "ada", features: [...one.features] },
    { ev: "joined", room, from: "ada", self: true },
    line("live", 900),
  ];
  for (const event of again) {
    apply(one, event, 1000);
    heal?.onEvent(event);
  }
  for (let i = 0; i < 50; i++) await Promise.resolve();
}

test("after a lost session the network is asked from the last known line on, page by page", async () => {
  const one = model(line("1", 10));
  const all = Array.from({ length: 251 }, (_, i) => line(`${i + 1}`, 10 + i) as unknown as Said);
  const asked: Command[] = [];
  heal = healer(one, all, asked);
  await comesBack(one);
  assert.deepEqual(asked.map((command) => (command as { after?: string }).after), ["id-1", "id-101", "id-201"]);
  assert.deepEqual(told(one), [...all.map(({ text }) => text), "live"]);
});

test("where the network remembers nothing the gap is shown", async () => {
  const one = model(line("1", 10));
  heal = healer(one, [], [], false);
  await comesBack(one);
  assert.deepEqual(told(one), ["1", "--", "live"]);
  const plain = model(line("1", 10));
  plain.features.delete("history");
  const asked: Command[] = [];
  heal = healer(plain, [], asked);
  await comesBack(plain);
  assert.deepEqual(told(plain), ["1", "--", "live"]);
  assert.deepEqual(asked, []);
});
