// SPDX-License-Identifier: GPL-3.0-or-later
//
// CometD's and Faye's own clients in real rooms of IRC and XMPP, over each of their transports.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { CometdClient, FayeClient } from "./clients.mjs";
import { fresh, Tunnel, World } from "./world.mjs";

const networks = ["irc", "xmpp"];
const kinds = [
  ["cometd over WebSocket", (url, chat) => new CometdClient(url, chat), "websocket"],
  ["cometd over long polling", (url, chat) => new CometdClient(url, chat, { websocket: false }), "long-polling"],
  ["cometd with acknowledgements", (url, chat) => new CometdClient(url, chat, { ack: true }), "websocket"],
  ["faye over WebSocket", (url, chat) => new FayeClient(url, chat, { only: "websocket" })],
  ["faye over long polling", (url, chat) => new FayeClient(url, chat, { only: "long-polling" })],
];

describe("the official clients", () => {
  const world = new World();
  const open = [];
  before(() => world.start());
  after(() => world.stop());
  afterEach(() => Promise.all(open.splice(0).map((one) => one.end())));

  const enter = async (make, network, nick = fresh("p")) => {
    const one = make(world.url, { nick, network });
    open.push(one);
    await one.begin();
    return one;
  };
  const cometd = (network, nick, options) =>
    enter((url, chat) => new CometdClient(url, chat, options), network, nick);

  for (const network of networks)
    for (const [title, make, transport] of kinds)
      test(`${title} on ${network}: both hear each other, each line once`, async () => {
        const room = `/chat/${network}/${fresh("room")}`;
        const ann = await enter(make, network);
        const bob = await cometd(network);
        const annHears = await ann.subscribe(room);
        const bobHears = await bob.subscribe(room);
        await bob.publish(room, { text: "hello ann" });
        await annHears.says("hello ann");
        await ann.publish(room, { text: "hello bob" });
        await bobHears.says("hello bob");
        const own = await annHears.says("hello bob");
        assert.equal(own.self, true);
        assert.equal(annHears.count("hello bob"), 1);
        if (transport) assert.equal(ann.transport(), transport);
      });

  test("who is in the room, who comes and who goes", async () => {
    const name = fresh("room");
    const ann = await cometd("irc");
    await ann.subscribe(`/chat/irc/${name}`);
    const members = await ann.subscribe(`/members/irc/${name}`);
    await members.wait((data) => data.ev === "members");
    const nick = fresh("bob");
    const bob = await cometd("irc", nick);
    await bob.subscribe(`/chat/irc/${name}`);
    await members.wait((data) => data.ev === "joined" && data.from === nick);
    await bob.end();
    await members.wait((data) => data.ev === "left" && data.from === nick);
  });

  for (const network of networks)
    test(`private lines on ${network} go to one person`, async () => {
      const nick = fresh("bob");
      const room = `/chat/${network}/${fresh("room")}`;
      const bob = await cometd(network, nick);
      const ann = await cometd(network);
      await bob.subscribe(room);
      await ann.subscribe(room);
      const heard = await bob.subscribe(`/dm/${network}/*`);
      const [, , name] = room.split("/").slice(1);
      const to = network === "irc" ? nick : `${name}@rooms~2ealpha~2etest~2f${nick}`;
      await ann.publish(`/dm/${network}/${to}`, "for you alone");
      const data = await heard.says("for you alone");
      assert.ok(data.with);
    });

  test("a slow call does not delay anything else, errors come in words", async () => {
    const room = `/chat/irc/${fresh("room")}`;
    const nick = fresh("ann");
    const ann = await cometd("irc", nick);
    const heard = await ann.subscribe(room);
    const slow = ann.call("irc/whois", { nick });
    await ann.publish(room, { text: "meanwhile" });
    await heard.says("meanwhile");
    const answer = await slow;
    assert.equal(answer.successful, true);
    assert.equal(answer.data.person.nick, nick);
    const missing = await ann.call("irc/whois", { nick: fresh("nobody") });
    assert.equal(missing.successful, false);
    assert.equal(missing.data.error.code, "no_such_nick");
    const wrong = await ann.call("irc/whois", {});
    assert.equal(wrong.successful, false);
  });

  test("a publish sent in a batch arrives in order", async () => {
    const room = `/chat/irc/${fresh("room")}`;
    const ann = await cometd("irc");
    const heard = await ann.subscribe(room);
    ann.client.batch(() => {
      for (let i = 0; i < 20; ++i) ann.client.publish(room, { text: `line ${i}` });
    });
    await heard.says("line 19");
    const lines = heard.all.filter((data) => data.ev === "said").map((data) => data.text);
    assert.deepEqual(lines, Array.from({ length: 20 }, (_, i) => `line ${i}`));
  });

  test("an unmodified page gets its visitor in as a guest, on first use", async () => {
    const room = `/chat/irc/${fresh("room")}`;
    const client = new CometdClient(world.url, undefined);
    open.push(client);
    await client.begin();
    const heard = await client.subscribe(room);
    await client.publish(room, { text: "anonymous" });
    assert.match((await heard.says("anonymous")).from, /^guest\d+$/);
  });

  test("CometD's timesync and timestamp extensions", async () => {
    const { TimeSyncExtension } = await import("cometd/TimeSyncExtension.js");
    const { TimeStampExtension } = await import("cometd/TimeStampExtension.js");
    const ann = new CometdClient(world.url, { nick: fresh("ann"), network: "irc" }, { websocket: false });
    open.push(ann);
    ann.client.registerExtension("timesync", new TimeSyncExtension());
    ann.client.registerExtension("timestamp", new TimeStampExtension());
    const stamps = [];
    ann.client.addListener("/meta/connect", (reply) => stamps.push(reply.timestamp));
    await ann.begin();
    const sync = ann.client.getExtension("timesync");
    for (let i = 0; stamps.length < 3 && i < 100; ++i) await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok(stamps.length >= 3 && stamps.every((one) => Math.abs(Date.parse(one) - Date.now()) < 60000), stamps.join());
    // Both clocks are one here: what is left is what the way took, and the hold is no part of it.
    assert.ok(Math.abs(sync.getTimeOffset()) < 1000, `${sync.getTimeOffset()} ms`);
    assert.ok(sync.getNetworkLag() < 1000, `${sync.getNetworkLag()} ms`);
  });

  test("what cannot be joined is refused with the network's reason", async () => {
    const name = fresh("room");
    const ann = await cometd("irc");
    await ann.subscribe(`/chat/irc/${name}`);
    const set = await ann.call("irc/mode", { room: `#${name}`, changes: [{ set: true, mode: "i" }] });
    assert.equal(set.successful, true, JSON.stringify(set));
    const bob = await cometd("irc");
    await assert.rejects(bob.subscribe(`/chat/irc/${name}`), /^Error: 403:/);
    await assert.rejects(bob.subscribe("/chat/nowhere/room"), /no network/);
    await assert.rejects(bob.subscribe("/chat/irc/UPPER"), /spelled upper/);
  });

  test("an account on XMPP logs in by the handshake", async () => {
    const ada = new CometdClient(world.url, { nick: "ada", account: "ada", password: "secret", network: "xmpp" });
    open.push(ada);
    await ada.begin();
    const net = await ada.subscribe("/net/xmpp");
    const online = await net.wait((data) => data.ev === "online");
    assert.match(online.account, /^ada/);
  });

  // --- faults -------------------------------------------------------------------------------------
  test("a WebSocket that breaks in mid-session: with acknowledgements nothing is lost or doubled", async () => {
    const room = `/chat/irc/${fresh("room")}`;
    const ann = await cometd("irc", fresh("ann"), { ack: true });
    const bob = await cometd("irc");
    const heard = await ann.subscribe(room);
    await bob.subscribe(room);
    assert.equal(ann.transport(), "websocket");
    await bob.publish(room, { text: "before" });
    await heard.says("before");
    ann.client.getTransport().abort();
    for (let i = 0; i < 5; ++i) await bob.publish(room, { text: `during ${i}` });
    await heard.says("during 4");
    for (let i = 0; i < 5; ++i) assert.equal(heard.count(`during ${i}`), 1);
  });

  for (const [title, make] of kinds)
    test(`${title}: cut off until its client is forgotten, it shakes hands again`, async () => {
      const room = `/chat/irc/${fresh("room")}`;
      const tunnel = await new Tunnel().start(world.url);
      const nick = fresh("ann");
      const ann = await enter((_, chat) => make(tunnel.url, chat), "irc", nick);
      const bob = await cometd("irc");
      const heard = await ann.subscribe(room);
      const bobHears = await bob.subscribe(room);
      const netHears = await bob.subscribe("/net/irc");
      await bob.publish(room, { text: "before" });
      await heard.says("before");
      tunnel.cut();
      const isFarewell = (data) => data.ev === "left" && data.from === nick;
      await netHears.wait(isFarewell, "its leaving");
      tunnel.mend();
      await bobHears.wait((data) => data.ev === "joined" && data.from === nick, "its coming back");
      assert.equal(ann.handshakes, 2);
      await bob.publish(room, { text: "again" });
      await heard.says("again");
      assert.equal(netHears.all.filter(isFarewell).length, 1);
      await ann.end();
      open.splice(open.indexOf(ann), 1);
      tunnel.stop();
    });

  test("the gateway starts anew, and its clients find their rooms again", async () => {
    const room = `/chat/irc/${fresh("room")}`;
    const ann = await cometd("irc");
    const bob = await enter(kinds[3][1], "irc");
    const heard = await ann.subscribe(room);
    const bobHears = await bob.subscribe(room);
    await world.tell("stop-gateway");
    await world.tell("start-gateway");
    for (let i = 0; heard.count("a new day") === 0 && i < 60; ++i) {
      await bob.publish(room, { text: "a new day" }).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    await heard.says("a new day");
    await bobHears.says("a new day");
  });
});
