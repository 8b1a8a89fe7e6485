// SPDX-License-Identifier: GPL-3.0-or-later
//
// BX01..BX06, BX13..BX20, BX33: what stands in the messages, whatever carries them.
import assert from "node:assert/strict";
import { form, get, nextId, post, Raw, replyTo, Socket, types } from "./wire.mjs";

const hello = (profile, more = {}) => ({
  channel: "/meta/handshake",
  version: "1.0",
  supportedConnectionTypes: types,
  id: nextId(),
  ...profile.introduction(),
  ...more,
});
const isComplete = (advice, where) => {
  assert.ok(advice, `${where} has no advice`);
  for (const field of ["reconnect", "interval", "timeout"])
    assert.ok(field in advice, `${where}: advice without ${field}`);
};

export const checks = [
  ["BX01", "hands are shaken over every transport", async (profile) => {
    const shaken = [];
    shaken.push((await post(profile.url, [hello(profile)])).json[0]);
    const socket = await Socket.open(profile);
    shaken.push(await socket.handshake());
    socket.close();
    const script = await get(`${profile.url}?${form([hello(profile)])}&jsonp=cb`);
    shaken.push(JSON.parse(script.text.match(/cb\(([\s\S]*)\)/)[1])[0]);
    for (const reply of shaken) {
      assert.equal(reply.successful, true);
      assert.ok(reply.clientId.length >= 16, "a client id must not be guessable");
      assert.equal(reply.version, "1.0");
      for (const type of ["websocket", "long-polling", "callback-polling"])
        assert.ok(reply.supportedConnectionTypes.includes(type), `${type} is not offered`);
    }
    assert.equal(new Set(shaken.map((one) => one.clientId)).size, 3);
  }],

  ["BX02", "another version, or no type in common, is refused", async (profile) => {
    for (const more of [{ version: "0.1" }, { supportedConnectionTypes: ["pigeon"] }]) {
      const [reply] = (await post(profile.url, [hello(profile, more)])).json;
      assert.equal(reply.successful, false);
      assert.match(reply.error, /^\d{3}:[^:]*:.+/);
      assert.equal(reply.clientId, undefined);
    }
  }],

  ["BX03", "nothing else rides with a handshake", async (profile) => {
    const channel = profile.room();
    const answer = await post(profile.url, [
      hello(profile),
      { channel: "/meta/subscribe", subscription: channel, id: nextId() },
      { channel, data: profile.say("stray"), id: nextId() },
    ]);
    const replies = answer.json ?? [];
    for (const reply of replies)
      if (reply.channel !== "/meta/handshake") assert.equal(reply.successful, false);
  }],

  ["BX04", "suffixes of the address say nothing", async (profile) => {
    const shaken = await post(`${profile.url}/handshake`, [hello(profile)]);
    assert.equal(shaken.json[0].successful, true);
    const connect = { channel: "/meta/connect", connectionType: "long-polling", id: nextId() };
    connect.clientId = shaken.json[0].clientId;
    connect.advice = { timeout: 0 };
    assert.equal(replyTo((await post(`${profile.url}/connect`, [connect])).json, "/meta/connect").successful, true);
    const slash = await post(`${profile.url}/`, [{ channel: "/meta/disconnect", clientId: connect.clientId, id: nextId() }]);
    assert.equal(slash.json[0].successful, true);
  }],

  ["BX05", "a form carries messages, also in several values", async (profile) => {
    const type = "application/x-www-form-urlencoded";
    const shaken = await post(profile.url, form(hello(profile)), { type });
    assert.equal(shaken.json[0].successful, true);
    const one = (id) => ({ channel: "/meta/connect", connectionType: "long-polling", id,
      clientId: shaken.json[0].clientId, advice: { timeout: 0 } });
    const two = await post(profile.url, form(one("a"), [one("b")]), { type });
    assert.deepEqual(two.json.filter((each) => each.channel === "/meta/connect").map((each) => each.id).sort(), ["a", "b"]);
  }],

  ["BX06", "a single object is as good as an array, and the answer is an array", async (profile) => {
    const { json } = await post(profile.url, hello(profile));
    assert.ok(Array.isArray(json));
    assert.equal(json[0].successful, true);
  }],

  ["BX13", "every advice is complete", async (profile) => {
    const raw = new Raw(profile);
    isComplete((await raw.handshake()).advice, "the handshake");
    isComplete(replyTo(await raw.connect({ advice: { timeout: 0 } }), "/meta/connect").advice, "the connect");
  }],

  ["BX14", "subscribing takes one or several, and echoes them", async (profile) => {
    const raw = await new Raw(profile).begin();
    const [one, two] = [profile.room(), profile.room()];
    const several = await raw.subscribe([one, two]);
    assert.equal(several.successful, true, several.error);
    assert.deepEqual(several.subscription, [one, two]);
    const single = await raw.one({ channel: "/meta/unsubscribe", subscription: one });
    assert.equal(single.successful, true);
    assert.equal(single.subscription, one);
  }],

  ["BX15", "a pattern gets what is said in its channels, once", async (profile) => {
    const channel = profile.room();
    const raw = await new Raw(profile).begin(channel);
    const pattern = channel.slice(0, channel.lastIndexOf("/")) + "/*";
    assert.equal((await raw.subscribe(pattern)).successful, true);
    assert.equal((await raw.subscribe("/**")).successful, true);
    const other = await new Raw(profile).begin(channel);
    await other.publish(channel, profile.say("to all patterns"));
    await other.publish(channel, profile.say("the end"));
    const { seen } = await raw.wait((m) => profile.heard(m) === "the end");
    const times = seen.filter((m) => profile.heard(m) === "to all patterns");
    assert.equal(times.length, 1);
    assert.equal(times[0].channel, channel);
  }],

  ["BX16", "replies have no data; deliveries have data, no successful and no clientId", async (profile) => {
    const channel = profile.room();
    const raw = await new Raw(profile).begin(channel);
    const other = await new Raw(profile).begin(channel);
    const reply = await other.publish(channel, profile.say("form"));
    assert.equal(reply.successful, true, reply.error);
    assert.ok(!("data" in reply));
    const { seen } = await raw.wait((m) => profile.heard(m) === "form");
    for (const message of seen) {
      assert.ok("data" in message);
      assert.ok(!("successful" in message));
      assert.ok(!("clientId" in message));
      assert.ok(!JSON.stringify(message).includes(other.id), "a client id was told to others");
    }
  }],

  ["BX17", "ids come back as they were", async (profile) => {
    for (const id of ["1", "zz9", "a-long-id-of-some-client-library"]) {
      const [reply] = (await post(profile.url, [hello(profile, { id })])).json;
      assert.strictEqual(reply.id, id);
    }
  }],

  ["BX18", "what only begins like a meta channel is none (CVE-2020-11020)", async (profile) => {
    const raw = await new Raw(profile).begin();
    const channel = profile.room();
    for (const fake of ["/meta/subscribe/x", "/meta/subscribe//", "/meta/connect/x", "/meta/handshake/x"]) {
      const reply = await raw.one({ channel: fake, subscription: channel, connectionType: "long-polling" });
      assert.equal(reply.successful, false, `${fake} was taken`);
    }
    const other = await new Raw(profile).begin(channel);
    await other.publish(channel, profile.say("secret"));
    const got = await raw.connect({ advice: { timeout: 500 } });
    assert.ok(!got.some((m) => profile.heard(m) === "secret"), "subscribed through a false channel");
  }],

  ["BX19", "meta channels are not published to, services are nobody else's", async (profile) => {
    const raw = await new Raw(profile).begin(profile.room());
    assert.equal((await raw.publish("/meta/whatever", { a: 1 })).successful, false);
    await raw.subscribe("/**");
    const other = await new Raw(profile).begin();
    await other.publish(profile.service, { who: "cares" });
    const got = await raw.connect({ advice: { timeout: 500 } });
    assert.ok(!got.some((m) => m.channel === profile.service));
    assert.equal((await raw.subscribe("/meta/**")).successful, false);
  }],

  ["BX20", "a service answers with data under the id of the call", async (profile) => {
    const raw = await new Raw(profile).begin(profile.room());
    const good = await raw.publish(profile.service, profile.serviceData, { id: "call-good" });
    assert.equal(good.successful, true, good.error);
    const { message } = await raw.wait((m) => m.id === "call-good" && "data" in m);
    assert.equal(message.channel, profile.service);
    assert.notEqual(message.successful, false);
    const bad = await raw.publish(profile.service + "nonsense", {}, { id: "call-bad" });
    assert.equal(bad.successful, false);
  }],

  ["BX33", "hostile texts are refused in words, and nobody else loses anything", async (profile) => {
    const channel = profile.room();
    const witness = await new Raw(profile).begin(channel);
    const raw = await new Raw(profile).begin(channel);
    const refused = async (body, options) => {
      const { status, json } = await post(profile.url, body, options);
      const bad = status >= 400 || (json ?? []).every((one) => one.successful === false);
      assert.ok(bad, `${String(body).slice(0, 60)} was taken: ${status}`);
      assert.ok(status < 500, `${status} for ${String(body).slice(0, 60)}`);
    };
    const say = (text) => `[{"channel":"${channel}","clientId":"${raw.id}","id":"1","data":{"text":"${text}"}}]`;
    await refused(say("nul \\u0000"));
    await refused(say("half \\ud800"));
    await refused("[".repeat(5000) + "]".repeat(5000));
    await refused(`[{"channel":"${channel}","clientId":"${raw.id}","data":{"text":"${"x".repeat(65536)}"}}]`);
    await refused('{"channel":');
    await refused("[1,2]");
    await refused("");
    await raw.publish(channel, profile.say("still here"));
    await witness.wait((m) => profile.heard(m) === "still here");
  }],
];
