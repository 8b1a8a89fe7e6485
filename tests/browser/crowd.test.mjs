// SPDX-License-Identifier: GPL-3.0-or-later
//
// Many lines and many people at once: the page stays usable, and the line being read stays put.
import assert from "node:assert/strict";
import { createConnection } from "node:net";
import { after, afterEach, before, test } from "node:test";
import { fresh, kinds, screens, World } from "./world.mjs";

const world = new World();
const bots = [];
before(() => world.start());
after(() => world.stop());
afterEach(async () => {
  for (const bot of bots.splice(0)) bot.destroy();
  await world.everybodyLeaves();
});

// Somebody at a plain IRC client, who is in the room when this resolves.
function bot(room, nick = fresh("bot")) {
  return new Promise((resolve, reject) => {
    const wire = createConnection(world.ports.irc, "127.0.0.1");
    bots.push(wire);
    let rest = "";
    wire.setEncoding("utf8");
    wire.on("error", reject);
    wire.on("data", (data) => {
      const lines = (rest + data).split("\r\n");
      rest = lines.pop();
      for (const line of lines) {
        const words = line.split(" ");
        if (words[0] === "PING") wire.write(`PONG ${words[1]}\r\n`);
        else if (words[1] === "001") wire.write(`JOIN ${room}\r\n`);
        else if (words[1] === "366") resolve(wire);
      }
    });
    wire.write(`NICK ${nick}\r\nUSER b 0 * :b\r\n`);
  });
}

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
  const wire = await bot(room);
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
  const wire = await bot(room);
  await ada.sees(".row.fold");
  for (let i = 0; i < 300; i++) wire.write(`PRIVMSG ${room} :first ${i}\r\n`);
  await ada.reads("first 299");
  await ada.page.locator(".log").hover();
  await ada.page.mouse.wheel(0, -2000);
  await ada.sees(".pill");
  const before = await firstInView(ada);
  for (let i = 0; i < 100; i++) wire.write(`PRIVMSG ${room} :second ${i}\r\n`);
  await ada.sees(".pill", "new messages");
  assert.deepEqual(await firstInView(ada), before);
  await ada.saysAndIsHeard("saying something goes to the end");
  assert.ok((await fromEnd(ada)) <= 1);
});

test("a storm of joins is one line with a number, and names at most fifty when opened", async () => {
  const room = `#${fresh("storm")}`;
  const ada = await world.inRoom(kinds.irc, room);
  await Promise.all(Array.from({ length: 60 }, () => bot(room)));
  await ada.sees(".row.fold", "60 joined");
  assert.equal(await ada.count(".row.fold"), 1);
  await ada.page.click(".row.fold button");
  await ada.sees(".row.fold .names", "and 10 more");
  await ada.sees(".head .count", "61");
  await ada.page.fill('.panel [type="search"]', ada.nick);
  assert.equal(await ada.count(".person"), 1);
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
  await bot(room, "zelda9");
  await ada.sees(".person", "zelda9");
  await ada.types("zel");
  await ada.page.keyboard.press("Tab");
  assert.equal(await ada.page.inputValue("halley-composer textarea"), "zelda9: ");
  await ada.saysAndIsHeard("once");
  await ada.page.keyboard.press("ArrowUp");
  assert.equal(await ada.page.inputValue("halley-composer textarea"), "once");
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
