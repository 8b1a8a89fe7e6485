// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reloads, lost connections and servers that go away: nothing is lost, and the room notices nothing.
import assert from "node:assert/strict";
import { outsider } from "./outsider.mjs";
import { setting } from "./setting.mjs";
import { bot, fresh, kinds, Person } from "./world.mjs";

const { world, test } = setting();

const texts = async (one) =>
  (await one.page.locator(".row.said .text").allTextContents()).map((text) => text.trim());

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
    const bo = await outsider(world, kind, room);
    await ada.sees(".person", bo.nick);
    await ada.page.goto("about:blank");
    for (const text of ["one", "two", "three"]) await bo.says(text);
    await ada.page.goBack();
    await ada.reads("three");
    assert.deepEqual(await texts(ada), ["one", "two", "three"]);
    bo.leaves();
  });

  test(`${kind.title}, stories 7 and 9: offline is said at once; what is written then is not shown as sent, and arrives once, in order`, async () => {
    const room = kind.room(fresh("offline"));
    const ada = await world.inRoom(kind, room, fresh("ann"), { relayed: true });
    const bo = await world.inRoom(kind, room);
    await ada.sees(".person", bo.nick);
    ada.forgiven = /ERR_|WebSocket/;
    await ada.goesOffline();
    await ada.sees(".bar", "You're offline. Messages you write will be sent when you're back.");
    const written = ["written in a tunnel", "the second", "and the third"];
    for (const text of written) {
      await ada.says(text);
      await ada.sees(".row.said.sending", text);
    }
    await bo.saysAndIsHeard("said meanwhile");
    const shown = ada.page.locator(".row.said");
    const states = await shown.evaluateAll((rows) => rows.map((row) => row.matches(".sending:has([role=img])")));
    assert.deepEqual(states, [true, true, true]);
    await ada.sees(".bar", "You're offline.");
    await ada.comesOnline();
    await ada.seesNo(".bar");
    await bo.reads("and the third");
    await ada.reads("said meanwhile");
    await ada.seesNo(".row.sending");
    assert.deepEqual((await texts(bo)).filter((text) => text !== "said meanwhile"), written);
    assert.equal(await bo.count(".row.info"), 0);
  });
}

test("story 6: a reload shows the same lines at the same height, also far up, and the draft", async () => {
  const room = `#${fresh("place")}`;
  const ada = await world.inRoom(kinds.irc, room);
  const wire = await bot(world, room);
  const say = (from, to) =>
    wire.write(Array.from({ length: to - from }, (_, i) => `PRIVMSG ${room} :line ${from + i}\r\n`).join(""));
  say(0, 700);
  await ada.reads("line 699");
  const place = () =>
    ada.page.evaluate(() => {
      const log = document.querySelector(".log").getBoundingClientRect();
      const rows = [...document.querySelectorAll(".row.said")].map((row) => [row, row.getBoundingClientRect()]);
      const [row, box] = rows.find(([, { top }]) => top >= log.top) ?? [];
      return row && { text: row.querySelector(".text").textContent.trim(), top: Math.round(box.top - log.top) };
    });
  const isThere = ({ text, top }) =>
    ada.page.waitForFunction(
      ([what, px]) => {
        const rows = [...document.querySelectorAll(".row.said")];
        const row = rows.find((one) => one.querySelector(".text").textContent.trim() === what);
        const edge = document.querySelector(".log")?.getBoundingClientRect().top;
        return row && Math.abs(row.getBoundingClientRect().top - edge - px) <= 1;
      },
      [text, top],
    );
  await ada.types("half a thought");
  for (const px of [3000, 9000]) {
    await ada.page.evaluate((by) => (document.querySelector(".log").scrollTop -= by), px);
    await ada.sees(".pill");
    await ada.page.evaluate(() => new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then))));
    const before = await place();
    assert.ok(before, "rows are in view");
    await ada.page.reload();
    await isThere(before);
    assert.equal(await ada.page.inputValue("halley-composer textarea"), "half a thought");
  }
  const before = await place();
  say(700, 710);
  await ada.sees(".pill", "10 new");
  await isThere(before);
  // At the end one is at the end again.
  await ada.page.click(".pill");
  await ada.reads("line 709");
  await ada.page.reload();
  await ada.reads("line 709");
  assert.equal(await ada.count(".pill"), 0);
});

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

test("a duplicated tab shows the same, and both are heard", async () => {
  const room = `#${fresh("copy")}`;
  const ada = await world.inRoom(kinds.irc, room);
  await ada.saysAndIsHeard("before");
  const kept = await ada.page.evaluate(() => JSON.stringify(sessionStorage));
  const copy = await ada.context.newPage();
  await copy.addInitScript((text) => {
    for (const [key, value] of Object.entries(JSON.parse(text))) sessionStorage.setItem(key, value);
  }, kept);
  await copy.goto(world.url);
  const twin = new Person(world, ada.context, copy);
  await twin.sees(".person .own-nick", ada.nick);
  await twin.reads("before");
  await ada.saysAndIsHeard("still mine");
  await twin.reads("still mine");
  await twin.saysAndIsHeard("mine, too");
  await ada.reads("mine, too");
  for (const one of [ada, twin]) {
    assert.deepEqual(await texts(one), ["before", "still mine", "mine, too"]);
  }
  assert.deepEqual(twin.complaints, []);
});

test("a gateway that is lost before the page is whole is told, and the rest comes with the next", async () => {
  const room = `#${fresh("early")}`;
  const ada = await world.person();
  ada.forgiven = /ERR_|WebSocket|404/;
  await ada.page.route(/\/second\./, (route) => route.abort());
  await ada.visit(`/r/irc/${encodeURIComponent(room)}?nick=${fresh("ann")}`);
  await ada.join();
  await ada.saysAndIsHeard("before");
  assert.equal(await ada.count(".panel .person"), 0);
  await world.tell("kill-gateway");
  await ada.sees(".bar");
  await ada.page.unroute(/\/second\./);
  await world.tell("start-gateway");
  await ada.page.waitForSelector(".bar", { state: "detached", timeout: 30000 });
  await ada.sees(".panel .person");
  await ada.saysAndIsHeard("after");
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
    // Story 11: the network remembers nothing of the time between, and the page says so.
    await ada.sees(".row.gap", "could not be fetched");
  });
}

for (const kind of Object.values(kinds)) {
  const isKept = kind === kinds.xmpp;
  const story = isKept ? "is fetched from the network" : "is a line in the log";
  test(`${kind.title}: what was said while the gateway was gone ${story}`, async () => {
    const room = kind.room(fresh("missed"));
    const ada = await world.inRoom(kind, room);
    ada.forgiven = /ERR_CONNECTION_REFUSED|WebSocket|404/;
    const bo = await outsider(world, kind, room);
    await bo.says("before");
    await ada.reads("before");
    await world.tell("kill-gateway");
    await ada.sees(".bar");
    await bo.says("missed one");
    await bo.says("missed two");
    await world.tell("start-gateway");
    await ada.page.waitForSelector(".bar", { state: "detached", timeout: 30000 });
    await bo.says("after");
    await ada.reads("after");
    if (isKept) await ada.reads("missed two");
    else await ada.sees(".row.info", "could not be fetched");
    const missed = isKept ? ["missed one", "missed two"] : [];
    assert.deepEqual(await texts(ada), ["before", ...missed, "after"]);
    assert.equal(await ada.count('.row.info:has-text("could not be fetched")'), isKept ? 0 : 1);
    bo.leaves();
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
