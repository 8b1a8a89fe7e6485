// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { apply } from "../client/model/apply.ts";
import { conversation, markRead } from "../client/model/conversation.ts";
import { emptyNetwork, type NetworkModel } from "../client/model/model.ts";
import { heed } from "../client/model/reading.ts";
import { appendOwn } from "../client/model/said.ts";
import type { ChatEvent, Said } from "../client/wire.ts";

function inRoom(): NetworkModel {
  const model = emptyNetwork("xmpp");
  tell(model, { ev: "online", nick: "ada", features: ["read_markers"] });
  tell(model, { ev: "joined", room: "#a", from: "ada", self: true });
  return model;
}

function tell(model: NetworkModel, event: ChatEvent, now = 0): void {
  apply(model, event, now);
  heed(model, event, now);
}

const line = (at: number, more: Partial<Said> = {}): Said => ({ from: "bo", text: `at ${at}`, at, id: `id${at}`, ...more });
const says = (model: NetworkModel, at: number, more: Partial<Said> = {}): void =>
  tell(model, { ev: "said", room: "#a", ...line(at, more) });
const counts = (model: NetworkModel): number[] => {
  const { readAt, unread, mentions } = conversation(model, "#a", true);
  return [readAt, unread, mentions];
};

test("what was read on another device is read here, and what is newer stays new", () => {
  const model = inRoom();
  for (const at of [100, 200, 300, 400]) says(model, at, at === 400 ? { text: "ada: look" } : {});
  assert.deepEqual(counts(model), [0, 4, 1]);
  tell(model, { ev: "read", room: "#a", id: "id200" });
  assert.deepEqual(counts(model), [200, 2, 1]);
  tell(model, { ev: "read", room: "#a", at: 400 });
  assert.deepEqual(counts(model), [400, 0, 0]);
});

test("the later of two marks wins", () => {
  const model = inRoom();
  for (const at of [100, 200, 300]) says(model, at);
  markRead(model, conversation(model, "#a", true), 200);
  says(model, 400);
  tell(model, { ev: "read", room: "#a", id: "id100" });
  tell(model, { ev: "read", room: "#a", at: 150 });
  assert.deepEqual(counts(model), [200, 1, 0]);
  markRead(model, conversation(model, "#a", true), 150);
  assert.equal(counts(model)[0], 200);
});

test("a mark may come before the line it names, from history or live", () => {
  const model = inRoom();
  tell(model, { ev: "read", room: "#a", id: "id200" });
  assert.deepEqual(counts(model), [0, 0, 0]);
  tell(model, { ev: "history", room: "#a", items: [line(100), line(200), line(300)] });
  assert.deepEqual(counts(model), [200, 1, 0]);
  tell(model, { ev: "read", room: "#a", id: "id400" });
  says(model, 400);
  assert.deepEqual(counts(model), [400, 0, 0]);
});

test("a mark of a place nobody has opened is nothing", () => {
  const model = inRoom();
  tell(model, { ev: "read", with: "bo", at: 100 });
  assert.equal(model.conversations.has("bo"), false);
});

test("a line that waits for the network knows when it will leave", () => {
  const model = inRoom();
  const where = conversation(model, "#a", true);
  const own = appendOwn(model, where, { n: 7, text: "slowly", kind: "message", at: 0 });
  tell(model, { ev: "waiting", n: 8, ms: 9000 }, 1000);
  assert.equal(own.dueAt, undefined);
  tell(model, { ev: "waiting", n: 7, ms: 2500 }, 1000);
  assert.deepEqual([own.dueAt, own.state], [3500, "sending"]);
  tell(model, { ev: "sent", n: 7 });
  assert.equal(own.state, "sent");
});
