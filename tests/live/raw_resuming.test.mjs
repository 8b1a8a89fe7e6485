// SPDX-License-Identifier: GPL-3.0-or-later
//
// The WebSocket for pages of other people's XMPP clients (web/raw): strophe.js and xmpp.js as they come
// from npm know nothing of connections that break, and of a proxy that breaks them nobody in the room
// does either. On Prosody, as guests, for whom no server keeps anything.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { client, xml } from "@xmpp/client";
import { Diary, startManaged, World } from "./raw_world.mjs";

const require = createRequire(import.meta.url);
const { Strophe, $pres, $msg } = require("strophe.js"); // sets a global WebSocket
const { install } = await import("../../web/dist/resuming_websocket.js");
install();

const world = new World();
world.environment.HALLEY_SHARDS = "3";
let proxy;
before(async () => {
  await world.start("prosody");
  proxy = await world.tell("open_proxy");
});
after(() => world.stop());

let number = 0;
const domain = () => `guest.${world.networks.prosody.domain}`;
const addressOf = (base) => `${base.replace("http:", "ws:")}/xmpp-websocket`;

// Each has `diary`, of {from, body, left}.
async function strophe(base) {
  const diary = new Diary();
  const one = new Strophe.Connection(addressOf(base));
  one.connect(domain(), null, (status) => diary.add({ status }));
  await diary.sees((e) => e.status === Strophe.Status.CONNECTED, "connected");
  for (const name of ["message", "presence"])
    one.addHandler((element) => {
      diary.add({
        from: element.getAttribute("from"),
        body: element.getElementsByTagName("body")[0]?.textContent,
        left: element.getAttribute("type") === "unavailable",
      });
      return true;
    }, null, name);
  return {
    diary,
    join: (place) => one.send($pres({ to: place }).c("x", { xmlns: "http://jabber.org/protocol/muc" })),
    say: (room, text) => one.send($msg({ to: room, type: "groupchat" }).c("body").t(text)),
    stop: () => one.disconnect("bye"),
  };
}

async function xmppJs(base) {
  const diary = new Diary();
  const one = client({ service: addressOf(base), domain: domain() });
  one.reconnect.stop();
  one.on("error", () => {});
  one.on("status", (status) => diary.add({ status }));
  one.on("stanza", (stanza) =>
    diary.add({
      from: stanza.attrs.from,
      body: stanza.getChildText("body") ?? undefined,
      left: stanza.attrs.type === "unavailable",
    }),
  );
  await startManaged(one);
  return {
    diary,
    join: (place) => one.send(xml("presence", { to: place }, xml("x", "http://jabber.org/protocol/muc"))),
    say: (room, text) => one.send(xml("message", { to: room, type: "groupchat" }, xml("body", {}, text))),
    stop: () => one.stop(),
  };
}

async function both(enter) {
  const room = `room${++number}@rooms.${world.networks.prosody.domain}`;
  const [one, other] = [await enter(proxy), await xmppJs(world.url)];
  for (const [who, nick] of [[one, "one"], [other, "other"]]) {
    who.join(`${room}/${nick}`);
    await who.diary.sees((e) => e.from === `${room}/${nick}`, `${nick} in the room`);
  }
  return { room, one, other };
}

const bodies = (who) => who.diary.entries.map((e) => e.body).filter((body) => body !== undefined);

for (const enter of [strophe, xmppJs]) {
  test(`${enter.name} goes on after its connection broke: all arrives once, nobody sees it go`, async () => {
    const { room, one, other } = await both(enter);
    const said = [];
    const say = (who, text) => said.push(text) && who.say(room, text);
    // More than the gateway keeps of what it does not know to have arrived: it has been told.
    for (let i = 0; i < 80; ++i) say(other, `long ago ${i} ${"x".repeat(5000)}`);
    await one.diary.sees((e) => e.body?.startsWith("long ago 79"), "the last line");
    for (let round = 0; round < 3; ++round) {
      say(other, `${round} before`);
      await one.diary.sees((e) => e.body === `${round} before`, "a line");
      await world.tell("close_proxy");
      for (let i = 0; i < 20; ++i) say(other, `${round} meanwhile ${i} ${"x".repeat(5000)}`);
      await other.diary.sees((e) => e.body?.startsWith(`${round} meanwhile 19`), "its own line");
      for (let i = 0; i < 5; ++i) say(one, `${round} from nowhere ${i} ${"x".repeat(5000)}`);
      await world.tell("open_proxy");
      await other.diary.sees((e) => e.body?.startsWith(`${round} from nowhere 4`), "its line");
      await one.diary.sees((e) => e.body?.startsWith(`${round} from nowhere 4`), "its own line");
    }
    assert.deepEqual(bodies(one), said);
    assert.deepEqual(bodies(other), said);
    assert.deepEqual(other.diary.entries.filter((e) => e.left), []);
    one.stop();
    await other.diary.sees((e) => e.left && e.from === `${room}/one`, "its leaving");
    await other.stop();
  });
}

test("a client whose place is gone is told that the connection is", async () => {
  const { one, other } = await both(strophe);
  await world.tell("restart_gateway");
  await one.diary.sees((e) => e.status === Strophe.Status.DISCONNECTED, "disconnected");
  await other.diary.sees((e) => e.status === "disconnect", "disconnected");
});

test("sockets of other protocols are the browser's own", () => {
  const plain = new WebSocket(`${world.webSocket}/irc/v1/nothing`, "text.ircv3.net");
  plain.onerror = () => {};
  assert.equal(plain.constructor.name, "WebSocket");
  plain.close();
});
