// SPDX-License-Identifier: GPL-3.0-or-later
//
// The chat page in many tabs of one browser: one person on one connection, and each tab shows what
// the others show. With a SharedWorker, and where there is none over the tab that leads.
import assert from "node:assert/strict";
import { setting } from "./setting.mjs";
import { fresh, kinds, Person } from "./world.mjs";

const { world, test } = setting();

const texts = async (one) =>
  (await one.page.locator(".row.said .text").allTextContents()).map((text) => text.trim());
const people = async (one) =>
  (await one.page.locator(".panel .person").allTextContents()).map((text) => text.trim()).sort();
// The gateway's name for the session of a tab.
const session = (one) =>
  one.page.evaluate(() => {
    const key = Object.keys(sessionStorage).find((name) => name.startsWith("halley:session:"));
    return JSON.parse(sessionStorage.getItem(key)).hello.session;
  });
const noWorker = (context) => context.addInitScript(() => delete globalThis.SharedWorker);

async function anotherTab(of, path = "/") {
  const tab = new Person(world, of.context, await of.context.newPage());
  await tab.visit(path);
  tab.nick = of.nick;
  return tab;
}

for (const way of ["a SharedWorker", "a BroadcastChannel alone"]) {
  async function inRoom(room) {
    const one = await world.person();
    if (way !== "a SharedWorker") await noWorker(one.context);
    one.nick = fresh("ada");
    await one.visit(`/r/irc/${encodeURIComponent(room)}?nick=${one.nick}`);
    await one.join();
    await one.sees(".head h1");
    return one;
  }

  test(`with ${way}: two tabs are one person, and each shows each line once`, async () => {
    const room = `#${fresh("two")}`;
    const bo = await world.inRoom(kinds.irc, room);
    const first = await inRoom(room);
    await first.saysAndIsHeard("before the second");
    const second = await anotherTab(first);
    await second.sees(".person .own-nick", first.nick);
    await second.reads("before the second");
    await first.saysAndIsHeard("from the first");
    await second.saysAndIsHeard("from the second");
    await bo.saysAndIsHeard("to both");
    for (const tab of [first, second]) {
      await tab.reads("to both");
      assert.deepEqual(await texts(tab), [
        "before the second",
        "from the first",
        "from the second",
        "to both",
      ]);
    }
    assert.deepEqual(await texts(bo), await texts(first));
    // One connection: the room has one nick of ours, the gateway one session.
    assert.equal((await people(bo)).length, 2);
    assert.equal(await bo.count(".row.fold"), 1);
    assert.equal(await session(first), await session(second));
    const workers = await workersOf(first);
    assert.equal(workers, way === "a SharedWorker" ? 1 : 0);
    assert.deepEqual(second.complaints, []);
  });

  test(`with ${way}: tabs come, go and reload, and the room notices nothing`, async () => {
    const room = `#${fresh("come")}`;
    const bo = await world.inRoom(kinds.irc, room);
    const first = await inRoom(room);
    await bo.sees(".row.fold", first.nick);
    const second = await anotherTab(first);
    await second.sees(".person .own-nick", first.nick);
    const third = await anotherTab(first);
    await third.sees(".person .own-nick", first.nick);
    await bo.saysAndIsHeard("one");
    for (const tab of [first, second, third]) await tab.reads("one");
    // The one that came first goes, and may have led.
    await first.page.close();
    await bo.saysAndIsHeard("two");
    await second.reads("two");
    await second.saysAndIsHeard("three");
    await third.reads("three");
    await second.page.reload();
    await second.sees(".person .own-nick", first.nick);
    await third.saysAndIsHeard("four");
    await second.reads("four");
    await bo.reads("four");
    for (const one of [second, third, bo]) {
      assert.deepEqual(await texts(one), ["one", "two", "three", "four"]);
    }
    assert.equal(await bo.count(".row.fold"), 1);
    assert.deepEqual([...second.complaints, ...third.complaints], []);
    first.page = third.page; // to leave by
  });

  test(`with ${way}: who closes the last tab is gone in seconds; another one, or a reload, is no leave`, async () => {
    const room = `#${fresh("close")}`;
    const bo = await world.inRoom(kinds.irc, room);
    const first = await inRoom(room);
    const second = await anotherTab(first);
    const eve = await inRoom(room);
    for (const one of [first, second, eve, bo]) await one.sees(".panel .person", eve.nick);
    await second.page.close({ runBeforeUnload: true });
    await first.page.reload();
    await first.sees(".person .own-nick", first.nick);
    // Hers began later: when it is over, the times of the others are, too.
    const began = Date.now();
    await eve.page.close({ runBeforeUnload: true });
    await bo.page.waitForSelector(`.panel .person:has-text("${eve.nick}")`, {
      state: "detached",
      timeout: 18000,
    });
    assert.ok(Date.now() - began < 15000, "that was the time of grace"); // 20 s here
    await first.saysAndIsHeard("still here");
    await bo.reads("still here");
    await bo.sees(".panel .person", first.nick);
    assert.equal(await bo.count(`.row.fold:has-text("${first.nick} left")`), 0);
  });

  test(`with ${way}: leaving in one tab is leaving in all`, async () => {
    const room = `#${fresh("leave")}`;
    const bo = await world.inRoom(kinds.irc, room);
    const first = await inRoom(room);
    const second = await anotherTab(first);
    await second.sees(".person .own-nick", first.nick);
    await first.saysAndIsHeard("good bye");
    await bo.reads("good bye");
    await second.page.click(".network .icon-button");
    for (const tab of [first, second]) await tab.sees("halley-sign-in form");
    await bo.sees(".row.fold", "left");
    assert.deepEqual(second.complaints, []);
  });
}

test("a browser of its own is another visitor", async () => {
  const room = `#${fresh("other")}`;
  const ada = await world.inRoom(kinds.irc, room);
  const bo = await world.person();
  await bo.visit("/");
  await bo.sees("halley-sign-in form");
  await bo.visit(`/r/irc/${encodeURIComponent(room)}?nick=${fresh("bo")}`);
  await bo.join();
  await bo.sees(".panel .person", ada.nick);
  assert.notEqual(await session(ada), await session(bo));
});

test("a link to another room opens it in a new tab, for all tabs", async () => {
  const [room, other] = [`#${fresh("here")}`, `#${fresh("there")}`];
  const ada = await world.inRoom(kinds.irc, room);
  const tab = await anotherTab(ada, `/r/irc/${encodeURIComponent(other)}`);
  await tab.sees(".head h1", other);
  await tab.saysAndIsHeard("found it");
  await ada.sees(".sidebar .place", other);
  assert.deepEqual(tab.complaints, []);
});

test("a tab that stood at the sign-in is led to where another tab has gone meanwhile", async () => {
  const [room, other] = [`#${fresh("first")}`, `#${fresh("late")}`];
  const late = await world.person();
  await late.visit(`/r/irc/${encodeURIComponent(other)}?nick=${fresh("somebody")}`);
  await late.sees("halley-sign-in form");
  const nick = fresh("ada");
  const early = new Person(world, late.context, await late.context.newPage());
  await early.visit(`/r/irc/${encodeURIComponent(room)}?nick=${nick}`);
  await early.join();
  await early.sees(".person .own-nick", nick);
  await late.join();
  await late.sees(".head h1", other);
  await late.sees(".person .own-nick", nick);
  assert.deepEqual(early.complaints, []);
});

async function workersOf(one) {
  const devtools = await one.context.newCDPSession(one.page);
  const { targetInfo } = await devtools.send("Target.getTargetInfo");
  const all = await world.browser.newBrowserCDPSession();
  const { targetInfos } = await all.send("Target.getTargets");
  const { browserContextId } = targetInfo;
  return targetInfos.filter(
    (each) => each.type === "shared_worker" && each.browserContextId === browserContextId,
  ).length;
}
