// SPDX-License-Identifier: GPL-3.0-or-later
//
// Many tabs, one session: over a SharedWorker, and where there is none over the tab that leads. Each
// tab sees each line once, its own included, whoever comes and goes.
import assert from "node:assert/strict";
import { eachOnce, LibraryWorld } from "./library.mjs";
import { setting } from "./setting.mjs";
import { fresh } from "./world.mjs";

const { world, test } = setting({ world: new LibraryWorld() });

async function joinIn(context, room, options) {
  const tab = await world.tab(context, options);
  await tab.page.evaluate(() => window.session.resume());
  await tab.isIn(room);
  return tab;
}

// Lines as the model shows them: what was said before a tab came is told to it, too.
async function allShow(tabs, expected) {
  for (const tab of tabs) {
    const shown = await tab.shown();
    eachOnce(shown);
    assert.deepEqual(shown, expected);
  }
}

for (const tabs of ["worker", "channel"]) {
  const way = tabs === "worker" ? "with a SharedWorker" : "with a BroadcastChannel alone";

  test(`${way}: three tabs are one person, and each shows every line once`, async () => {
    const room = `#${fresh("tabs")}`;
    const context = await world.browser.newContext();
    const first = await world.tab(context, { tabs });
    await first.enter(room, fresh("ada"));
    const bo = await world.talker(room, fresh("bo"));
    await bo.says("before");
    await first.reads(`${bo.nick}: before`);
    const second = await joinIn(context, room, { tabs });
    const third = await joinIn(context, room, { tabs });
    const nick = first.nick;
    await first.saysAndIsHeard("from the first");
    await second.saysAndIsHeard("from the second");
    await third.saysAndIsHeard("from the third");
    await bo.says("after");
    const all = [first, second, third];
    for (const tab of all) await tab.reads(`${bo.nick}: after`);
    await allShow(all, [
      `${bo.nick}: before`,
      `${nick}: from the first`,
      `${nick}: from the second`,
      `${nick}: from the third`,
      `${bo.nick}: after`,
    ]);
    assert.deepEqual(bo.lines.slice(1, 4).map((line) => line.split(": ")[1]), [
      "from the first",
      "from the second",
      "from the third",
    ]);
    // Everybody in the room is one person of ours and bo.
    const people = await bo.session.do({ do: "names", room }).result;
    assert.ok(people.ok);
    const { members } = bo.events.findLast(({ ev }) => ev === "members");
    assert.deepEqual(members.map(({ nick: one }) => one).sort(), [bo.nick, nick].sort());
    await context.close();
  });

  test(`${way}: the tab that came first goes, and the others notice nothing`, async () => {
    const room = `#${fresh("lead")}`;
    const context = await world.browser.newContext();
    const first = await world.tab(context, { tabs });
    await first.enter(room, fresh("ada"));
    const bo = await world.talker(room, fresh("bo"));
    const others = [await joinIn(context, room, { tabs }), await joinIn(context, room, { tabs })];
    await bo.says("1");
    for (const tab of others) await tab.reads(`${bo.nick}: 1`);
    await first.page.close();
    await bo.says("2", "3");
    await others[0].say("still here");
    await bo.reads(`${first.nick}: still here`);
    for (const tab of others) await tab.reads(`${bo.nick}: 3`);
    for (const tab of others) await tab.reads(`${first.nick}: still here`);
    const [shown, alike] = await Promise.all(others.map((tab) => tab.shown()));
    eachOnce(shown);
    assert.deepEqual(alike, shown);
    assert.equal(shown.length, 4);
    assert.equal(bo.lines.filter((line) => line.endsWith("still here")).length, 1);
    assert.equal(bo.events.filter(({ ev }) => ev === "left").length, 0);
    await context.close();
  });

  test(`${way}: a reload of the only tab goes on where it stood`, async () => {
    const room = `#${fresh("again")}`;
    const context = await world.browser.newContext();
    const options = { tabs, keep: "ada" };
    const ada = await world.tab(context, options);
    await ada.enter(room, fresh("ada"));
    const bo = await world.talker(room, fresh("bo"));
    await bo.says("1");
    await ada.reads(`${bo.nick}: 1`);
    await ada.page.goto("about:blank");
    await bo.says("2", "3");
    await ada.load(world.url, options);
    await ada.page.evaluate(() => window.session.resume());
    await ada.reads(`${bo.nick}: 3`);
    assert.deepEqual(await ada.lines(), [`${bo.nick}: 2`, `${bo.nick}: 3`]);
    await ada.saysAndIsHeard("back");
    await bo.reads(`${ada.nick}: back`);
    assert.equal(bo.events.filter(({ ev }) => ev === "left").length, 0);
    await context.close();
  });

  test(`${way}: leaving in one tab is leaving in all`, async () => {
    const room = `#${fresh("leave")}`;
    const context = await world.browser.newContext();
    const first = await world.tab(context, { tabs });
    await first.enter(room, fresh("ada"));
    const bo = await world.talker(room, fresh("bo"));
    const second = await joinIn(context, room, { tabs });
    await second.page.evaluate(() => window.session.leave("bye"));
    await first.page.waitForFunction(() => window.session.state.phase === "over");
    await bo.until("gone", () => bo.events.some(({ ev }) => ev === "left"));
    await context.close();
  });
}

test("seven tabs on HTTP/1.1 with long poll share one connection", async () => {
  const room = `#${fresh("seven")}`;
  const context = await world.browser.newContext();
  const options = { tabs: "channel", carriers: ["long_poll"] };
  const tabs = [await world.tab(context, options)];
  await tabs[0].enter(room, fresh("ada"));
  await tabs[0].uses("long_poll");
  const bo = await world.talker(room, fresh("bo"));
  for (let i = 1; i < 7; i++) tabs.push(await joinIn(context, room, options));
  const expected = [];
  for (const tab of tabs) {
    const text = `from tab ${expected.length}`;
    await tab.saysAndIsHeard(text);
    expected.push(`${tabs[0].nick}: ${text}`);
  }
  await bo.says("all of you");
  expected.push(`${bo.nick}: all of you`);
  for (const tab of tabs) await tab.reads(`${bo.nick}: all of you`);
  for (const tab of tabs) {
    const shown = await tab.shown();
    eachOnce(shown);
    assert.deepEqual(shown, expected);
  }
  await context.close();
});

test("a second browser takes part in the same session with its token, with a cursor of its own", async () => {
  const room = `#${fresh("second")}`;
  const home = await world.browser.newContext();
  const away = await world.browser.newContext();
  const ada = await world.tab(home, {});
  await ada.enter(room, fresh("ada"));
  const bo = await world.talker(room, fresh("bo"));
  const phone = await world.tab(away, {});
  const token = await ada.page.evaluate(() => window.session.hello.session);
  await phone.page.evaluate((session) => window.session.attach(session), token);
  await phone.isIn(room);
  for (let i = 0; i < 3; i++) {
    await ada.saysAndIsHeard(`from the desk ${i}`);
    await phone.saysAndIsHeard(`from the phone ${i}`);
  }
  await bo.says("I hear you");
  for (const one of [ada, phone]) await one.reads(`${bo.nick}: I hear you`);
  const said = [0, 1, 2].flatMap((i) => [`from the desk ${i}`, `from the phone ${i}`]);
  const expected = [...said.map((text) => `${ada.nick}: ${text}`), `${bo.nick}: I hear you`];
  assert.deepEqual(await ada.shown(), expected);
  assert.deepEqual(await phone.shown(), expected);
  assert.deepEqual(bo.lines, expected);
  // The phone goes into a tunnel; the desk reads on, and nothing is kept from the phone.
  await phone.network({ offline: true });
  await bo.says("1", "2");
  await ada.reads(`${bo.nick}: 2`);
  await phone.network({});
  await phone.reads(`${bo.nick}: 2`);
  assert.deepEqual(await phone.shown(), await ada.shown());
  await Promise.all([home.close(), away.close()]);
});

for (const carrier of ["long_poll", "poll", "script"]) {
  test(`a second browser over ${carrier} is told at once what it takes part in`, async () => {
    const room = `#${fresh("told")}`;
    const home = await world.browser.newContext();
    const away = await world.browser.newContext();
    const ada = await world.tab(home, {});
    await ada.enter(room, fresh("ada"));
    const phone = await world.tab(away, { carriers: [carrier] });
    const hello = await ada.page.evaluate(() => window.session.hello);
    await phone.page.evaluate((session) => window.session.attach(session), hello.session);
    await phone.isIn(room);
    const told = await phone.page.evaluate(() => window.session.hello);
    for (const field of ["session", "epoch", "network", "title", "kind", "grace", "hold", "poll"]) {
      assert.equal(told[field], hello[field], field);
    }
    await phone.saysAndIsHeard("from the phone");
    await ada.reads(`${ada.nick}: from the phone`);
    await ada.saysAndIsHeard("from the desk");
    await phone.reads(`${ada.nick}: from the desk`);
    assert.deepEqual(await phone.shown(), await ada.shown());
    await Promise.all([home.close(), away.close()]);
  });
}
