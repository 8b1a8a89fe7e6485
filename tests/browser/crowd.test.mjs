// SPDX-License-Identifier: GPL-3.0-or-later
//
// Many lines and many people at once: the page stays usable, and the line being read stays put.
import assert from "node:assert/strict";
import { setting } from "./setting.mjs";
import { bot, fresh, kinds, screens } from "./world.mjs";

const { world, test } = setting({ limit: 300000 });

const firstInView = (one) =>
  one.page.evaluate(() => {
    const { top } = document.querySelector(".log").getBoundingClientRect();
    for (const line of document.querySelectorAll(".line")) {
      const box = line.getBoundingClientRect();
      if (box.bottom > top) return { key: line.dataset.key, top: Math.round(box.top - top) };
    }
    return null;
  });
const fromEnd = (one) =>
  one.page.evaluate(() => {
    const log = document.querySelector(".log");
    return log.scrollHeight - log.scrollTop - log.clientHeight;
  });

test("5,000 lines at once: the end is shown, all can be reached, few are in the page", async () => {
  const room = `#${fresh("burst")}`;
  const ada = await world.inRoom(kinds.irc, room);
  const wire = await bot(world, room);
  await ada.sees(".row.fold");
  const lines = Array.from({ length: 5000 }, (_, i) => `PRIVMSG ${room} :line ${i} of many\r\n`);
  wire.write(lines.join(""));
  await ada.page.waitForSelector('.row.said .text:text-is("line 4999 of many")', { timeout: 30000 });
  assert.ok((await ada.count(".line")) <= 200);
  assert.ok((await ada.count("*")) < 3000);
  assert.ok((await fromEnd(ada)) <= 1);
  await ada.page.evaluate(() => document.querySelector(".log").scrollTo(0, 0));
  await ada.reads("line 0 of many");
  await ada.sees(".pill", "Jump to latest");
  await ada.page.click(".pill");
  await ada.reads("line 4999 of many");
  await ada.seesNo(".pill");
});

test("the line being read keeps its place while others arrive", async () => {
  const room = `#${fresh("still")}`;
  const ada = await world.inRoom(kinds.irc, room);
  const wire = await bot(world, room);
  await ada.sees(".row.fold");
  for (let i = 0; i < 300; i++) wire.write(`PRIVMSG ${room} :first ${i}\r\n`);
  await ada.reads("first 299");
  await ada.page.locator(".log").hover();
  await ada.page.mouse.wheel(0, -2000);
  await ada.sees(".pill");
  const before = await firstInView(ada);
  await ada.page.locator(`[data-key="${before.key}"] .row`).evaluate((row) => {
    row.focus({ preventScroll: true });
    window.read = row;
  });
  for (let i = 0; i < 100; i++) wire.write(`PRIVMSG ${room} :second ${i}\r\n`);
  await ada.sees(".pill", "new messages");
  assert.deepEqual(await firstInView(ada), before);
  assert.ok(await ada.page.evaluate(() => document.activeElement === window.read));
  await ada.saysAndIsHeard("saying something goes to the end");
  assert.ok((await fromEnd(ada)) <= 1);
});

test("a storm of joins is one line with a number, and names at most fifty when opened", async () => {
  const room = `#${fresh("storm")}`;
  const ada = await world.inRoom(kinds.irc, room);
  await Promise.all(Array.from({ length: 60 }, () => bot(world, room)));
  await ada.sees(".row.fold", "60 joined");
  assert.equal(await ada.count(".row.fold"), 1);
  await ada.page.click(".row.fold button");
  await ada.sees(".row.fold .names", "and 10 more");
  await ada.sees(".head .count", "61");
  await ada.page.fill('.panel [type="search"]', ada.nick);
  assert.equal(await ada.count(".person"), 1);
});

test("of 10,000 members only those in view are in the page, and the filter finds each", async () => {
  const ada = await world.inRoom(kinds.irc, `#${fresh("many")}`);
  await ada.sees(".panel .person");
  // As the gateway would list them: no server here lets so many in.
  await ada.page.evaluate(() => {
    const { members } = document.querySelector("halley-log").where;
    const role = (i) => (i % 1000 ? [] : ["op"]);
    members.fill(Array.from({ length: 10000 }, (_, i) => ({ nick: `m${i}`, roles: role(i) })), false);
    document.dispatchEvent(new Event("visibilitychange")); // draws
  });
  await ada.sees(".panel .person", "m1000");
  assert.ok((await ada.count(".panel .person")) < 100);
  await ada.page.evaluate(() => document.querySelector(".people").scrollTo(0, 1e7));
  await ada.sees(".panel .person", "m9999");
  assert.ok((await ada.count(".panel .person")) < 100);
  await ada.page.fill('.panel [type="search"]', "m777");
  await ada.sees(".panel .person", "m7770");
  assert.equal(await ada.count(".panel .person"), 11);
});

test("lines that came while the room was closed are marked, and the title counts mentions", async () => {
  const first = `#${fresh("one")}`;
  const second = `#${fresh("two")}`;
  const ada = await world.inRoom(kinds.irc, first);
  await ada.says(`/join ${second}`);
  await ada.sees(".head h1", second);
  const bo = await world.inRoom(kinds.irc, first);
  await bo.saysAndIsHeard("nothing of note");
  await ada.sees(".place.unread", first);
  assert.equal(await ada.count(".sidebar .badge"), 0);
  await bo.saysAndIsHeard(`${ada.nick}: come and see`);
  await ada.sees(".sidebar .badge", "1");
  assert.match(await ada.page.title(), /^\(1\) /);
  await ada.page.keyboard.press("Alt+a");
  await ada.sees(".row.mention .text", "come and see");
  await ada.seesNo(".sidebar .badge");
  assert.doesNotMatch(await ada.page.title(), /^\(/);
});

test("with the keyboard alone: complete a nick, recall a line, go through the regions", async () => {
  const room = `#${fresh("keys")}`;
  const ada = await world.inRoom(kinds.irc, room);
  await bot(world, room, "zelda9");
  await ada.sees(".person", "zelda9");
  await ada.types("zel");
  await ada.page.keyboard.press("Tab");
  await ada.hasWritten("zelda9: ");
  await ada.saysAndIsHeard("once");
  await ada.page.keyboard.press("ArrowUp");
  await ada.hasWritten("once");
  const seen = new Set();
  for (let i = 0; i < 4; i++) {
    await ada.page.keyboard.press("F6");
    seen.add(await ada.page.evaluate(() => document.activeElement.closest("nav, .log, form, aside")?.tagName));
  }
  assert.deepEqual([...seen].sort(), ["ASIDE", "DIV", "FORM", "NAV"]);
  await ada.page.focus(".log");
  await ada.page.keyboard.type("x");
  assert.ok(await ada.page.evaluate(() => document.activeElement.tagName === "TEXTAREA"));
});

for (const [name, screen] of Object.entries(screens)) {
  for (const colorScheme of ["light", "dark"]) {
    test(`on a ${name} in ${colorScheme} nothing scrolls sideways and the text can be read`, async () => {
      const room = `#${fresh("look")}`;
      const ada = await world.inRoom(kinds.irc, room, fresh("ann"), { screen, colorScheme });
      await ada.saysAndIsHeard("x".repeat(300));
      const { wide, dark } = await ada.page.evaluate(() => {
        const [r, g, b] = getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g);
        return { wide: document.documentElement.scrollWidth, dark: +r + +g + +b < 384 };
      });
      assert.ok(wide <= screen.width);
      assert.equal(dark, colorScheme === "dark");
    });
  }
}
