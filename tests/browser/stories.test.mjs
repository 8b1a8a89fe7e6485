// SPDX-License-Identifier: GPL-3.0-or-later
//
// What visitors do, one story each, where no other file here tells it already.
import assert from "node:assert/strict";
import { setting } from "./setting.mjs";
import { bot, fresh, kinds, screens } from "./world.mjs";

const { world, test } = setting({ more: { pair: {} } });

const press = (one, keys) => one.page.keyboard.press(keys);
const value = (one) => one.page.inputValue("halley-composer textarea");
const texts = async (one) =>
  (await one.page.locator(".row.said .text").allTextContents()).map((text) => text.trim());

// As if the reader looked at another tab.
const lookAway = (one, isAway) =>
  one.page.evaluate((away) => {
    Object.defineProperty(document, "hidden", { get: () => away, configurable: true });
    document.hasFocus = () => !away;
    document.dispatchEvent(new Event("visibilitychange"));
    if (!away) dispatchEvent(new Event("focus"));
  }, isAway);

test("stories 1 and 3: from a link, one field and Enter lead to the first message", async () => {
  const room = `#${fresh("first")}`;
  const bo = await world.inRoom(kinds.irc, room);
  await bo.saysAndIsHeard("/mode +H 50:1h").catch(() => {});
  const ada = await world.person();
  await ada.visit(`/r/irc/${encodeURIComponent(room)}`);
  await ada.sees("h1", `Join ${room}`);
  assert.equal(await ada.count("form input:visible"), 2); // the room is filled in
  await ada.sees('[name="nick"]:focus');
  await ada.fill("nick", fresh("ada"));
  await ada.join();
  await ada.sees(".head h1");
  await bo.says("the first message");
  await ada.reads("the first message");
});

test("on a phone the card does not call up the keyboard by itself", async () => {
  const ada = await world.person({ screen: screens.phone, hasTouch: true, isMobile: true });
  await ada.visit(`/r/irc/${encodeURIComponent("#phone")}`);
  await ada.sees('[name="nick"]');
  await ada.page.evaluate(() => document.querySelector("halley-sign-in").updateComplete);
  assert.equal(await ada.count('[name="nick"]:focus'), 0);
});

test("links that name a server lead to the network it belongs to, others are told", async () => {
  const one = await world.person();
  await one.visit(`/open?uri=${encodeURIComponent("ircs://irc.example.net/lounge")}`);
  await one.sees("h1", "Join #lounge");
  assert.equal(await one.page.inputValue('[name="network"]'), "irc");
  await one.visit(`/open?uri=${encodeURIComponent("xmpp:lounge@rooms.elsewhere.example?join")}`);
  await one.sees(".problem", "This site can't connect to rooms.elsewhere.example.");
  await one.visit("/#irc/lounge");
  await one.sees("h1", "Join lounge");
});

test("story 8: a connection that falls silent is told within twelve seconds", async () => {
  const ada = await world.inRoom(kinds.irc, `#${fresh("stall")}`);
  ada.forgiven = /./;
  await ada.saysAndIsHeard("before");
  await world.tell("pause-gateway");
  const began = Date.now();
  await ada.page.waitForSelector('.bar:has-text("Checking your connection...")', { timeout: 20000 });
  assert.ok(Date.now() - began < 15000, `${Date.now() - began} ms`);
  await ada.says("into the silence");
  await ada.sees(".row.sending", "into the silence");
  await world.tell("resume-gateway");
  await ada.seesNo(".bar");
  await ada.seesNo(".row.sending");
});

test("story 10: lines said during a loss are there in order with their times", async () => {
  const room = `#${fresh("loss")}`;
  const ada = await world.inRoom(kinds.irc, room, fresh("ann"), { relayed: true });
  const bo = await world.inRoom(kinds.irc, room);
  await ada.sees(".person", bo.nick);
  ada.forgiven = /ERR_|WebSocket/;
  await ada.goesOffline();
  await ada.sees(".bar");
  const said = ["one", "two", "three", "four"];
  for (const text of said) await bo.saysAndIsHeard(text);
  const times = await bo.page.locator(".row.said time").evaluateAll((all) => all.map((one) => one.dateTime));
  await ada.comesOnline();
  await ada.reads("four");
  assert.deepEqual(await texts(ada), said);
  const mine = await ada.page.locator(".row.said time").evaluateAll((all) => all.map((one) => one.dateTime));
  for (const [i, time] of times.entries()) {
    assert.ok(Math.abs(Date.parse(time) - Date.parse(mine[i])) < 2000, `${time} ${mine[i]}`);
  }
});

test("story 14: who leaves and is back within five minutes makes no line", async () => {
  const room = `#${fresh("back")}`;
  const ada = await world.inRoom(kinds.irc, room);
  const wire = await bot(world, room, "returner");
  await ada.sees(".row.fold", "returner joined");
  wire.write(`PRIVMSG ${room} :a line between\r\n`);
  await ada.reads("a line between");
  wire.write(`PART ${room}\r\n`);
  await ada.sees(".row.fold", "returner left");
  wire.write(`JOIN ${room}\r\n`);
  await ada.sees(".panel .person", "returner");
  await ada.page.waitForFunction(() => document.querySelectorAll(".row.fold").length === 1);
});

test("a netsplit is one line, kept up in place: how many were lost, and how many of them are back", async () => {
  const room = `#${fresh("split")}`;
  const ada = await world.inRoom(kinds.irc, room);
  const bo = await bot(world, room, "bo-here");
  await Promise.all(Array.from({ length: 4 }, () => bot(world, room, fresh("far"), "", "pair")));
  await ada.sees(".row.fold", "5 joined");
  bo.write(`PRIVMSG ${room} :and now\r\n`);
  await ada.reads("and now");
  const oper = await bot(world, room, fresh("oper"), "OPER root root\r\n");
  await ada.sees(".person", "oper");
  oper.write("SQUIT two.irc.test :to see what happens\r\n"); // it calls again within a second
  bo.write(`PRIVMSG ${room} :a line after it\r\n`);
  await ada.sees(".row.fold", "Network split: 4 people lost; 4 are back");
  await ada.reads("a line after it");
  const folds = await ada.page.locator(".row.fold").allTextContents();
  assert.equal(folds.length, 3, folds.join("\n")); // who joined first, the oper, the split
});

test("story 19: a fold that opens above does not move the line being read", async () => {
  const room = `#${fresh("fold")}`;
  const ada = await world.inRoom(kinds.irc, room);
  const wires = await Promise.all(Array.from({ length: 6 }, () => bot(world, room)));
  await ada.sees(".row.fold", "6 joined");
  wires[0].write(Array.from({ length: 80 }, (_, i) => `PRIVMSG ${room} :read ${i}\r\n`).join(""));
  await ada.reads("read 79");
  await ada.page.locator(".log").hover();
  await ada.page.mouse.wheel(0, -900);
  await ada.sees(".pill");
  const place = () =>
    ada.page.evaluate(() => {
      const top = document.querySelector(".log").getBoundingClientRect().top;
      const rows = [...document.querySelectorAll(".row.said")];
      const first = rows.find((row) => row.getBoundingClientRect().top >= top);
      return `${first.textContent.trim().slice(-9)} ${Math.round(first.getBoundingClientRect().top - top)}`;
    });
  const before = await place();
  await ada.page.evaluate(() => document.querySelector(".row.fold button").click());
  await ada.sees(".row.fold .names");
  assert.equal(await place(), before);
});

test("story 20: a room with 40 unread opens with them marked at a quarter of the height", async () => {
  const first = `#${fresh("read")}`;
  const ada = await world.inRoom(kinds.irc, first);
  const wire = await bot(world, first);
  wire.write(Array.from({ length: 60 }, (_, i) => `PRIVMSG ${first} :seen ${i}\r\n`).join(""));
  await ada.reads("seen 59");
  await ada.seesNo(".place.unread"); // a second later
  await ada.says(`/join #${fresh("other")}`);
  await ada.sees(".head h1", "#other");
  wire.write(Array.from({ length: 40 }, (_, i) => `PRIVMSG ${first} :news ${i}\r\n`).join(""));
  await ada.sees(".place.unread", first);
  await ada.page.waitForFunction(
    (name) => [...document.querySelectorAll(".place")].some((one) => one.ariaLabel === `${name}, 40 new messages`),
    first,
  );
  await ada.page.click(`.place:has-text("${first}")`);
  await ada.sees(".since", "New since");
  await ada.page.waitForFunction(() => {
    const log = document.querySelector(".log").getBoundingClientRect();
    const mark = document.querySelector(".since").getBoundingClientRect();
    return Math.abs((mark.top - log.top) / log.height - 0.25) < 0.1;
  });
});

test("story 21: a page in the background marks nothing as read, and its icon has a dot", async () => {
  const room = `#${fresh("hidden")}`;
  const ada = await world.inRoom(kinds.irc, room);
  const wire = await bot(world, room);
  await ada.sees(".row.fold");
  const icon = await ada.page.evaluate(() => document.querySelector('link[rel="icon"]').href);
  assert.match(icon, /^data:image\/svg/);
  const shows = (like) =>
    ada.page.waitForFunction(
      ([href, same]) => (document.querySelector('link[rel="icon"]').href === href) === same,
      [icon, like],
    );
  await lookAway(ada, true);
  wire.write(`PRIVMSG ${room} :while away\r\n`);
  await shows(false);
  await lookAway(ada, false);
  await shows(true);
  // What came meanwhile is marked, from where it begins, and not read at once.
  assert.equal(await ada.text(".line:has(.since) .text"), "while away");
  await lookAway(ada, true);
  wire.write(Array.from({ length: 90 }, (_, i) => `PRIVMSG ${room} :later ${i}\r\n`).join(""));
  await ada.reads("later 89");
  await shows(false);
  await lookAway(ada, false);
  await ada.page.waitForFunction(() => {
    const log = document.querySelector(".log").getBoundingClientRect();
    const mark = document.querySelector(".line:has(.since)");
    return mark?.textContent.includes("later 0") && mark.getBoundingClientRect().top > log.top;
  });
  await shows(false); // there is more below
  await press(ada, "Escape");
  await shows(true);
});

test("what is in view only in passing is not read", async () => {
  const first = `#${fresh("dwell")}`;
  const ada = await world.inRoom(kinds.irc, first);
  const wire = await bot(world, first);
  await ada.says(`/join #${fresh("other")}`);
  await ada.sees(".head h1", "#other");
  wire.write(`PRIVMSG ${first} :news\r\n`);
  await ada.sees(".place.unread", first);
  await ada.page.evaluate(async (name) => {
    const place = (text) => [...document.querySelectorAll(".place")].find((one) => one.textContent.includes(text));
    const frame = () => new Promise((then) => requestAnimationFrame(then));
    place(name).click();
    while (!document.querySelector(".log").textContent.includes("news")) await frame();
    await frame();
    place("#other").click();
  }, first);
  await ada.sees(".place.unread", first);
  await ada.page.click(`.place:has-text("${first}")`);
  await ada.seesNo(".place.unread");
});

test("Ctrl+F searches the room as often as one likes; while that is open it is the browser's", async () => {
  const ada = await world.inRoom(kinds.irc, `#${fresh("find")}`);
  await ada.sees(".panel .person", ada.nick);
  const isOurs = () =>
    ada.page.evaluate(() => {
      const key = new KeyboardEvent("keydown", { key: "f", ctrlKey: true, bubbles: true, cancelable: true });
      return !document.body.dispatchEvent(key);
    });
  for (let i = 0; i < 2; i++) {
    assert.ok(await isOurs());
    await ada.sees(".search input:focus");
    assert.ok(!(await isOurs()));
    await ada.page.click(".panel .wide-only");
    await ada.seesNo(".search");
  }
});

test("stories 22 and 23: only the nick as a word is a mention, also of words one asked for", async () => {
  const first = `#${fresh("word")}`;
  const ada = await world.inRoom(kinds.irc, first, "adax");
  const wire = await bot(world, first);
  await ada.says(`/join #${fresh("else")}`);
  await ada.sees(".head h1", "#else");
  await ada.page.click('.foot button:has-text("Settings")');
  await ada.page.click("#tab-notifications");
  await ada.page.fill('[name="words"]', "comet, halley");
  await ada.page.press('[name="words"]', "Enter");
  await press(ada, "Escape");
  wire.write(`PRIVMSG ${first} :adaxes and https://example.org/adax are none\r\n`);
  await ada.sees(".place.unread", first);
  wire.write(`PRIVMSG ${first} :but adax is\r\nPRIVMSG ${first} :and the comet too\r\n`);
  await ada.sees(".sidebar .badge", "2");
  assert.match(await ada.page.title(), /^\(2\) /);
  await ada.page.click(".inbox");
  await ada.sees(".found .entry", "the comet too");
  assert.equal(await ada.count(".found .entry"), 2);
  await ada.page.click('.found .entry:has-text("but adax is")');
  await ada.sees(".row.mention:focus", "but adax is");
});

test("stories 24, 25 and 26: completion by who spoke to me, round and back; composing is not sending", async () => {
  const room = `#${fresh("tab")}`;
  const ada = await world.inRoom(kinds.irc, room);
  const one = await bot(world, room, "zoe1");
  await bot(world, room, "zoe2");
  await ada.sees(".person", "zoe2");
  await ada.types("zo");
  await press(ada, "Tab");
  await ada.page.waitForFunction(() => document.querySelector("textarea").value === "zoe1: ");
  assert.equal(await ada.count('.choices li:has-text(":")'), 0); // nobody has spoken yet
  await press(ada, "Tab");
  assert.equal(await value(ada), "zoe2: ");
  await press(ada, "Tab");
  assert.equal(await value(ada), "zoe1: ");
  await press(ada, "Escape");
  assert.equal(await value(ada), "zo");
  one.write(`NICK zoe9\r\nPRIVMSG ${room} :${ada.nick}: over here\r\n`);
  await ada.reads("over here");
  await ada.types("zo");
  await press(ada, "Tab");
  await ada.page.waitForFunction(() => document.querySelector("textarea").value === "zoe9: ");
  assert.match(await ada.text(".choices li:first-child"), /^zoe9 \d+:\d\d/); // and when
  await ada.types("\u304b\u306a");
  await ada.page.evaluate(() => {
    const key = new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true });
    document.querySelector("textarea").dispatchEvent(key);
  });
  assert.equal(await value(ada), "\u304b\u306a");
  assert.equal(await ada.count(".row.said .own-nick"), 0);
  await ada.types("hello :tad");
  await press(ada, "End");
  await ada.sees(".choices li", "tada");
  await press(ada, "Enter");
  assert.equal(await value(ada), "hello \u{1f389} ");
});

test("story 28: into how many messages a long text will be cut is said before, and so it is", async () => {
  const room = `#${fresh("long")}`;
  const ada = await world.inRoom(kinds.irc, room);
  const wire = await bot(world, room);
  const heard = [];
  let rest = "";
  wire.on("data", (data) => {
    rest += data;
    heard.splice(0, heard.length, ...(rest.match(/PRIVMSG #\S+ :.*\r\n/g) ?? []));
  });
  await ada.sees(".row.fold");
  const words = Array.from({ length: 320 }, (_, i) => `word${i}`.padEnd(4 + (i % 7), "\u00e9"));
  for (const text of [words.join(" "), "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}".repeat(90), "one\ntwo\n\nthree"]) {
    const before = heard.length;
    await ada.types(text);
    if (text.length > 60) {
      await ada.sees(".counter", "This is longer than Comet IRC allows. Will be sent as");
    }
    const count = text.length > 60 ? Number(/\d+/.exec(await ada.text(".counter"))[0]) : 3;
    assert.ok(count > 1);
    await ada.says(text);
    await ada.says("that was it");
    await ada.page.waitForFunction(() => document.querySelectorAll(".row.sending").length === 0);
    wire.write("PING :heard\r\n");
    while (!/PONG \S+ :?heard/.test(rest)) await new Promise((then) => wire.once("data", then));
    const texts = heard.slice(before).map((line) => line.slice(line.indexOf(" :") + 2, -2));
    assert.equal(texts.length, count + 1, texts.join("\n"));
    assert.equal(texts.slice(0, -1).join(" ").replaceAll(" ", ""), text.replace(/\s/g, ""));
    rest = "";
    heard.length = 0;
  }
  assert.equal(await ada.count(".counter"), 0);
});

for (const kind of Object.values(kinds)) {
  test(`${kind.title}, story 29: the same commands do the same`, async () => {
    const room = kind.room(fresh("same"));
    const ada = await world.inRoom(kind, room);
    const bo = await world.inRoom(kind, room);
    await ada.sees(".person", bo.nick);
    await ada.says("/me looks up");
    await bo.sees(".row.action", "looks up");
    await ada.says("/topic the comet");
    await bo.sees(".head .topic", "the comet");
    await ada.says(`/kick ${bo.nick} come back soon`);
    await bo.sees(".bar.danger", "come back soon");
    const other = kind.room(fresh("next"));
    await ada.says(`/join ${other}`);
    await ada.sees(".head h1", other.replace("#", ""));
    await ada.says(`/list ${other.replace("#", "").toUpperCase()}`);
    await ada.sees(".entries .entry", other.replace("#", ""));
    // All are there for a moment, where they come before the field has been filled in.
    await ada.page.waitForFunction(() => document.querySelectorAll(".entries .entry").length === 1);
    await press(ada, "Escape");
    await ada.seesNo("dialog");
    await ada.says("/help kick");
    await ada.sees(".row.note", "/kick nick [reason]: remove somebody");
  });

  test(`${kind.title}, story 31: a nick that is taken is told, and the old one stays`, async () => {
    const room = kind.room(fresh("nick"));
    const ada = await world.inRoom(kind, room);
    const bo = await world.inRoom(kind, room);
    await ada.sees(".person", bo.nick);
    await ada.says(`/nick ${bo.nick}`);
    await ada.sees(".row.error", `${bo.nick} is in use`);
    await ada.sees(".panel .own-nick", ada.nick);
  });

  test(`${kind.title}: who is ignored is one line with a number, and heard again when one wishes`, async () => {
    const room = kind.room(fresh("quiet"));
    const ada = await world.inRoom(kind, room);
    const bo = await world.inRoom(kind, room);
    await ada.sees(".person", bo.nick);
    await ada.says(`/ignore ${bo.nick}`);
    await ada.sees(".row.note", "You no longer see messages of");
    for (const text of ["noise one", `${ada.nick}: noise two`]) await bo.saysAndIsHeard(text);
    await ada.sees(".row.info", "2 messages from someone you ignore");
    assert.equal(await ada.count(".row.said .text"), 0);
    await ada.says(`/unignore ${bo.nick}`);
    await ada.reads("noise two");
  });
}

test("story 32: a ban with a reason in three keys from the card, and ten seconds to undo it", async () => {
  const room = `#${fresh("mod")}`;
  const ada = await world.inRoom(kinds.irc, room);
  const bo = await world.inRoom(kinds.irc, room);
  await ada.sees(".person", bo.nick);
  await ada.page.click(`.panel .person:has-text("${bo.nick}")`);
  await ada.page.focus('.person-card button:has-text("Ban")');
  await press(ada, "Enter");
  await ada.sees('[name="reason"]:focus');
  await ada.page.keyboard.type("spam");
  await press(ada, "Enter");
  await bo.sees(".bar.danger", "spam");
  await ada.page.click(".toast button");
  await ada.seesNo(".toast");
  await bo.page.click(".bar button");
  await bo.seesNo(".bar.danger");
  await ada.sees(".panel .person", bo.nick);
});

test("settings apply at once and outlive the page", async () => {
  const ada = await world.inRoom(kinds.irc, `#${fresh("set")}`);
  await ada.page.click('.foot button:has-text("Settings")');
  await ada.page.selectOption('[name="theme"]', "dark");
  assert.equal(await ada.page.getAttribute("html", "data-theme"), "dark");
  await ada.page.selectOption('[name="density"]', "compact");
  await ada.page.selectOption('[name="language"]', "de");
  await ada.sees("h1", "Einstellungen");
  await ada.page.reload();
  await ada.sees("h1", "Einstellungen");
  assert.equal(await ada.page.getAttribute("html", "data-theme"), "dark");
  assert.equal(await ada.page.getAttribute("html", "data-density"), "compact");
});

test("an invitation stands in the list of rooms and leads into the room", async () => {
  const ada = await world.inRoom(kinds.irc, `#${fresh("here")}`);
  const other = `#${fresh("there")}`;
  const bo = await world.inRoom(kinds.irc, other);
  await bo.says(`/invite ${ada.nick}`);
  await ada.sees(".invitation", `${bo.nick} invites you to ${other}`);
  await ada.page.click(".invitation button");
  await ada.sees(".head h1", other);
  await ada.seesNo(".invitation");
});

test("keys of one's own: taken ones are told, new ones work and old ones do not", async () => {
  const ada = await world.inRoom(kinds.irc, `#${fresh("keys")}`);
  await ada.sees(".panel .person", ada.nick);
  await press(ada, "Control+/");
  await ada.page.click('.keys button[aria-label^="Change the keys: members"]');
  await press(ada, "Control+k");
  await ada.sees(".sheet-dialog .hint", "Ctrl+K is taken: find a room, person or action");
  await press(ada, "u");
  await ada.sees(".sheet-dialog .hint", "Keys with Ctrl or Alt");
  await press(ada, "Alt+u");
  await ada.sees(".keys kbd", "Alt+U");
  await press(ada, "Escape");
  await ada.seesNo("dialog");
  await press(ada, "Alt+m");
  await ada.sees(".panel .person", ada.nick);
  await press(ada, "Alt+u");
  await ada.seesNo(".panel");
  await ada.page.reload();
  await ada.sees(".head h1");
  await ada.sees(".panel .person", ada.nick); // the keyboard comes with it
  await press(ada, "Alt+u");
  await ada.seesNo(".panel");
});

test("the columns at the sides are as wide as one draws them, in bounds, and stay so", async () => {
  const ada = await world.inRoom(kinds.irc, `#${fresh("wide")}`);
  await ada.sees(".panel .person", ada.nick);
  const { mouse } = ada.page;
  const draw = async (part, isLeft, by) => {
    const { x, width } = await ada.page.locator(part).boundingBox();
    const edge = isLeft ? x + width - 1 : x + 1;
    await mouse.move(edge, 300);
    await mouse.down();
    await ada.page.waitForFunction(() => globalThis.isDrawing ||= performance.getEntriesByType("resource").some(({ name }) => /columns/.test(name)));
    // The part that follows the pointer may have to be fetched: it moves until that is there.
    for (let i = 0; i < 200 && (await ada.page.locator(part).boundingBox()).width === width; i++) {
      await mouse.move(edge + by + (i % 2), 300);
    }
    await mouse.move(edge + by, 300);
    await mouse.up();
    await mouse.move(edge + by * 3, 400);
  };
  const isWide = (part, px) =>
    ada.page.waitForFunction(
      ([selector, wanted]) => Math.abs(document.querySelector(selector).getBoundingClientRect().width - wanted) < 3,
      [part, px],
    );
  await draw(".sidebar", true, 60);
  await isWide(".sidebar", 308);
  await draw(".panel", false, -500);
  await isWide(".panel", 360);
  await ada.page.reload();
  await isWide(".sidebar", 308);
  await ada.page.click('.foot button:has-text("Settings")');
  await ada.page.fill('[name="sidebar"]', "200");
  await isWide(".sidebar", 200);
});

test("between phone and desk the list of rooms can be a rail, and stays one", async () => {
  const first = `#${fresh("rail")}`;
  const ada = await world.inRoom(kinds.irc, first, fresh("ann"), { screen: screens.tablet });
  const wire = await bot(world, first);
  await ada.says(`/join #${fresh("other")}`);
  await ada.sees(".head h1", "#other");
  const isWide = (px) =>
    ada.page.waitForFunction(
      (wanted) => document.querySelector(".sidebar").getBoundingClientRect().width === wanted,
      px,
    );
  await isWide(216);
  await ada.page.click('[aria-label="Narrow list of rooms"]');
  await isWide(56);
  await ada.page.reload();
  await isWide(56);
  await ada.sees('[aria-label="Narrow list of rooms"][aria-pressed="true"]');
  wire.write(`PRIVMSG ${first} :${ada.nick}: look here\r\n`);
  await ada.sees(`.place[aria-label="${first}, 1 mention"] .badge`);
  // The styles of the rail come a moment later.
  await ada.page.locator(".names").first().waitFor({ state: "hidden" });
  const outside = await ada.page.evaluate(() => {
    const { right } = document.querySelector(".sidebar").getBoundingClientRect();
    return [...document.querySelectorAll(".sidebar :is(a, button, .badge)")].filter(
      (one) => one.getBoundingClientRect().right > right,
    ).length;
  });
  assert.equal(outside, 0);
  await ada.page.click(`.place[aria-label^="${first}"]`);
  await ada.reads("look here");
  await ada.page.setViewportSize(screens.desk);
  await isWide(248);
  assert.equal(await ada.count('[aria-label="Narrow list of rooms"]'), 0);
  await ada.page.setViewportSize(screens.tablet);
  await isWide(56);
  await ada.page.click('[aria-label="Narrow list of rooms"]');
  await isWide(216);
});

test("what is reported to moderators is copied with its id and what was said around it", async () => {
  const room = fresh("report");
  const ada = await world.inRoom(kinds.xmpp, room);
  const bo = await world.inRoom(kinds.xmpp, room);
  await bo.sees(".person", ada.nick);
  for (const text of ["before it", "something bad", "after it"]) await ada.saysAndIsHeard(text);
  await bo.reads("after it");
  await bo.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await bo.page.hover('.row.said:has-text("something bad")');
  await bo.page.click('.tools [aria-label="Copy as a report to moderators"]');
  await bo.page.waitForFunction(() => navigator.clipboard.readText().then((text) => text.includes("something bad")));
  const copied = (await bo.page.evaluate(() => navigator.clipboard.readText())).split("\n");
  assert.match(copied[0], new RegExp(`^${room}@`));
  assert.match(copied[2], /\/m\/.+/);
  assert.ok(copied[2].endsWith(`/m/${encodeURIComponent(copied[1])}`));
  assert.deepEqual(copied.slice(3).map((line) => line.replace(/\[.*\]/, "[]")), [
    `  [] <${ada.nick}> before it`,
    `> [] <${ada.nick}> something bad`,
    `  [] <${ada.nick}> after it`,
  ]);
  await ada.page.hover(".row.said"); // who looks after the room needs none
  await ada.sees(".tools button");
  assert.equal(await ada.count('.tools [aria-label="Copy as a report to moderators"]'), 0);
});

test("a topic that is longer than the network allows says so while it is written", async () => {
  const ada = await world.inRoom(kinds.irc, `#${fresh("topic")}`);
  await ada.page.click("button.topic");
  await ada.page.fill('[name="topic"]', "t".repeat(200));
  assert.equal(await ada.count(".room-info .problem"), 0);
  await ada.page.fill('[name="topic"]', "\u00e9".repeat(200));
  await ada.sees(".room-info .problem", "Comet IRC allows 307 bytes for a topic; these are 400.");
});

test("search goes back through what the network keeps", async () => {
  const room = fresh("deep");
  const bo = await world.inRoom(kinds.xmpp, room);
  // As fast as a session may speak.
  await bo.page.evaluate(async () => {
    const field = document.querySelector("halley-composer textarea");
    for (let i = 0; i < 130; i++) {
      field.value = i ? `filler ${i}` : "the needle";
      field.form.requestSubmit();
      if (i > 30) await new Promise((then) => setTimeout(then, 105));
    }
  });
  await bo.seesNo(".row.sending");
  const ada = await world.inRoom(kinds.xmpp, room);
  await ada.reads("filler 129");
  await press(ada, "Control+f");
  await ada.page.fill('[name="search"]', "needle");
  for (let i = 0; i < 5 && !(await ada.count(".found .entry")); i++) {
    await ada.page.click('.search button:has-text("Search further back")', { timeout: 5000 }).catch(() => {});
  }
  await ada.sees(".found .entry", "the needle");
  // This one keeps nothing that could be asked for, and that is said.
  const cy = await world.inRoom(kinds.irc, `#${fresh("shallow")}`);
  await cy.saysAndIsHeard("the needle");
  await press(cy, "Control+f");
  await cy.page.fill('[name="search"]', "needle");
  await cy.sees(".found .entry", "the needle");
  await cy.sees(".search p", "This looks through the messages loaded in this window.");
  assert.equal(await cy.count('.search button:has-text("further back")'), 0);
});

test("on XMPP: reply, react, correct and take back, each where it was said", async () => {
  const room = fresh("change");
  const ada = await world.inRoom(kinds.xmpp, room);
  const bo = await world.inRoom(kinds.xmpp, room);
  await bo.saysAndIsHeard("a questoin");
  await ada.reads("a questoin");
  await ada.page.hover(".row.said");
  await ada.page.click(`.tools [aria-label="Reply to ${bo.nick}"]`);
  await ada.says("an answer");
  await bo.sees(".row.said .quoted", "a questoin");
  await ada.page.hover('.row.said:has-text("a questoin")');
  await ada.page.click('.tools [aria-label="React"]');
  await ada.page.click(".tools .mark");
  await bo.sees(".reactions .chip", "1");
  await press(bo, "ArrowUp");
  await bo.page.waitForFunction(() => document.querySelector("textarea").value === "a questoin");
  await bo.says("a question");
  await ada.sees(".row.said .text", "a question (edited)");
});

test("linked images are offered, and nothing is asked of their site before", async () => {
  const room = `#${fresh("image")}`;
  const ada = await world.inRoom(kinds.irc, room);
  const bo = await world.inRoom(kinds.irc, room);
  await ada.page.route("https://pictures.example/**", (route) =>
    route.fulfill({ contentType: "image/svg+xml", body: '<svg xmlns="http://www.w3.org/2000/svg"/>' }),
  );
  await bo.saysAndIsHeard("look: https://pictures.example/comet.png");
  await ada.sees(".pictures button", "Show image from pictures.example");
  assert.equal(await ada.count(".pictures img"), 0);
  assert.deepEqual(ada.complaints, []); // no request to another host so far
  await ada.page.click(".pictures button");
  await ada.sees('.pictures img[referrerpolicy="no-referrer"]');
  ada.complaints = ada.complaints.filter((one) => one !== "https://pictures.example/comet.png");
});
