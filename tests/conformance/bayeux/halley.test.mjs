// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every check passes on Halley. They are told apart by what they look at, so they may overlap in time.
// Then what is Halley's own to promise: who may ask at all, and what nobody is told.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { checks } from "./kit.mjs";
import { deliveries, form, nextId, Raw, request, Socket, types } from "./wire.mjs";
import { halley, World } from "./world.mjs";

describe("Bayeux on Halley", { concurrency: 4 }, () => {
  const world = new World();
  before(() => world.start());
  after(() => world.stop());
  for (const [id, title, run] of checks) test(`${id} ${title}`, () => run(halley(world.url)));

  test("a wrong Origin is refused on every entry, and what it asked is not done", async () => {
    const profile = halley(world.url);
    const channel = profile.room();
    const victim = await new Raw(profile).begin(channel);
    const evil = { Origin: "https://evil.example" };
    const json = { ...evil, "Content-Type": "application/json" };
    const asked = {
      handshake: { channel: "/meta/handshake", version: "1.0", supportedConnectionTypes: types, ...profile.introduction() },
      connect: victim.connectMessage({ advice: { timeout: 0 } }),
      subscribe: { channel: "/meta/subscribe", subscription: channel, clientId: victim.id },
      publish: { channel, data: profile.say("forged"), clientId: victim.id },
      "publish by key": { channel, data: profile.say("forged") },
      disconnect: { channel: "/meta/disconnect", clientId: victim.id },
    };
    for (const [what, message] of Object.entries(asked)) {
      const body = JSON.stringify([{ id: nextId(), ...message }]);
      const key = what === "publish by key" ? { Authorization: `Bearer ${profile.publishKey}` } : {};
      const entries = [
        request("POST", profile.url, body, { ...json, ...key }),
        request("POST", `${profile.url}/${what.split(" ")[0]}`, body, { ...json, ...key }),
        request("POST", profile.url, form([message]), { ...evil, ...key, "Content-Type": "application/x-www-form-urlencoded" }),
        request("POST", profile.url, form([message]), { ...evil, ...key, "Content-Type": "text/plain" }),
        request("GET", `${profile.url}?${form([message])}&jsonp=cb`, null, { ...evil, ...key }),
      ];
      for (const answer of await Promise.all(entries)) {
        assert.equal(answer.status, 403, `${what}: ${answer.status} ${answer.text}`);
        assert.ok(!answer.text.includes('"successful":true'), what);
      }
    }
    const stream = await request("GET", `${profile.url}/${victim.id}`, null, { ...evil, Accept: "text/event-stream" });
    assert.equal(stream.status, 403);
    await assert.rejects(Socket.open(profile, { headers: evil }));
    const flight = await request("OPTIONS", profile.url, null, { ...evil, "Access-Control-Request-Method": "POST" });
    assert.notEqual(flight.headers["access-control-allow-origin"], "https://evil.example");
    // The client is still there, and nothing was said in its name.
    await victim.publish(channel, profile.say("the end"));
    const { seen } = await victim.wait((m) => profile.heard(m) === "the end");
    assert.ok(!seen.some((m) => profile.heard(m) === "forged"));
  });

  test("the id of a client is in no delivery, whatever is delivered", async () => {
    const profile = halley(world.url);
    const channel = profile.room();
    const room = channel.split("/").pop();
    const [ann, bob] = [await new Raw(profile).begin(channel), await new Raw(profile).begin(channel)];
    for (const raw of [ann, bob])
      for (const one of [`/members/irc/${room}`, `/data/irc/${room}`, "/net/irc", "/dm/irc/*", "/**"]) await raw.subscribe(one);
    await ann.publish(channel, profile.say("a line"));
    await ann.publish(`/data/irc/${room}`, { type: "x", value: [1] });
    await ann.publish("/service/irc/typing", { to: `#${room}`, state: "active" });
    await ann.publish("/service/irc/whois", { nick: "nobody" });
    await ann.publish("/service/irc/nick", { nick: `renamed${process.pid}` });
    await ann.publish(channel, profile.say("the end"));
    for (const raw of [ann, bob]) {
      const { seen } = await raw.wait((m) => profile.heard(m) === "the end");
      assert.ok(seen.some((m) => m.data.ev === "data" && m.channel === `/data/irc/${room}`));
      for (const message of deliveries(seen)) {
        const text = JSON.stringify(message);
        assert.ok(!text.includes(ann.id) && !text.includes(bob.id) && !("clientId" in message), text);
      }
    }
  });
});
