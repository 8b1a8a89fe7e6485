// SPDX-License-Identifier: GPL-3.0-or-later
//
// xmpp.js and strophe.js over WebSocket, on Prosody and ejabberd.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { client, xml } from "@xmpp/client";
import { Diary, startManaged, World } from "./raw_world.mjs";

const require = createRequire(import.meta.url);
const { Strophe, $pres, $msg } = require("strophe.js");

const world = new World();
before(() => world.start("prosody", "ejabberd"));
// A client that nobody stops tries again for ever, and the test would never end.
const reconnecting = [];
after(async () => {
  for (const one of reconnecting) one.reconnect.stop();
  await world.stop();
});

let number = 0;
const endpoint = () => `${world.webSocket}/xmpp-websocket`;
const guestDomain = (server) => `guest.${world.networks[server].domain}`;
const roomOf = (server, name) => `${name}@rooms.${world.networks[server].domain}`;

// --- two clients, one way to use them ---------------------------------------------------------------

async function xmppJs(server, account) {
  const diary = new Diary();
  const one = client({
    service: endpoint(),
    domain: account ? world.networks[server].domain : guestDomain(server),
    ...account,
  });
  one.on("error", (error) => diary.add({ error }));
  one.on("stanza", (stanza) => diary.add({ stanza }));
  one.reconnect.delay = 10;
  reconnecting.push(one);
  const jid = await startManaged(one);
  return {
    diary,
    jid,
    client: one,
    join: (room, nick) =>
      one.send(
        xml("presence", { to: `${room}/${nick}` }, xml("x", "http://jabber.org/protocol/muc")),
      ),
    say: (room, text) =>
      one.send(xml("message", { to: room, type: "groupchat" }, xml("body", {}, text))),
    hears: (text) =>
      diary.sees((e) => e.stanza?.is("message") && e.stanza.getChildText("body") === text, text.slice(0, 40)),
    isIn: (room, nick) =>
      diary.sees((e) => e.stanza?.is("presence") && e.stanza.attrs.from === `${room}/${nick}`, nick),
    stop: () => one.stop(),
  };
}

async function strophe(server, account) {
  const diary = new Diary();
  const one = new Strophe.Connection(endpoint());
  const keep = (element) => {
    diary.add({ element });
    return true;
  };
  one.addHandler(keep, null, "message");
  one.addHandler(keep, null, "presence");
  const domain = account ? world.networks[server].domain : guestDomain(server);
  const jid = account ? `${account.username}@${domain}` : domain;
  one.connect(jid, account?.password, (status, condition) => diary.add({ status, condition }));
  await diary.sees((e) => e.status === Strophe.Status.CONNECTED, "connected");
  const body = (element) => element.getElementsByTagName("body")[0]?.textContent;
  return {
    diary,
    jid: one.jid,
    client: one,
    join: (room, nick) =>
      one.send($pres({ to: `${room}/${nick}` }).c("x", { xmlns: "http://jabber.org/protocol/muc" })),
    say: (room, text) => one.send($msg({ to: room, type: "groupchat" }).c("body").t(text)),
    hears: (text) => diary.sees((e) => e.element && body(e.element) === text, text.slice(0, 40)),
    isIn: (room, nick) =>
      diary.sees((e) => e.element?.getAttribute("from") === `${room}/${nick}`, nick),
    stop: async () => {
      one.disconnect("bye");
      await diary.sees((e) => e.status === Strophe.Status.DISCONNECTED, "disconnected");
    },
  };
}

const kinds = { xmppJs, strophe };

for (const server of ["prosody", "ejabberd"]) {
  for (const [kind, enter] of Object.entries(kinds)) {
    test(`${kind} as a guest of ${server}: joins a room, hears and is heard, leaves`, async () => {
      const room = roomOf(server, `room${++number}`);
      const one = await enter(server);
      const other = await xmppJs(server);
      await one.join(room, "one");
      await one.isIn(room, "one");
      await other.join(room, "other");
      await other.isIn(room, "other");
      await one.say(room, "grüße 😀 <&>\"'");
      await other.hears("grüße 😀 <&>\"'");
      await other.say(room, "x".repeat(20000));
      await one.hears("x".repeat(20000));
      await one.stop();
      await other.diary.sees(
        (e) => e.stanza?.attrs.from === `${room}/one` && e.stanza.attrs.type === "unavailable",
        "one leaves",
      );
      await other.stop();
    });
  }
}

for (const [kind, enter] of Object.entries(kinds)) {
  test(`${kind} logs in to an account of prosody`, async () => {
    const one = await enter("prosody", { username: "romeo", password: "montague" });
    assert.match(one.jid, /^romeo@alpha\.test\//);
    await one.stop();
  });
}

test("a wrong password is the server's own answer", async () => {
  await assert.rejects(
    xmppJs("prosody", { username: "romeo", password: "wrong" }),
    (error) => error.condition === "not-authorized",
  );
});

test("xmpp.js resumes its session (XEP-0198) after the WebSocket broke", async () => {
  const room = roomOf("prosody", `room${++number}`);
  const one = await xmppJs("prosody", { username: "juliet", password: "capulet" });
  const other = await xmppJs("prosody");
  await one.join(room, "juliet");
  await other.join(room, "other");
  await other.isIn(room, "juliet");
  const resumed = new Promise((resolve) => one.client.streamManagement.once("resumed", resolve));
  one.client.socket.socket.close(4000); // the page's own end: no XMPP close
  await resumed;
  await other.say(room, "still there?");
  await one.hears("still there?");
  const left = other.diary.entries.filter((e) => e.stanza?.attrs.type === "unavailable");
  assert.equal(left.length, 0);
  await one.stop();
  await other.stop();
});

test("strophe.js is told when the server dies", async () => {
  const one = await strophe("ejabberd");
  await world.tell("kill_server", "ejabberd");
  await one.diary.sees((e) => e.status === Strophe.Status.DISCONNECTED, "disconnected");
});
