// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { apply } from "../client/model/apply.ts";
import { conversation, mostLines } from "../client/model/conversation.ts";
import { continues, summary, type FoldLine, type SaidLine } from "../client/model/lines.ts";
import { can, emptyNetwork, maySpeak, mayTopic, type NetworkModel } from "../client/model/model.ts";
import { mentions, shortName } from "../client/model/names.ts";
import { restate } from "../client/model/restate.ts";
import { appendOwn, settleLost, weigh } from "../client/model/said.ts";
import { readSnapshot, takeSnapshot } from "../client/model/snapshot.ts";
import type { ChatEvent } from "../client/wire.ts";

const minute = 60_000;

function inRoom(...people: string[]): NetworkModel {
  const model = emptyNetwork("irc");
  const members = [...people.map((nick) => ({ nick })), { nick: "ada", self: true }];
  tell(model, { ev: "online", nick: "ada", features: ["topic"] });
  tell(model, { ev: "joined", room: "#a", from: "ada", self: true });
  tell(model, { ev: "members", room: "#a", members, first: true, last: true });
  return model;
}

function tell(model: NetworkModel, event: ChatEvent, now = 1000): void {
  apply(model, event, now);
}

function said(from: string, text: string, more: Partial<ChatEvent> = {}): ChatEvent {
  return { ev: "said", room: "#a", from, text, at: 1000, ...more } as ChatEvent;
}

function room(model: NetworkModel) {
  return conversation(model, "#a", true);
}

test("members stand by role, then by name, whatever the order they came in", () => {
  const model = inRoom("zoe", "Bo");
  tell(model, { ev: "joined", room: "#a", from: "cy", roles: ["op"] });
  tell(model, { ev: "presence", room: "#a", from: "zoe", roles: ["voice"] });
  assert.deepEqual(
    room(model).members.sorted.map((one) => one.nick),
    ["cy", "zoe", "ada", "Bo"],
  );
});

test("an own line keeps its place when its echo comes after other lines", () => {
  const model = inRoom("bo");
  appendOwn(model, room(model), { n: 7, text: "hi", kind: "message", at: 1000 });
  tell(model, said("bo", "first"));
  tell(model, said("ada", "hi", { self: true, echo_of: 7, id: "m1" }));
  tell(model, { ev: "result", n: 7, ok: true });
  const lines = room(model).lines as SaidLine[];
  assert.deepEqual(lines.map((line) => line.text), ["hi", "first"]);
  assert.equal(lines[0]?.state, "echoed");
  assert.equal(lines[0]?.id, "m1");
});

test("the later parts of a split line follow as lines of their own", () => {
  const model = inRoom();
  appendOwn(model, room(model), { n: 7, text: "one two", kind: "message", at: 1000 });
  tell(model, said("ada", "one", { self: true, echo_of: 7 }));
  tell(model, said("ada", "two", { self: true, echo_of: 7 }));
  assert.deepEqual((room(model).lines as SaidLine[]).map((line) => line.text), ["one", "two"]);
});

test("a refused line is not sent, with the reason", () => {
  const model = inRoom();
  appendOwn(model, room(model), { n: 7, text: "hi", kind: "message", at: 1000 });
  const error = { code: "cannot_speak", text: "The room is moderated." };
  tell(model, { ev: "result", n: 7, ok: false, error });
  const line = room(model).lines[0] as SaidLine;
  assert.equal(line.state, "failed");
  assert.equal(line.error, "The room is moderated.");
});

test("a message that comes twice is shown once", () => {
  const model = inRoom("bo");
  tell(model, said("bo", "hi", { id: "x" }));
  tell(model, said("bo", "hi", { id: "x" }));
  assert.equal(room(model).lines.length, 1);
});

test("joins and leaves between two messages are one line with their net effect", () => {
  const model = inRoom("bo");
  for (const from of ["cy", "di", "eve"]) tell(model, { ev: "joined", room: "#a", from });
  tell(model, { ev: "left", room: "#a", from: "eve" });
  tell(model, { ev: "left", from: "bo" });
  assert.equal(room(model).lines.length, 1);
  const told = summary(room(model).lines[0] as FoldLine);
  assert.deepEqual(told, { joined: ["cy", "di"], left: ["bo"], passed: ["eve"], renamed: [] });
});

test("who leaves and returns within five minutes makes no line", () => {
  const model = inRoom("bo");
  tell(model, { ev: "left", room: "#a", from: "bo" }, 1000);
  tell(model, said("ada", "where is bo", { self: true }));
  tell(model, { ev: "joined", room: "#a", from: "bo" }, 1000 + 4 * minute);
  assert.deepEqual(room(model).lines.map((line) => line.type), ["said"]);
});

test("a netsplit is one line of its own, which those who return are taken off in place", () => {
  const model = inRoom("bo", "cy", "di");
  const text = "*.net *.split";
  tell(model, { ev: "joined", room: "#a", from: "eve" }, 900);
  tell(model, { ev: "left", from: "bo", text }, 1000);
  tell(model, { ev: "left", from: "cy", text }, 1000);
  tell(model, { ev: "left", from: "di", text: "one.example.org is down" }, 1000);
  tell(model, said("ada", "all gone", { self: true }));
  tell(model, { ev: "joined", room: "#a", from: "bo" }, 2000);
  const folds = room(model).lines.filter((line) => line.type === "fold");
  assert.deepEqual(folds.map(({ isSplit = false }) => isSplit), [false, true, false]);
  const split = folds[1] as FoldLine;
  assert.equal(split.people.size, 2);
  assert.deepEqual(summary(split).left, ["cy"]);
  tell(model, { ev: "joined", room: "#a", from: "cy" }, 3000);
  assert.ok(room(model).lines.includes(split), "all are back, and it is still told");
});

test("in a crowd only those who spoke lately are seen coming and going", () => {
  const model = inRoom("bo", ...Array.from({ length: 250 }, (_, i) => `p${i}`));
  tell(model, said("bo", "hi"));
  tell(model, { ev: "left", room: "#a", from: "p3" });
  tell(model, { ev: "left", room: "#a", from: "bo" });
  const fold = room(model).lines.at(-1) as FoldLine;
  assert.deepEqual(summary(fold).left, ["bo"]);
});

test("a storm that makes the crowd is counted to its end in one line", () => {
  const model = inRoom("bo");
  for (let i = 0; i < 1000; i++) tell(model, { ev: "joined", room: "#a", from: `p${i}` });
  assert.equal(room(model).lines.length, 1);
  assert.equal(summary(room(model).lines[0] as FoldLine).joined.length, 1000);
});

test("unread counts messages of others, mentions count names and private lines", () => {
  const model = inRoom("bo");
  tell(model, said("bo", "hello"));
  tell(model, said("bo", "Ada: look"));
  tell(model, said("bo", "psst", { kind: "notice" }));
  tell(model, said("ada", "me", { self: true }));
  tell(model, { ev: "said", with: "bo", from: "bo", text: "hi", at: 1 });
  assert.equal(room(model).unread, 2);
  assert.equal(room(model).mentions, 1);
  assert.equal(model.conversations.get("bo")?.mentions, 1);
});

for (const [text, expected] of [
  ["ada: hi", true],
  ["hey ADA!", true],
  ["adapter", false],
  ["see https://x.example/ada for it", false],
  ["\u05d0ada", false],
  ["(ada)", true],
  ["run `ada --help` first", false],
  ["`make` it, ada", true],
] as const) {
  test(`"${text}" ${expected ? "mentions" : "does not mention"} ada`, () => {
    assert.equal(mentions(text, "ada"), expected);
  });
}

test("a nick in text that the network has marked as code is no mention", () => {
  const mono = [{ start: 4, length: 3, mono: true }];
  assert.equal(mentions("run ada now", "ada", mono), false);
  assert.equal(mentions("run ada now, ada", "ada", mono), true);
});

test("lines of one person close together need his name once", () => {
  const model = inRoom("bo");
  tell(model, said("bo", "1", { at: 0 }));
  tell(model, said("bo", "2", { at: 4 * minute }));
  tell(model, said("bo", "3", { at: 10 * minute }));
  tell(model, said("bo", "4", { at: 10 * minute, kind: "action" }));
  const { lines } = room(model);
  const same = lines.map((line, i) => continues(line, lines[i - 1]));
  assert.deepEqual(same, [false, true, false, false]);
});

test("history goes before what is there, without what is known", () => {
  const model = inRoom();
  tell(model, said("bo", "new", { id: "3", at: 3000 }));
  const items = [1, 2, 3].map((i) => ({ from: "bo", text: `${i}`, at: i * 1000, id: `${i}` }));
  tell(model, { ev: "history", room: "#a", items, complete: true });
  const lines = room(model).lines as SaidLine[];
  assert.deepEqual(lines.map((line) => line.text), ["1", "2", "new"]);
  assert.equal(room(model).unread, 1);
  assert.ok(room(model).historyDone);
});

test("missed lines healed after a loss stand where their time says", () => {
  const model = inRoom();
  tell(model, said("bo", "a", { id: "1", at: 1000 }));
  tell(model, said("bo", "d", { id: "4", at: 4000 }));
  const items = [2, 3].map((i) => ({ from: "bo", text: "abcd"[i - 1]!, at: i * 1000, id: `${i}` }));
  tell(model, { ev: "history", room: "#a", items });
  assert.equal((room(model).lines as SaidLine[]).map((line) => line.text).join(""), "abcd");
});

test("being kicked ends the room and says by whom", () => {
  const model = inRoom("bo");
  tell(model, { ev: "kicked", room: "#a", from: "bo", who: "ada", text: "bye", self: true });
  assert.equal(room(model).joined, false);
  assert.deepEqual(room(model).ended, { why: "kicked", by: "bo", text: "bye" });
});

test("a nick change everywhere takes the private conversation along", () => {
  const model = inRoom("bo");
  tell(model, { ev: "said", with: "bo", from: "bo", text: "hi", at: 1 });
  tell(model, { ev: "nick", from: "bo", to: "bob" });
  assert.equal(model.conversations.get("bob")?.lines.length, 1);
  assert.ok(room(model).members.find("bob"));
});

test("only the author can replace his message", () => {
  const model = inRoom("bo");
  tell(model, said("bo", "hi", { id: "1" }));
  tell(model, { ev: "edited", room: "#a", from: "eve", id: "1", text: "bad" });
  tell(model, { ev: "edited", room: "#a", from: "bo", id: "1", text: "good" });
  assert.equal((room(model).lines[0] as SaidLine).text, "good");
});

test("a gap has a line, and rooms wait for the present state", () => {
  const model = inRoom();
  tell(model, said("bo", "hi"));
  tell(model, { ev: "gap", from: 3, to: 9, reason: "ring" }, 5000);
  assert.equal(room(model).joined, false);
  const line = room(model).lines.at(-1);
  assert.equal(line?.type === "info" && line.info.what, "gap");
  tell(model, { ev: "joined", room: "#a", from: "ada", self: true });
  assert.equal(room(model).joined, true);
});

test("a role given by mode moves the member", () => {
  const model = inRoom("bo");
  const changes = [{ set: true, mode: "o", value: "bo", role: "op" as const }];
  tell(model, { ev: "mode", room: "#a", from: "ada", changes });
  assert.equal(room(model).members.find("bo")?.rank, "op");
});

test("more lines than are kept push out the oldest", () => {
  const model = inRoom();
  for (let i = 0; i <= mostLines; i++) tell(model, said("bo", `${i}`, { id: `${i}` }));
  assert.ok(room(model).lines.length <= mostLines);
  assert.equal((room(model).lines.at(-1) as SaidLine).text, `${mostLines}`);
  assert.ok(room(model).ids.size <= mostLines);
});

test("a snapshot brings back lines, folds, counts and what is being sent", () => {
  const model = inRoom("bo");
  tell(model, said("bo", "hi", { id: "1" }));
  tell(model, { ev: "reacted", room: "#a", from: "bo", id: "1", reactions: ["+"] });
  tell(model, { ev: "left", room: "#a", from: "bo" });
  appendOwn(model, room(model), { n: 7, text: "x", kind: "message", at: 1000 });
  const again = readSnapshot(takeSnapshot(model)) as NetworkModel;
  assert.deepEqual(room(again).lines, room(model).lines);
  assert.equal(room(again).unread, 1);
  tell(again, said("ada", "x", { self: true, echo_of: 7 }));
  assert.equal((room(again).lines.at(-1) as SaidLine).state, "echoed");
});

test("a line whose command is forgotten is not left as if it were under way", () => {
  const model = inRoom();
  appendOwn(model, room(model), { n: 7, text: "x", kind: "message", at: 1000 });
  settleLost(model, new Set());
  assert.equal((room(model).lines[0] as SaidLine).state, "failed");
});

test("names of rooms and people are shown without their service", () => {
  assert.equal(shortName("lobby@rooms.example.org"), "lobby");
  assert.equal(shortName("lobby@rooms.example.org/ada"), "ada");
  assert.equal(shortName("#halley"), "#halley");
});

test("who may write is known from the room and the own role, here, in other tabs and after a reload", () => {
  const model = inRoom("bo");
  const mayWrite = (one: NetworkModel): boolean => maySpeak(one, conversation(one, "#a", true));
  const change = (set: boolean, mode: string, more = {}): void =>
    tell(model, { ev: "mode", room: "#a", changes: [{ set, mode, ...more }] });
  assert.equal(mayWrite(model), true);
  change(true, "m");
  assert.equal(mayWrite(model), false);
  const other = emptyNetwork("irc");
  for (const event of restate(model)) tell(other, event);
  assert.equal(mayWrite(other), false);
  const again = readSnapshot(takeSnapshot(model)) as NetworkModel;
  tell(again, { ev: "members", room: "#a", members: [{ nick: "ada", self: true }], first: true });
  assert.equal(mayWrite(again), false);
  change(true, "v", { role: "voice", value: "ada" });
  assert.equal(mayWrite(model), true);
  change(false, "v", { role: "voice", value: "ada" });
  change(false, "m");
  assert.equal(mayWrite(model), true);
  tell(model, { ev: "presence", room: "#a", from: "ada", roles: ["visitor"] });
  assert.equal(mayWrite(model), false);
  tell(model, { ev: "presence", room: "#a", from: "ada", roles: [] });
  change(true, "m");
  tell(model, { ev: "joined", room: "#a", from: "ada", self: true }); // and knows nothing of it yet
  assert.equal(mayWrite(model), true);
});

test("a snapshot reaches up to the line that is being read, and not further than it can hold", () => {
  const model = inRoom();
  for (let i = 0; i < 5000; i++) tell(model, said("bo", `line ${i}`));
  const { lines } = room(model);
  const first = (at: number | undefined): string => {
    const line = at === undefined ? undefined : lines[at];
    room(model).reading = line && { key: line.key, top: 12 };
    const again = readSnapshot(takeSnapshot(model)) as NetworkModel;
    assert.deepEqual(room(again).reading, room(model).reading);
    return (room(again).lines[0] as SaidLine).text;
  };
  assert.equal(first(undefined), "line 4700");
  assert.equal(first(4900), "line 4700");
  assert.equal(first(3000), "line 2900");
  assert.equal(first(10), "line 2000");
});

test("a topic is for everybody until the room keeps it for those who look after it; a copy knows it, too", () => {
  const one = inRoom("bo");
  one.roomPrefixes = "#";
  const room = one.conversations.get("#a");
  assert.ok(room && mayTopic(one, room));
  apply(one, { ev: "mode", room: "#a", changes: [{ set: true, mode: "t" }], initial: true }, 2);
  assert.ok(!mayTopic(one, room));
  const copy = readSnapshot(takeSnapshot(one));
  assert.ok(copy?.conversations.get("#a")?.traits.has("t"));
  const other = emptyNetwork("irc");
  for (const event of restate(one)) tell(other, event);
  assert.ok(other.conversations.get("#a")?.traits.has("t"));
  apply(one, { ev: "mode", room: "#a", changes: [{ set: true, mode: "o", role: "op", value: "ada" }] }, 3);
  assert.ok(mayTopic(one, room));
  one.roomPrefixes = ""; // rooms without modes
  room.traits.delete("t");
  assert.ok(mayTopic(one, room));
  room.members.change("ada", { roles: [] });
  assert.ok(!mayTopic(one, room));
});

test("what a single room can do is kept, told to other tabs, and begins anew when one comes in again", () => {
  const model = inRoom();
  apply(model, { ev: "features", room: "#a", features: ["moderate"] }, 1);
  const mayClean = (of: NetworkModel): boolean => can(of, room(of), "moderate");
  assert.ok(mayClean(model));
  assert.ok(mayClean(readSnapshot(takeSnapshot(model)) as NetworkModel));
  const other = emptyNetwork("net");
  for (const event of restate(model)) apply(other, event, 2);
  assert.ok(mayClean(other));
  // Of an owner who is none any more: what is told last holds.
  apply(model, { ev: "features", room: "#a", features: ["settings"] }, 3);
  assert.ok(!mayClean(model));
  assert.ok(can(model, room(model), "settings"));
  apply(model, { ev: "joined", room: "#a", from: "me", self: true }, 4);
  assert.ok(!can(model, room(model), "settings"));
});

test("what is news is weighed alike, whether it was said just now or missed", () => {
  weigh((_, { isRoom }, line) => {
    line.mention ||= line.text.includes("comet");
    return isRoom && line.from !== "eve";
  });
  try {
    const model = inRoom("bo", "eve");
    tell(model, { ev: "said", room: "#a", from: "eve", text: "ada: live", at: 2000 });
    tell(model, { ev: "said", room: "#a", from: "eve", text: "ada: missed", at: 2001, replayed: true });
    assert.deepEqual([room(model).unread, room(model).mentions], [0, 0]);
    tell(model, { ev: "said", room: "#a", from: "bo", text: "the comet, live", at: 2002 });
    tell(model, { ev: "said", room: "#a", from: "bo", text: "the comet, missed", at: 2003, replayed: true });
    assert.deepEqual([room(model).unread, room(model).mentions], [2, 2]);
  } finally {
    weigh(() => true);
  }
});
