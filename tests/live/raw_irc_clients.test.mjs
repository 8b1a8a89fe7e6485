// SPDX-License-Identifier: GPL-3.0-or-later
//
// irc-framework (the library of Kiwi IRC and The Lounge) over its own WebSocket transport, on servers
// it could not reach otherwise.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { Diary, World } from "./raw_world.mjs";

const require = createRequire(import.meta.url);
const { Client } = require("irc-framework");
const transport = require("irc-framework/src/transports/websocket");

const world = new World();
before(() => world.start("ngircd", "inspircd", "accounts"));
after(() => world.stop());

let number = 0;

async function enter(network, options = {}) {
  const client = new Client();
  const diary = new Diary();
  for (const name of ["userlist", "message", "socket close", "close", "raw", "join", "irc error"])
    client.on(name, (event) => diary.add({ name, ...event }));
  const registered = new Promise((resolve) => client.on("registered", resolve));
  const nick = `web${++number}`;
  client.connect({
    host: "127.0.0.1",
    port: world.port,
    path: `/irc/v1/${network}`,
    nick,
    transport,
    auto_reconnect: false,
    websocket_protocol: "text.ircv3.net",
    ...options,
  });
  await registered;
  return { client, diary, nick };
}

for (const network of ["ngircd", "inspircd"]) {
  test(`irc-framework joins a room of 300 on ${network}, hears and is heard`, async () => {
    await world.tell("crowd", network, "#big", 300);
    const { client, diary } = await enter(network);
    client.join("#big");
    const list = await diary.sees((e) => e.name === "userlist" && e.channel === "#big", "members");
    assert.equal(list.users.length, 301);
    client.say("#big", "from irc-framework, grüße");
    await world.tell("heard", "from irc-framework, grüße");
    await world.tell("talk", "#big", 400);
    await diary.sees((e) => e.name === "message" && e.message === "backlog 399", "the last line");
    const heard = diary.entries.filter((e) => e.name === "message" && e.target === "#big");
    assert.deepEqual(
      heard.map((e) => e.message).filter((text) => text.startsWith("backlog")),
      Array.from({ length: 400 }, (_, i) => `backlog ${i}`),
    );
    client.quit("enough");
    await diary.sees((e) => e.name === "socket close" || e.name === "close", "the end");
  });
}

test("irc-framework reads a long backlog when it joins", async () => {
  await world.tell("crowd", "inspircd", "#old", 2);
  await world.tell("mode", "#old", "+H", "90:1h");
  await world.tell("talk", "#old", 90);
  const { client, diary } = await enter("inspircd");
  client.join("#old");
  await diary.sees((e) => e.name === "message" && e.message === "backlog 89", "the backlog");
  const old = diary.entries.filter((e) => e.name === "message" && e.target === "#old");
  assert.equal(old.length, 90);
  client.quit();
});

test("irc-framework logs in by SASL, which goes through untouched", async () => {
  const { client, diary } = await enter("accounts", {
    account: { account: "ada", password: "secret" },
    sasl_disconnect_on_fail: true,
  });
  await diary.sees((e) => e.name === "raw" && / 900 .* ada /.test(e.line), "900");
  await diary.sees((e) => e.name === "raw" && / 903 /.test(e.line), "903");
  client.quit();
});

test("irc-framework without a subprotocol, as gamja and old Kiwi connect", async () => {
  const { client, diary, nick } = await enter("inspircd", { websocket_protocol: undefined });
  client.join("#plain");
  await diary.sees((e) => e.name === "join" && e.nick === nick, "its own join");
  client.quit();
});

test("irc-framework learns why the server ended it", async () => {
  const { client, diary } = await enter("ngircd");
  await world.tell("kill_server", "ngircd");
  const error = await diary.sees((e) => e.name === "raw" && e.line.startsWith("ERROR"), "ERROR");
  assert.match(error.line, /closed the connection|broke the connection off/);
  await diary.sees((e) => e.name === "socket close", "the end");
  client.quit();
});
