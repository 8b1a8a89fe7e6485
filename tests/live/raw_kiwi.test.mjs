// SPDX-License-Identifier: GPL-3.0-or-later
//
// The transport of the Kiwi IRC web client: irc-framework and sockjs-client, as Kiwi puts them
// together. Kiwi itself is not on npm; `Connection` and `Channel` say, word for word and in the same
// order, what its ServerConnection.js says.
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import WebSocket from "ws";
import { Diary, World } from "./raw_world.mjs";

const require = createRequire(import.meta.url);
const { Client } = require("irc-framework");
const SockJS = require("sockjs-client");

const world = new World();
world.environment.HALLEY_SHARDS = "3";
// Requests that come and go find a session's name again on its own shard only.
const small = new World();
small.environment.HALLEY_SHARDS = "1";
before(() => Promise.all([world.start("ngircd", "inspircd"), small.start("inspircd")]));
after(async () => {
  await Promise.all([world.stop(), small.stop()]);
  // COMPAT(sockjs-client): an EventSource of its goes on calling a server that is gone.
  setTimeout(() => process.exit(), 2000).unref();
});

const carriers = ["websocket", "xhr-streaming", "eventsource", "xhr-polling"];

class Connection extends EventEmitter {
  constructor(carrier, sessionId, at = world) {
    super();
    this.setMaxListeners(0);
    this.messages = new Diary();
    this.ws = new SockJS(`${at.url}/webirc/kiwiirc/`.toLowerCase(), null, { transports: carrier });
    this.ws.onopen = () => {
      this.ws.send(`:0 ${sessionId ? `CONTROL SESSION ${sessionId}` : "CONTROL START"}`);
      this.connected = true;
      this.emit("open");
    };
    this.ws.onclose = () => {
      this.connected = false;
      this.emit("close");
    };
    this.ws.onmessage = ({ data }) => {
      this.messages.add(data);
      if (data[0] !== ":") {
        const [word, id] = data.split(" ");
        if (word === "SESSION") this.sessionId = id;
        return;
      }
      const space = data.indexOf(" ");
      if (space === -1) this.emit(`open.${data.slice(1)}`);
      else this.emit(`message.${data.slice(1, space)}`, data.slice(space + 1));
    };
  }

  // A network that breaks says no word; of requests there are just no more.
  cut() {
    const { ws } = this.ws._transport;
    if (ws) ws._stream?.destroy() ?? ws.ws?._stream.destroy();
    else this.ws.close();
  }
}

function channelOf(connection, id) {
  return function Channel(options) {
    const channel = new EventEmitter();
    let waiting = [];
    let remote = false;
    connection.on("open", () => connection.ws.send(`:${id}`));
    connection.on(`open.${id}`, () => {
      channel.isOpen = true;
      waiting.splice(0).forEach((line) => connection.ws.send(`:${id} ${line}`));
      remote = true;
      channel.emit("open");
    });
    connection.on("close", () => {
      remote = false;
      channel.emit("close");
    });
    connection.on(`message.${id}`, (line) => {
      if (line.startsWith("control connected")) remote = true;
      if (line.startsWith("control closed")) {
        remote = false;
        channel.emit("close");
      }
      if (remote) channel.emit("line", line);
    });
    channel.writeLine = (line) => remote && connection.ws.send(`:${id} ${line}`);
    channel.connect = () => waiting.push(`HOST ${options.host}:6667`);
    channel.setEncoding = () => {};
    channel.disposeSocket = () => {};
    channel.close = () => {};
    if (connection.connected) connection.ws.send(`:${id}`);
    return channel;
  };
}

let number = 0;

async function enter(connection, id, host, nick = `kiwi${++number}`) {
  const client = new Client();
  const diary = new Diary();
  for (const name of ["userlist", "message", "close", "join", "quit", "raw", "registered"])
    client.on(name, (event) => diary.add({ name, ...event }));
  client.connect({ host, port: 6667, nick, auto_reconnect: false,
    transport: channelOf(connection, id) });
  await diary.sees((e) => e.name === "registered", `${nick} to be welcome`);
  return { client, diary, nick };
}

for (const carrier of carriers) {
  test(`two networks over one connection, ${carrier}`, async () => {
    const connection = new Connection(carrier);
    const one = await enter(connection, 1, "ngircd");
    const two = await enter(connection, 2, "inspircd");
    for (const { client, diary, nick } of [one, two]) {
      client.join("#kiwi");
      await diary.sees((e) => e.name === "join" && e.nick === nick, "its own join");
    }
    const other = await enter(new Connection("websocket"), 1, "inspircd");
    other.client.join("#kiwi");
    await two.diary.sees((e) => e.name === "join" && e.nick === other.nick, "somebody's join");
    other.client.say("#kiwi", "größer als \u2028 \"alles\" \\ </script>");
    const heard = await two.diary.sees((e) => e.name === "message", "a message");
    assert.equal(heard.message, "größer als \u2028 \"alles\" \\ </script>");
    two.client.say("#kiwi", "and back");
    await other.diary.sees((e) => e.name === "message" && e.message === "and back", "the answer");
    assert.ok(!one.diary.entries.some((e) => e.name === "message" && e.target === "#kiwi"));
    // Whoever names no session is not waited for.
    connection.ws.close();
    const quit = await other.diary.sees((e) => e.name === "quit" && e.nick === two.nick, "its quit");
    assert.match(quit.message, /Page closed/);
    other.client.quit();
  });

  test(`a client that names its session comes back to all it missed, ${carrier}`, async () => {
    const name = `session-of-${carrier}-0123456789`;
    const room = `#back-${carrier}`;
    const at = carrier === "websocket" ? world : small;
    const other = await enter(new Connection("websocket", "", at), 1, "inspircd");
    other.client.join(room);
    let connection = new Connection(carrier, name, at);
    let me = await enter(connection, 1, "inspircd");
    const { nick } = me;
    me.client.join(room);
    await other.diary.sees((e) => e.name === "join" && e.nick === nick, "its join");
    await me.diary.sees((e) => e.name === "userlist", "the members");
    const mark = other.diary.entries.length;
    for (let round = 0; round < 3; ++round) {
      const closed = new Promise((resolve) => connection.once("close", resolve));
      connection.cut();
      await closed;
      for (let i = 0; i < 30; ++i) other.client.say(room, `${round}: ${i}`);
      // Named by the client the first time and then as the gateway says.
      connection = new Connection(carrier, round < 2 ? name : connection.sessionId, at);
      me = await enter(connection, 1, "inspircd", `${nick}x`);
      assert.equal(me.client.user.nick, nick);
      await me.diary.sees((e) => e.name === "message" && e.message === `${round}: 29`, "the last");
      const said = me.diary.entries.filter((e) => e.name === "message" && e.target === room);
      assert.deepEqual(said.map((e) => e.message).filter((text) => text.startsWith(`${round}: `)),
        Array.from({ length: 30 }, (_, i) => `${round}: ${i}`));
      await me.diary.sees((e) => e.name === "userlist" && e.users.length === 2, "the members");
    }
    me.client.say(room, "still the same");
    await other.diary.sees((e) => e.message === "still the same" && e.nick === nick, "its talk");
    assert.deepEqual(other.diary.entries.slice(mark).filter((e) => ["join", "quit"].includes(e.name)
      && e.nick !== other.nick), []);
    me.client.quit("enough");
    await other.diary.sees((e) => e.name === "quit" && e.nick === nick, "its quit");
    other.client.quit();
  });
}

test("message by message, as the client's own gateway speaks", async () => {
  const socket = new WebSocket(`${world.webSocket}/webirc/kiwiirc/websocket`);
  const heard = new Diary();
  socket.on("message", (data) => heard.add(String(data)));
  await new Promise((resolve) => socket.on("open", resolve));
  const say = (text) => socket.send(text);
  say(":0 CONTROL START");
  await heard.sees((m) => /^SESSION \S+$/.test(m), "SESSION");
  say(":7 NICK early"); // not open: nobody hears it
  say(":1");
  await heard.sees((m) => m === ":1", "the channel");
  for (const line of ["ENCODING utf8", "HOST inspircd:+6697", "CAPTCHA none", "CAP LS 302",
    "NICK dump", "USER u 0 * :r", "CAP END"])
    say(`:1 ${line}`);
  await heard.sees((m) => m.startsWith(":1 :") && / 001 dump /.test(m), "the welcome");
  const connected = heard.entries.indexOf(":1 control connected");
  assert.ok(connected > 0 && connected < heard.entries.findIndex((m) => / 001 /.test(m)));
  assert.ok(!heard.entries.some((m) => / 421 /.test(m)), "its own verbs reach no server");
  say(":1"); // open already: closes it
  await heard.sees((m) => m === ":1 control closed ", "the end");
  assert.equal(heard.entries.filter((m) => m === ":1").length, 2);
  assert.ok(!heard.entries.some((m) => m.startsWith(":7")));
  socket.close();
});

test("the requests of SockJS, one by one", async () => {
  const base = `${world.url}/webirc/kiwiirc`;
  const post = (path, body) => fetch(base + path, { method: "POST", body });
  const info = await (await fetch(`${base}/info?t=1`)).json();
  assert.equal(info.websocket, true);
  assert.equal(info.cookie_needed, false);
  assert.deepEqual(info.origins, ["*:*"]);
  assert.equal(await (await fetch(`${base}/`)).text(), "Welcome to SockJS!\n");
  assert.equal((await post("/000/no.dots/xhr")).status, 404);
  assert.equal((await post("/000/nobody/xhr_send", '["x"]')).status, 404);
  assert.equal(await (await post("/000/sess1/xhr")).text(), "o\n");
  assert.equal((await post("/000/sess1/xhr_send", '["x"')).status, 500);
  assert.equal((await post("/000/sess1/xhr_send", "")).status, 500);
  assert.equal((await post("/000/sess1/xhr_send", '[":0 CONTROL START"]')).status, 204);
  assert.match(await (await post("/000/sess1/xhr")).text(), /^a\["SESSION [^"]+"\]\n$/);
  const waiting = post("/000/sess1/xhr");
  const second = post("/000/sess1/xhr");
  // Whichever came later is refused; the other one waits.
  const refused = await Promise.race([waiting, second]);
  assert.equal(await refused.text(), 'c[2010,"Another connection still open"]\n');
  assert.equal((await post("/000/sess1/xhr_send", '[":0 CONTROL START",":1"]')).status, 204);
  const [a, b] = await Promise.all([waiting, second]);
  assert.match(await (a === refused ? b : a).text(), /^a\["SESSION [^"]+"(,":1")?\]\n$/);
  const stream = await (await post("/000/sess2/xhr_streaming")).text();
  assert.equal(stream, `${"h".repeat(2048)}\no\n`);
});

// Each on a connection of its own, which comes to any shard; the session lives on one.
for (const [shards, at] of [["one shard", small], ["three shards", world]]) {
  test(`a session is found from wherever its requests come, ${shards}`, async () => {
    const before = await at.tell("metrics");
    const ask = (session, path, body, fields = {}) =>
      fetch(`${at.url}/webirc/kiwiirc/000/${session}/${path}`,
        { method: body === undefined ? "GET" : "POST", body, headers: { Connection: "close", ...fields } });
    const read = async (...what) => (await ask(...what)).text();
    const forms = [
      ["xhr", "", (text) => text],
      ["xhr_streaming", "", (text) => text.slice(2049)],
      ["eventsource", undefined, (text) => decodeURI(/^\r\ndata: (.*)\r\n\r\n$/.exec(text)[1])],
      ["htmlfile?c=_jp.a1", undefined, (text) => JSON.parse(/<script>\np\((.*)\);\n<\/script>\r\n$/.exec(text)[1])],
      ["jsonp?c=_jp.a1", undefined, (text) => JSON.parse(/^\/\*\*\/_jp\.a1\((.*)\);\r\n$/.exec(text)[1])],
    ];
    for (let round = 0; round < 4; ++round)
      for (const [path, body, frameOf] of forms) {
        const session = `${round}${path.replace(/\W/g, "")}`;
        const frame = async () => frameOf(await read(session, path, body)).trimEnd();
        assert.equal(await frame(), "o", path);
        // Every message is answered in the same session, whatever brings it.
        if (path.startsWith("jsonp")) {
          const form = { "Content-Type": "application/x-www-form-urlencoded" };
          assert.equal(await read(session, "jsonp_send", 'd=%5B%22%3A7%22%5D', form), "ok");
          assert.equal(await read(session, "jsonp_send", '[":8"]', { "Content-Type": "text/plain" }), "ok");
        } else {
          assert.equal((await ask(session, "xhr_send", '[":7",":8"]')).status, 204);
        }
        assert.equal(await frame(), 'a[":7",":8"]', path);
      }
    const moved = (await at.tell("metrics")).halley_connections_moved_total - before.halley_connections_moved_total;
    assert.equal(moved > 0, shards !== "one shard", `${moved} requests went to another shard`);
  });
}

test("requests of scripts and forms that are wrong are told so", async () => {
  const base = `${world.url}/webirc/kiwiirc/000`;
  for (const path of ["jsonp", "htmlfile"]) {
    const missing = await fetch(`${base}/a/${path}`);
    assert.deepEqual([missing.status, await missing.text()], [500, '"callback" parameter required\n']);
    for (const name of ["alert(1)//", "%2Fx", "a b", "x".repeat(100)]) {
      const wrong = await fetch(`${base}/a/${path}?c=${encodeURIComponent(name)}`);
      assert.deepEqual([wrong.status, await wrong.text()], [500, 'invalid "callback" parameter\n'], name);
    }
  }
  assert.equal((await fetch(`${base}/nobody/jsonp_send`, { method: "POST", body: '["x"]' })).status, 404);
  await (await fetch(`${base}/formed/jsonp?c=f`)).text();
  for (const [body, type] of [["", "text/plain"], ["x=1", "application/x-www-form-urlencoded"], ["d=", "application/x-www-form-urlencoded"],
    ["d=%5B", "application/x-www-form-urlencoded"], ["[", "text/plain"]]) {
    const answer = await fetch(`${base}/formed/jsonp_send`, { method: "POST", body, headers: { "Content-Type": type } });
    assert.equal(answer.status, 500, body);
  }
  // Scripts and frames of pages that may not use the gateway.
  const stranger = await fetch(`${base}/formed/jsonp_send`, { method: "POST", body: '["x"]', headers: { Origin: "https://evil.example" } });
  assert.equal(stranger.status, 403);
  const framed = await fetch(`${base}/b/htmlfile?c=f`, { headers: { "Sec-Fetch-Site": "cross-site" } });
  assert.equal(framed.status, 403);
});

test("a server that is not there is told as the client knows it", async () => {
  await world.tell("kill_server", "ngircd");
  const connection = new Connection("websocket");
  await new Promise((resolve) => connection.once("open", resolve));
  connection.ws.send(":1");
  connection.ws.send(":1 HOST ngircd:6667");
  connection.ws.send(":1 NICK nobody");
  await connection.messages.sees((m) => /^:1 ERROR :.*refused the connection/.test(m), "the words");
  await connection.messages.sees((m) => m === ":1 control closed err_refused", "the code");
  connection.ws.close();
});
