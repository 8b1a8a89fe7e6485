// SPDX-License-Identifier: GPL-3.0-or-later
//
// BX25..BX32, BX35: carriers, changing between them, and pages of other origins.
import assert from "node:assert/strict";
import { deliveries, events, form, get, nextId, post, Raw, replyTo, request, Socket } from "./wire.mjs";

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export const checks = [
  ["BX25", "a client known already may speak over a new WebSocket", async (profile) => {
    const channel = profile.room();
    const raw = new Raw(profile);
    await raw.handshake();
    const socket = await Socket.open(profile);
    socket.id = raw.id;
    assert.equal((await socket.connect({ advice: { timeout: 0 } })).successful, true);
    assert.equal((await socket.ask({ channel: "/meta/subscribe", subscription: channel })).successful, true);
    socket.send({ channel: "/meta/connect", connectionType: "websocket", clientId: raw.id, id: nextId() });
    const other = await new Raw(profile).begin(channel);
    await other.publish(channel, profile.say("over the socket"));
    await socket.take((m) => profile.heard(m) === "over the socket");
    socket.close();
  }],

  ["BX26", "after a new handshake subscriptions are made again", async (profile) => {
    const channel = profile.room();
    const raw = await new Raw(profile).begin(channel);
    const before = raw.id;
    await raw.disconnect();
    const gone = await raw.connect();
    assert.equal(gone[0].successful, false);
    assert.equal(gone[0].advice.reconnect, "handshake");
    await raw.begin(channel);
    assert.notEqual(raw.id, before);
    const other = await new Raw(profile).begin(channel);
    await other.publish(channel, profile.say("after all"));
    await raw.wait((m) => profile.heard(m) === "after all");
  }],

  ["BX27", "a page loaded anew goes on with its client, counting from the start", async (profile) => {
    const channel = profile.room();
    const raw = await new Raw(profile).begin(channel);
    const other = await new Raw(profile).begin(channel);
    await raw.connect({ id: "41", advice: { timeout: 0 } });
    assert.equal((await raw.publish(channel, profile.say("same words"), { id: "42" })).successful, true);
    await other.wait((m) => profile.heard(m) === "same words");
    const again = new Raw(profile);
    again.id = raw.id;
    assert.equal(replyTo(await again.connect({ id: "1", advice: { timeout: 0 } }), "/meta/connect").successful, true);
    assert.equal((await again.publish(channel, profile.say("same words"), { id: "42" })).successful, true);
    await other.wait((m) => profile.heard(m) === "same words");
    await other.publish(channel, profile.say("welcome back"));
    await again.wait((m) => profile.heard(m) === "welcome back");
  }],

  ["BX28", "Server-Sent Events carry deliveries while connects are answered at once", async (profile) => {
    const channel = profile.room();
    const raw = await new Raw(profile).begin(channel);
    const heard = events(`${profile.url}/${raw.id}`, (got) => got.some((m) => profile.heard(m) === "an event"));
    await pause(300);
    const begin = performance.now();
    const reply = replyTo(await raw.connect({ connectionType: "eventsource" }), "/meta/connect");
    assert.equal(reply.successful, true);
    assert.ok(performance.now() - begin < profile.hold / 2, "the connect was held");
    const other = await new Raw(profile).begin(channel);
    await other.publish(channel, profile.say("an event"));
    const { answer } = await heard;
    assert.match(answer.headers["content-type"], /^text\/event-stream/);
  }],

  ["BX29", "pages of allowed origins may ask, others may not", async (profile) => {
    const ask = { Origin: profile.goodOrigin, "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "content-type" };
    const flight = await request("OPTIONS", profile.url, null, ask);
    assert.ok(flight.status < 300);
    assert.equal(flight.headers["access-control-allow-origin"], profile.goodOrigin);
    assert.match(flight.headers["access-control-allow-headers"], /content-type/i);
    const hello = { channel: "/meta/handshake", version: "1.0", id: nextId(),
      supportedConnectionTypes: ["cross-origin-long-polling"], ...profile.introduction() };
    const type = "application/x-www-form-urlencoded";
    const good = await post(profile.url, form(hello), { type, headers: { Origin: profile.goodOrigin } });
    assert.equal(good.json[0].successful, true);
    assert.ok(good.json[0].supportedConnectionTypes.includes("cross-origin-long-polling"));
    assert.equal(good.headers["access-control-allow-origin"], profile.goodOrigin);
    // Faye's client calls the same form plain text.
    const plain = await post(profile.url, form(hello), { type: "text/plain;charset=UTF-8", headers: { Origin: profile.goodOrigin } });
    assert.equal(plain.json[0].successful, true);
    const headers = { Origin: "https://evil.example" };
    const bad = await post(profile.url, form(hello), { type, headers });
    assert.notEqual(bad.json?.[0]?.successful, true, "a strange origin was served");
    assert.equal((await get(`${profile.url}?${form(hello)}&jsonp=cb`, headers)).text.includes('"successful":true'), false);
    await assert.rejects(Socket.open(profile, { headers }), "a strange origin got a WebSocket");
  }],

  ["BX30", "scripts are calls of a named function and nothing else", async (profile) => {
    const channel = profile.room();
    const raw = await new Raw(profile).begin(channel);
    const other = await new Raw(profile).begin(channel);
    await other.publish(channel, profile.say("</script>\u2028<!--"));
    let text = "";
    for (let round = 0; round < 10 && !text.includes("!--"); ++round) {
      const connect = raw.connectMessage({ connectionType: "callback-polling" });
      const answer = await get(`${profile.url}?${form([connect])}&jsonp=_cometd_jsonp_1`);
      assert.match(answer.headers["content-type"], /^(text|application)\/javascript/);
      assert.equal(answer.headers["x-content-type-options"], "nosniff");
      text = answer.text;
      assert.match(text, /^\/\*\*\/_cometd_jsonp_1\(\[[\s\S]*\]\);?$/);
    }
    assert.ok(text.includes("!--"));
    assert.ok(!/[<\u2028]/.test(text), "it could end the script it stands in");
    const hello = form({ channel: "/meta/handshake", version: "1.0", supportedConnectionTypes: ["callback-polling"] });
    for (const name of ["alert(1)//", "a b", "x".repeat(65), "<b>", "a;b", ".a"]) {
      const answer = await get(`${profile.url}?${hello}&jsonp=${encodeURIComponent(name)}`);
      assert.ok(!answer.text.includes(name), `${name} came back`);
    }
  }],

  ["BX31", "from WebSocket to long polling in mid-session, nothing is lost", async (profile) => {
    const channel = profile.room();
    const socket = await Socket.open(profile);
    await socket.handshake(profile.introduction({ ack: profile.acknowledges }));
    await socket.connect({ advice: { timeout: 0 }, ext: { ack: 0 } });
    await socket.ask({ channel: "/meta/subscribe", subscription: channel });
    const other = await new Raw(profile).begin(channel);
    socket.close();
    await socket.closed;
    await pause(300);
    for (const text of ["one", "two", "three"]) await other.publish(channel, profile.say(text));
    const raw = new Raw(profile);
    raw.id = socket.id;
    const got = [];
    while (!got.includes("three")) {
      const messages = await raw.connect({ ext: { ack: 0 } });
      assert.equal(replyTo(messages, "/meta/connect").successful, true);
      for (const m of messages) if (["one", "two", "three"].includes(profile.heard(m))) got.push(profile.heard(m));
    }
    assert.deepEqual(got, ["one", "two", "three"]);
  }],

  ["BX32", "addresses of two thousand characters are served", async (profile) => {
    const raw = await new Raw(profile).begin();
    const connect = raw.connectMessage({ connectionType: "callback-polling", advice: { timeout: 0 } });
    const short = `${profile.url}?${form([connect])}&jsonp=cb&pad=`;
    const answer = await get(short + "x".repeat(2000 - short.length));
    assert.equal(answer.status, 200);
    assert.match(answer.text, /"successful":true/);
  }],

  ["BX35", "who publishes without a client is answered", async (profile) => {
    const channel = profile.room();
    const id = nextId();
    const [reply] = await new Raw(profile).send({ channel, data: profile.say("who?"), id });
    assert.equal(typeof reply.successful, "boolean");
    assert.equal(reply.id, id);
    if (!profile.publishKey) return;
    assert.equal(reply.successful, false, "anybody may publish");
    const raw = await new Raw(profile).begin(channel);
    const headers = { Authorization: `Bearer ${profile.publishKey}` };
    const { json } = await post(profile.url, [{ channel, data: profile.say("by key"), id }], { headers });
    assert.equal(json[0].successful, true, json[0].error);
    await raw.wait((m) => profile.heard(m) === "by key");
    const wrong = await post(profile.url, [{ channel, data: profile.say("no"), id }], { headers: { Authorization: "Bearer x" } });
    assert.equal(wrong.json[0].successful, false);
  }],
];
