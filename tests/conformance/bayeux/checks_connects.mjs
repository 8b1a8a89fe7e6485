// SPDX-License-Identifier: GPL-3.0-or-later
//
// BX07..BX12, BX21..BX24, BX34, BX36: the connect, how long it is held, what it carries.
import assert from "node:assert/strict";
import { deliveries, nextId, post, Raw, replyTo, Socket } from "./wire.mjs";

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const took = async (work) => {
  const begin = performance.now();
  const value = await work;
  return { value, ms: performance.now() - begin };
};
const drain = async (raw, more = {}) => {
  for (let round = 0; round < 20; ++round)
    if (deliveries(await raw.connect({ advice: { timeout: 300 }, ...more })).length === 0) return;
};

export const checks = [
  ["BX07", "the first connect is answered at once", async (profile) => {
    const raw = new Raw(profile);
    await raw.handshake();
    const { value, ms } = await took(raw.connect());
    assert.equal(replyTo(value, "/meta/connect").successful, true);
    assert.ok(ms < profile.hold / 2, `it took ${ms} ms`);
  }],

  ["BX08", "a connect without news is held as long as advised", async (profile) => {
    const raw = new Raw(profile);
    const { advice } = await raw.handshake();
    assert.equal(advice.timeout, profile.hold);
    await raw.connect({ advice: { timeout: 0 } });
    await drain(raw);
    const { value, ms } = await took(raw.connect());
    assert.equal(replyTo(value, "/meta/connect").successful, true);
    assert.ok(Math.abs(ms - profile.hold) < 1000, `it took ${ms} ms`);
  }],

  ["BX09", "news end the wait", async (profile) => {
    const channel = profile.room();
    const raw = await new Raw(profile).begin(channel);
    const other = await new Raw(profile).begin(channel);
    await drain(raw);
    const waiting = took(raw.connect());
    await pause(200);
    await other.publish(channel, profile.say("wake up"));
    const { value, ms } = await waiting;
    assert.ok(deliveries(value).some((m) => profile.heard(m) === "wake up"));
    assert.ok(ms < profile.hold - 500, `it took ${ms} ms of ${profile.hold}`);
  }],

  ["BX10", "a second connect ends the first", async (profile) => {
    const raw = await new Raw(profile).begin(profile.room());
    await drain(raw);
    const first = took(raw.connect());
    await pause(300);
    const second = took(raw.connect());
    const { value, ms } = await first;
    assert.ok(ms < profile.hold - 500, `the first was held for ${ms} ms`);
    assert.equal(deliveries(value).length, 0);
    assert.equal(replyTo((await second).value, "/meta/connect").successful, true);
  }],

  ["BX11", "an unknown client is told to shake hands", async (profile) => {
    const [reply] = await new Raw(profile).send({ channel: "/meta/connect", id: "1",
      clientId: "nobodyatallnobodyatall", connectionType: "long-polling" });
    assert.equal(reply.successful, false);
    assert.match(reply.error, /^40[12]:/);
    assert.equal(reply.advice.reconnect, "handshake");
  }],

  ["BX12", "who does not come back is forgotten", async (profile) => {
    const raw = await new Raw(profile).begin();
    const end = Date.now() + profile.expiry * 3 + 5000;
    await pause(profile.expiry + 1500);
    for (;;) {
      const reply = await raw.one({ channel: "/meta/unsubscribe", subscription: "/nothing/here" });
      if (!reply.successful) return assert.match(reply.error, /^40[12]:/);
      assert.ok(Date.now() < end, "it is still known");
      await pause(1000);
    }
  }],

  ["BX21", "with acknowledgements a lost answer is given again", async (profile) => {
    const channel = profile.room();
    const raw = new Raw(profile);
    const shaken = await raw.handshake({ ...profile.introduction({ ack: true }) });
    assert.ok(shaken.ext?.ack, "no acknowledgements here");
    let batch = 0;
    const connect = async (more = {}) => {
      const got = await raw.connect({ ext: { ack: batch }, ...more });
      return { got, number: replyTo(got, "/meta/connect").ext?.ack };
    };
    ({ number: batch } = await connect({ advice: { timeout: 0 } }));
    await raw.subscribe(channel);
    const other = await new Raw(profile).begin(channel);
    await other.publish(channel, profile.say("twice if need be"));
    const holds = (got) => got.some((m) => profile.heard(m) === "twice if need be");
    let last;
    for (let round = 0; round < 10; ++round) {
      last = await connect();
      if (holds(last.got)) break;
      batch = last.number;
    }
    assert.ok(holds(last.got));
    assert.ok(holds((await connect()).got), "what was not acknowledged is gone");
    for (let round = 0; round < 3; ++round) {
      const again = await connect({ advice: { timeout: 200 } });
      batch = again.number;
    }
    assert.ok(!holds((await connect({ advice: { timeout: 200 } })).got), "acknowledged, and given again");
  }],

  ["BX22", "who acknowledges nothing costs no more than the bound (CVE-2025-53114)", async (profile) => {
    const channel = profile.room();
    const raw = new Raw(profile);
    await raw.handshake({ ...profile.introduction({ ack: true }) });
    await raw.connect({ advice: { timeout: 0 }, ext: { ack: 0 } });
    await raw.subscribe(channel);
    const other = await new Raw(profile).begin(channel);
    const long = "x".repeat(300);
    let sizes = [];
    for (let round = 0; round < 12; ++round) {
      for (let i = 0; i < 20; ++i) await other.publish(channel, profile.say(`${round} ${i} ${long}`));
      const { text, status } = await post(profile.url, [raw.connectMessage({ ext: { ack: 0 }, advice: { timeout: 200 } })]);
      assert.equal(status, 200);
      sizes.push(text.length);
    }
    assert.ok(Math.max(...sizes) < profile.ackBound, `answers of ${sizes} bytes`);
  }],

  ["BX23", "with acknowledgements deliveries come with connects only", async (profile) => {
    const channel = profile.room();
    const socket = await Socket.open(profile);
    const shaken = await socket.handshake({ ...profile.introduction({ ack: true }) });
    assert.ok(shaken.ext?.ack, "no acknowledgements here");
    await socket.connect({ advice: { timeout: 0 }, ext: { ack: 0 } });
    await socket.ask({ channel: "/meta/subscribe", subscription: channel });
    const other = await new Raw(profile).begin(channel);
    await other.publish(channel, profile.say("in order"));
    await pause(500);
    assert.ok(!socket.frames.some((m) => profile.heard(m) === "in order"), "it came without a connect");
    const connected = socket.connect({ ext: { ack: 0 } });
    await socket.take((m) => profile.heard(m) === "in order");
    assert.ok((await connected).ext.ack > 0);
    socket.close();
  }],

  ["BX24", "on a WebSocket the connect is answered before the disconnect", async (profile) => {
    const socket = await Socket.open(profile);
    await socket.handshake();
    await socket.connect({ advice: { timeout: 0 } });
    socket.send({ channel: "/meta/connect", connectionType: "websocket", clientId: socket.id, id: "held" });
    await pause(300);
    socket.send({ channel: "/meta/disconnect", clientId: socket.id, id: "bye" });
    await socket.take((m) => m.id === "held");
    const bye = await socket.take((m) => m.id === "bye");
    assert.equal(bye.successful, true);
    socket.close();
  }],

  ["BX34", "one browser does not get all its connections held", async (profile) => {
    const agent = { "User-Agent": `Mozilla/5.0 (check ${nextId()})` };
    const tabs = [];
    for (let i = 0; i < 7; ++i) {
      const tab = new Raw(profile);
      tab.headers = agent;
      tabs.push(await tab.begin());
    }
    const answers = await Promise.all(
      tabs.map(async (tab) => replyTo(await tab.connect(), "/meta/connect").advice),
    );
    const crowded = answers.filter((advice) => advice?.["multiple-clients"] === true);
    assert.ok(crowded.length >= 1, "all seven were held");
    for (const advice of crowded) assert.ok(advice.interval > 0);
  }],

  ["BX36", "what is lazy waits for company, but not for long", async (profile) => {
    assert.ok(profile.lazy, "this server has nothing lazy");
    const channel = profile.room();
    const raw = await new Raw(profile).begin(channel);
    const other = await new Raw(profile).begin(channel);
    await raw.subscribe(profile.lazy.channel(channel));
    await drain(raw);
    const waiting = took(raw.connect());
    await pause(100);
    await profile.lazy.cause(other, channel);
    const { value, ms } = await waiting;
    const lazy = deliveries(value).filter(profile.lazy.is);
    assert.equal(lazy.length, 1, JSON.stringify(value));
    assert.ok(ms > 1000 && ms < profile.hold, `it took ${ms} ms`);
  }],
];
