// SPDX-License-Identifier: GPL-3.0-or-later
//
// For everybody: no fault that can be found by machine on any screen in any theme, everything by
// keyboard, a voice that sums up, narrow windows, and a page that reads from right to left.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { setting } from "./setting.mjs";
import { bot, fresh, kinds } from "./world.mjs";

const { world, test } = setting();

const pages = createRequire(new URL("../../web/package.json", import.meta.url));
const axe = readFileSync(pages.resolve("axe-core/axe.min.js"), "utf8");
const press = (one, keys) => one.page.keyboard.press(keys);

async function faults(one, screen) {
  await one.page.evaluate(axe);
  const found = await one.page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((one) => one.html).slice(0, 3).join(" ")}`);
  });
  return found.map((fault) => `${screen}: ${fault}`);
}

async function goSettings(one, group) {
  await one.page.click('.foot button:has-text("Settings"), .foot .icon + :text("Settings")').catch(() => {});
  await one.page.click(`#tab-${group}`);
}

// From the room, and back to it.
const screens = {
  room: () => {},
  "the card of a person": async (one) => {
    await one.page.click(".panel .person");
    await one.sees(".person-card");
  },
  "about the room": async (one) => {
    await press(one, "Alt+i");
    await one.sees(".room-info");
  },
  search: async (one) => {
    await press(one, "Control+f");
    await one.page.fill('[name="search"]', "hello");
    await one.sees(".found .entry");
  },
  palette: async (one) => {
    await press(one, "Control+k");
    await one.sees("#goals li");
  },
  shortcuts: async (one) => {
    await press(one, "Control+/");
    await one.sees(".keys button");
  },
  mentions: async (one) => {
    await one.page.click(".inbox");
    await one.sees(".found .entry");
  },
  settings: (one) => goSettings(one, "messages"),
};

const themes = [
  ["light", "light"],
  ["dark", "light"],
  ["high", "light"],
  ["high", "dark"],
];

test("story 35: no fault of accessibility on eight screens in four themes", async () => {
  const guest = await world.person();
  await guest.visit("/");
  await guest.sees("halley-sign-in form");
  const found = await faults(guest, "signing in");
  const room = `#${fresh("axe")}`;
  const ada = await world.inRoom(kinds.irc, room);
  const bo = await world.inRoom(kinds.irc, room);
  await bo.saysAndIsHeard("hello, see https://example.org and https://example.org/cat.png");
  await bo.saysAndIsHeard(`${ada.nick}: hello to you`);
  await ada.saysAndIsHeard("hello back");
  await ada.reads("hello to you");
  for (const [theme, colorScheme] of themes) {
    await guest.page.emulateMedia({ colorScheme: theme === "dark" ? "dark" : colorScheme, contrast: theme === "high" ? "more" : null });
    found.push(...(await faults(guest, `signing in, ${theme}`)));
    await ada.page.emulateMedia({ colorScheme });
    await goSettings(ada, "appearance");
    await ada.page.selectOption('[name="theme"]', theme);
    await press(ada, "Escape");
    for (const [screen, show] of Object.entries(screens)) {
      await ada.sees(".log");
      await show(ada);
      found.push(...(await faults(ada, `${screen}, ${theme} ${colorScheme}`)));
      await press(ada, "Escape");
      await ada.sees(".row.said");
      if ((await ada.count(".panel .person")) === 0) await press(ada, "Alt+m");
    }
  }
  assert.deepEqual(found, []);
});

test("story 33: every function is reached with the keyboard alone", async () => {
  const room = `#${fresh("keyboard")}`;
  const ada = await world.inRoom(kinds.irc, room);
  const wire = await bot(world, room, "zelda");
  await ada.sees(".person", "zelda");
  wire.write(`PRIVMSG ${room} :a line to answer\r\n`);
  await ada.reads("a line to answer");
  const regions = new Set();
  for (let i = 0; i < 4; i++) {
    await press(ada, "F6");
    regions.add(await ada.page.evaluate(() => document.activeElement.closest("nav, .log, form, aside")?.tagName));
  }
  assert.deepEqual([...regions].sort(), ["ASIDE", "DIV", "FORM", "NAV"]);
  // A message: to it, what can be done with it, answering it.
  await ada.page.focus(".log");
  await ada.sees(".log:focus");
  await press(ada, "ArrowUp");
  await ada.sees(".row.said:focus");
  await ada.sees(".tools button");
  await press(ada, "Enter");
  await ada.sees(".tools button:focus");
  await ada.page.focus(".row.said");
  await press(ada, "r");
  await ada.sees("textarea:focus");
  await press(ada, "Escape");
  // A person: to the members, down, his card, one of its buttons.
  await ada.page.focus(".people");
  await press(ada, "ArrowDown");
  await press(ada, "Enter");
  await ada.sees(".person-card");
  await press(ada, "Escape");
  // Anything at all by its name.
  await press(ada, "Control+k");
  await ada.sees("#goals li");
  await ada.page.keyboard.type("advanced");
  await ada.sees("#goals li", "Accessibility and advanced");
  await press(ada, "Enter");
  await ada.sees('#tab-advanced[aria-selected="true"]');
  await press(ada, "Escape");
  await ada.sees(".log");
  await press(ada, "Control+/");
  await ada.sees(".keys kbd", "Ctrl+K");
  await press(ada, "Escape");
  await ada.seesNo(".keys");
});

test("story 34: during a burst a screen reader hears one summary", async () => {
  const room = `#${fresh("voice")}`;
  const ada = await world.inRoom(kinds.irc, room);
  const wire = await bot(world, room);
  await ada.sees(".row.fold");
  await ada.sees(".people");
  await ada.page.evaluate(() => {
    globalThis.heard = [];
    const voice = document.querySelector("[aria-live=polite]");
    new MutationObserver(() => heard.push(voice.textContent)).observe(voice, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  wire.write(Array.from({ length: 50 }, (_, i) => `PRIVMSG ${room} :burst ${i}\r\n`).join(""));
  await ada.reads("burst 49");
  await ada.page.waitForFunction(() => heard.some((text) => /\d+ new messages in #/.test(text)));
  const heard = await ada.page.evaluate(() => globalThis.heard);
  assert.ok(heard.length <= 4, heard.join("\n"));
  assert.equal(await ada.page.getAttribute(".log", "aria-live"), "off");
});

// What would have to be moved sideways to be read: the page, a part of it, or what stands outside.
// Code keeps its lines and moves inside itself.
const sideways = (one) =>
  one.page.evaluate(() => {
    const named = (element) => `${element.localName}.${element.className}`;
    const wide = [...document.querySelectorAll("body, body *")].filter(
      (element) =>
        element.scrollWidth > element.clientWidth + 1 &&
        /auto|scroll/.test(getComputedStyle(element).overflowX) &&
        !element.matches(".block"),
    );
    const outside = [...document.querySelectorAll("button, input, select, textarea, a")].filter((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      return width > 1 && (left < -1 || right > innerWidth + 1);
    });
    const page = document.documentElement.scrollWidth > innerWidth ? ["the page"] : [];
    return [...page, ...wide.map(named), ...outside.map(named)];
  });

test("story 37: at 320 px, which is 1280 px at 400 %, nothing scrolls sideways, nor in large letters", async () => {
  const screen = { width: 320, height: 640 };
  const room = `#${fresh("narrow")}`;
  const ada = await world.inRoom(kinds.irc, room, fresh("ann"), { screen });
  await bot(world, room, "victim-of-a-long-name");
  await ada.saysAndIsHeard("y".repeat(200));
  const fits = async (what) => assert.deepEqual(await sideways(ada), [], what);
  const inRoom = () => ada.page.locator(".log").waitFor();
  await fits("the room");
  await ada.page.click(".head .count");
  await ada.sees(".panel .person", "victim");
  await fits("the members");
  await ada.page.click('.panel .person:has-text("victim")');
  await ada.sees(".person-card dd");
  await fits("a person");
  await ada.page.click('.person-card button:has-text("Ban")');
  await ada.sees('[name="reason"]');
  await fits("a ban");
  for (const [keys, part] of [["Alt+i", ".room-info"], ["Control+f", ".search input"], ["Control+k", "#goals li"], ["Control+/", ".keys"]]) {
    await press(ada, "Escape");
    await ada.seesNo("dialog, .panel");
    await press(ada, keys);
    await ada.sees(part);
    await fits(part);
  }
  await press(ada, "Escape");
  await ada.seesNo("dialog");
  await ada.says("/list");
  await ada.sees(".entries .entry");
  await fits("the rooms of the network");
  await press(ada, "Escape");
  await ada.seesNo("dialog");
  await ada.page.click(".head .only-narrow");
  await ada.page.locator(".sidebar").waitFor();
  await fits("the list");
  await ada.page.click('.foot button:has-text("Settings")');
  const groups = ["appearance", "messages", "notifications", "account", "advanced"];
  for (const size of ["100%", "200%"]) {
    await ada.page.evaluate((percent) => (document.documentElement.style.fontSize = percent), size);
    for (const group of groups) {
      await ada.page.click(`#tab-${group}`);
      await ada.sees(`#tab-${group}[aria-selected="true"]`);
      await fits(`settings, ${group}, letters of ${size}`);
    }
  }
  await press(ada, "Escape");
  await inRoom();
  await fits("the room in large");
  await ada.page.evaluate(() => (document.documentElement.style.fontSize = ""));
  await ada.page.setViewportSize({ width: 820, height: 1180 });
  await ada.page.click('.foot button:has-text("Settings")');
  await ada.sees("#tab-advanced");
  await fits("settings at 820 px");
});

test("story 40: in Arabic the page is mirrored, and no nick can turn a line round", async () => {
  const room = `#${fresh("arabic")}`;
  const ada = await world.inRoom(kinds.irc, room, fresh("ann"), { locale: "ar" });
  assert.equal(await ada.page.getAttribute("html", "dir"), "rtl");
  assert.equal(await ada.text(".panel h2"), "الأعضاء");
  const { sidebar, panel } = await ada.page.evaluate(() => ({
    sidebar: document.querySelector(".sidebar").getBoundingClientRect().left,
    panel: document.querySelector(".panel").getBoundingClientRect().left,
  }));
  assert.ok(sidebar > panel);
  const wire = await bot(world, room);
  wire.write(`PRIVMSG ${room} :code stays: if (a < b) { return; }\r\n`);
  await ada.reads("code stays");
  // As a network might tell it; real ones refuse such a nick.
  const shown = await ada.page.evaluate(() => {
    const log = document.querySelector("halley-log");
    const line = log.where.lines.findLast(({ type }) => type === "said");
    line.from = "eve\u202egnp.exe";
    log.requestUpdate();
    return log.updateComplete.then(() => document.querySelector(".row.said .who").textContent.trim());
  });
  assert.equal(shown, "evegnp.exe");
  assert.ok((await ada.count(".row.said .who bdi")) > 0);
  // Nor can a text: what would turn it is shown, and named when one points at it.
  wire.write(`PRIVMSG ${room} :see https://a.example/\u202egpj.exe\r\n`);
  await ada.sees('.row.said a .sign[title="U+202E"]');
  assert.ok(!(await ada.text(".log")).includes("\u202e"));
});

test("what an answer quotes and what a line tells cannot turn it round either", async () => {
  const room = fresh("turn");
  const ada = await world.inRoom(kinds.xmpp, room);
  const bo = await world.inRoom(kinds.xmpp, room);
  await bo.says("good \u202eecin");
  await ada.sees(".row.said .sign");
  await ada.page.hover(".row.said");
  await ada.page.click(`.tools [aria-label="Reply to ${bo.nick}"]`);
  await ada.saysAndIsHeard("indeed");
  assert.equal(await bo.text(".row.said .quoted span"), "good ecin");
  await bo.says("/nick \u05d0\u05d1\u05d2");
  await ada.sees(".row.fold", "\u2068\u05d0\u05d1\u05d2\u2069"); // it ends where it ends
});

test("each language is there, and a missing one falls back to English", async () => {
  const titles = { de: "Losschreiben", fr: "Commencer à discuter", es: "Empezar a chatear", ja: "チャットを始める", "pt-BR": "Começar a conversar", nl: "Start chatting" };
  for (const [locale, title] of Object.entries(titles)) {
    const one = await world.person({ locale });
    await one.visit("/");
    await one.sees("h1", title);
  }
});
