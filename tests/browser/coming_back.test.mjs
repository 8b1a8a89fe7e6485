// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reloads, lost connections and servers that go away: nothing is lost, and the room notices nothing.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { fresh, kinds, World } from "./world.mjs";

const world = new World();
before(() => world.start());
after(() => world.stop());
afterEach(() => world.everybodyLeaves());

for (const kind of Object.values(kinds)) {
  test(`${kind.title}: a reload stands where it stood, and the room sees no leave`, async () => {
    const room = kind.room(fresh("reload"));
    const ada = await world.inRoom(kind, room);
    const bo = await world.inRoom(kind, room);
    await bo.saysAndIsHeard("before");
    await ada.reads("before");
    await ada.types("half a thought");
    const began = Date.now();
    await ada.page.reload();
    await ada.reads("before");
    assert.ok(Date.now() - began < 3000);
    assert.equal(await ada.page.inputValue("halley-composer textarea"), "half a thought");
    await ada.sees(".person", bo.nick);
    await bo.saysAndIsHeard("after");
    await ada.reads("after");
    await ada.saysAndIsHeard("still here");
    await bo.reads("still here");
    assert.equal(await bo.count(".row.fold, .row.info"), 0);
    assert.equal(await ada.count('.row.said .text:text-is("before")'), 1);
  });

  test(`${kind.title}: what is said while somebody reloads is there afterwards`, async () => {
    const room = kind.room(fresh("gap"));
    const ada = await world.inRoom(kind, room);
    const bo = await world.inRoom(kind, room);
    await ada.sees(".person", bo.nick);
    await ada.page.goto("about:blank");
    for (const text of ["one", "two", "three"]) await bo.saysAndIsHeard(text);
    await ada.page.goBack();
    await ada.reads("three");
    const texts = await ada.page.locator(".row.said .text").allTextContents();
    assert.deepEqual(texts.map((text) => text.trim()), ["one", "two", "three"]);
  });

  test(`${kind.title}: offline is said at once; what is written then arrives once`, async () => {
    const room = kind.room(fresh("offline"));
    const ada = await world.inRoom(kind, room);
    const bo = await world.inRoom(kind, room);
    await ada.sees(".person", bo.nick);
    ada.forgiven = /ERR_INTERNET_DISCONNECTED|WebSocket/;
    await ada.context.setOffline(true);
    await ada.sees(".bar", "You're offline. Messages you write will be sent when you're back.");
    await ada.says("written in a tunnel");
    await ada.sees(".row.said", "written in a tunnel");
    await bo.saysAndIsHeard("said meanwhile");
    await ada.context.setOffline(false);
    await ada.seesNo(".bar");
    await bo.reads("written in a tunnel");
    await ada.reads("said meanwhile");
    await ada.seesNo(".row.sending");
    assert.equal(await bo.count('.row.said .text:text-is("written in a tunnel")'), 1);
    assert.equal(await bo.count(".row.info"), 0);
  });
}

test("a tab that was closed does not keep its nick from its owner", async () => {
  const room = `#${fresh("ghost")}`;
  const ada = await world.inRoom(kinds.irc, room);
  await ada.page.close();
  ada.page = await ada.context.newPage();
  await ada.visit(`/r/irc/${encodeURIComponent(room)}?nick=${ada.nick}`);
  await ada.join();
  await ada.sees(".person .own-nick", ada.nick);
  await ada.saysAndIsHeard("me again");
});

test("a duplicated tab starts anew instead of taking over the session", async () => {
  const room = `#${fresh("copy")}`;
  const ada = await world.inRoom(kinds.irc, room);
  const kept = await ada.page.evaluate(() => JSON.stringify(sessionStorage));
  const copy = await ada.context.newPage();
  await copy.addInitScript((text) => {
    for (const [key, value] of Object.entries(JSON.parse(text))) sessionStorage.setItem(key, value);
  }, kept);
  await copy.goto(world.url);
  await copy.waitForSelector("halley-sign-in form");
  await ada.saysAndIsHeard("still mine");
});

for (const [verb, story] of [
  ["stop-gateway", "is stopped"],
  ["kill-gateway", "is gone without a word"],
]) {
  test(`when the gateway ${story} the bar says so, and a new one is used when it is there`, async () => {
    const room = `#${fresh("restart")}`;
    const ada = await world.inRoom(kinds.irc, room);
    ada.forgiven = /ERR_CONNECTION_REFUSED|WebSocket|404/;
    await ada.saysAndIsHeard("before");
    await world.tell(verb);
    await ada.sees(".bar");
    await world.tell("start-gateway");
    await ada.page.waitForSelector(".bar", { state: "detached", timeout: 30000 });
    await ada.saysAndIsHeard("after");
    await ada.reads("before");
  });
}

test("when the network goes away the bar names it, and the room is there again with it", async () => {
  const room = `#${fresh("network")}`;
  const ada = await world.inRoom(kinds.irc, room);
  await ada.saysAndIsHeard("before");
  await world.tell("kill-irc");
  await ada.sees(".bar", "Comet IRC isn't answering. We keep trying.");
  await ada.sees(".sidebar .dot.offline");
  await world.tell("start-irc");
  await ada.page.waitForSelector(".bar", { state: "detached", timeout: 40000 });
  await ada.saysAndIsHeard("after");
});
