// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { complete, inserted } from "../app/completion.ts";
import { readRoute, addressOf } from "../app/route.ts";
import { findLinks, isEmojiOnly, lightSpans, plainName } from "../app/text.ts";
import { apply } from "../client/model/apply.ts";
import { conversation } from "../client/model/conversation.ts";
import { emptyNetwork } from "../client/model/model.ts";

for (const [text, expected] of [
  ["see https://a.example/x.", ["https://a.example/x"]],
  ["(https://a.example/x_(y))", ["https://a.example/x_(y)"]],
  ["irc://irc.example/room, xmpp:a@b?join mailto:a@b.example", ["irc://irc.example/room", "xmpp:a@b?join", "mailto:a@b.example"]],
  ["javascript:alert(1) data:text/html,x file:///etc/passwd", []],
  ["https://a.example/\"><script>", ["https://a.example/"]],
  ["no links: here", []],
] as const) {
  test(`links in "${text}"`, () => {
    assert.deepEqual(findLinks(text).map((link) => link.href), expected);
  });
}

test("emoji alone are recognised, up to three", () => {
  for (const text of ["\u{1f389}", "\u{1f44d}\u{1f3fd} \u{1f600}", "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}"]) {
    assert.ok(isEmojiOnly(text), text);
  }
  for (const text of ["", "1", "ok \u{1f600}", "\u{1f600}".repeat(4)]) assert.ok(!isEmojiOnly(text), text);
});

test("a name cannot reorder the line it stands in", () => {
  assert.equal(plainName("a\u202egnp.exe\u0007"), "agnp.exe");
});

function model() {
  const one = emptyNetwork("irc");
  one.nick = "me";
  one.roomPrefixes = "#";
  const members = ["me", "adam", "ada", "bo", "cada"].map((nick) => ({ nick }));
  apply(one, { ev: "joined", room: "#a", from: "me", self: true }, 1);
  apply(one, { ev: "members", room: "#a", members }, 1);
  return one;
}

const none = { commands: [], emoji: () => [] };

test("tab offers who spoke to me last, then who spoke, then by name, then names that contain it", () => {
  const one = model();
  const room = conversation(one, "#a", true);
  const choices = (): string[] | undefined => complete("ad", 2, one, room, none)?.choices;
  assert.deepEqual(choices(), ["ada", "adam", "cada"]);
  apply(one, { ev: "said", room: "#a", from: "adam", text: "hi", at: 2 }, 2);
  assert.deepEqual(choices(), ["adam", "ada", "cada"]);
  apply(one, { ev: "said", room: "#a", from: "ada", text: "me: hi", at: 1 }, 3);
  assert.deepEqual(choices(), ["ada", "adam", "cada"]);
});

test("completion knows commands at the start, rooms by their prefix, and never oneself", () => {
  const one = model();
  const room = conversation(one, "#a", true);
  assert.deepEqual(complete("/j", 2, one, room, { ...none, commands: ["join", "kick"] })?.choices, ["/join"]);
  assert.deepEqual(complete("see #a", 6, one, room, none)?.choices, ["#a"]);
  assert.deepEqual(complete("m", 1, one, room, none)?.choices, ["adam"]);
  assert.equal(inserted("ada", 0), "ada: ");
  assert.equal(inserted("ada", 4), "ada ");
});

test("addresses name network and room, and give back what they were made of", () => {
  const place = { network: "irc", name: "#a/b" };
  const url = new URL(`https://x.example${addressOf(place, true)}?nick=ada`);
  assert.deepEqual(readRoute(url), { ...place, isRoom: true, nick: "ada" });
  assert.equal(readRoute(new URL("https://x.example/r/irc/#plain"))?.name, "#plain");
  assert.equal(readRoute(new URL("https://x.example/")), undefined);
  assert.equal(readRoute(new URL("https://x.example/r/irc/%zz")), undefined);
});

test("light marks become styles, inside words and alone they do not", () => {
  const spans = lightSpans("a *bold* and (_it_), `co de`.");
  assert.deepEqual(spans, [
    { start: 2, length: 6, bold: true },
    { start: 14, length: 4, italic: true },
    { start: 21, length: 7, mono: true },
  ]);
  assert.deepEqual(lightSpans("2*3*4 snake_case_name * alone * _"), []);
});
