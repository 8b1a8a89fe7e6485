// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writing in an embedded room: Tab completes nicks, others are told that somebody writes and he that they do;
// and getting into a room that has a key. The others use the chat page or a plain client.
import assert from "node:assert/strict";
import { test } from "node:test";
import { guest } from "./host_site.mjs";
import { faultless, sites } from "./sites.mjs";
import { bot, fresh, kinds } from "./world.mjs";

const { host, world } = sites();

const embed = (network, room, more = "") => host.embed(`network="${network}" room="${room}" ${more}`);
const field = "halley-room textarea";
const press = (one, key) => one.page.keyboard.press(key);
const stands = (one, text) =>
  one.page.waitForFunction((wanted) => document.querySelector("halley-room").shadowRoot.querySelector("textarea").value === wanted, text);
const hasFocus = (one) =>
  one.page.evaluate(() => document.querySelector("halley-room").shadowRoot.activeElement?.tagName ?? "");

test("Tab completes who spoke to me last, goes on to the next, gives back what I typed, then leaves", async () => {
  const room = `#${fresh("tab")}`;
  const ann = await guest(world, host);
  await ann.enters(embed("irc", room), fresh("ann"));
  const [zoe, zed] = await Promise.all([bot(world, room, "zoe77"), bot(world, room, "zed77")]);
  zoe.write(`PRIVMSG ${room} :hello everybody\r\n`);
  await ann.hears("hello everybody");
  zed.write(`PRIVMSG ${room} :hello ${ann.nick}\r\n`);
  await ann.hears(`hello ${ann.nick}`);
  await ann.page.focus(field);
  await ann.page.keyboard.type("z");
  for (const text of ["zed77: ", "zoe77: ", "z"]) {
    await press(ann, "Tab");
    await stands(ann, text);
  }
  await press(ann, "Shift+Tab"); // leaves, the other way
  assert.notEqual(await hasFocus(ann), "TEXTAREA");
  await ann.page.focus(field);
  await press(ann, "Shift+Tab");
  await stands(ann, "zoe77: ");
  await press(ann, "Escape");
  await stands(ann, "z");
  assert.equal(await hasFocus(ann), "TEXTAREA");
  // Within a line, where only one fits; the next Tab goes to the button.
  await ann.page.fill(field, "ask zo");
  await press(ann, "Tab");
  await stands(ann, "ask zoe77 ");
  await press(ann, "Tab");
  assert.equal(await hasFocus(ann), "BUTTON");
  // Nothing to complete: Tab leaves as on every page.
  await ann.page.fill(field, "qqq");
  await press(ann, "Tab");
  assert.equal(await hasFocus(ann), "BUTTON");
});

for (const kind of Object.values(kinds)) {
  test(`${kind.title}: who writes is named to the others, until it is sent`, async () => {
    const room = kind.room(fresh("writes"));
    const ann = await guest(world, host, { bypassCSP: true });
    await ann.enters(embed(kind.network, room), fresh("ann"));
    const bo = await world.inRoom(kind, room);
    await bo.types("I am th");
    await ann.page.waitForSelector(`halley-room .typing:has-text("${bo.nick} is typing")`);
    await faultless(ann, `embed typing ${kind.network}`);
    await ann.page.focus(field);
    await ann.page.keyboard.type("so am");
    await bo.sees(".typing", `${ann.nick} is typing`);
    await ann.page.keyboard.type(" I");
    await press(ann, "Enter");
    await bo.reads("so am I");
    await bo.page.waitForFunction(() => !document.querySelector(".typing").textContent.trim());
    await bo.saysAndIsHeard("I am thinking");
    await ann.hears("I am thinking");
    await ann.page.waitForFunction(
      () => !document.querySelector("halley-room").shadowRoot.querySelector(".typing").textContent.trim(),
    );
    // Given up: told as well.
    await ann.page.fill(field, "never mind");
    await bo.sees(".typing", `${ann.nick} is typing`);
    await ann.page.fill(field, "");
    await bo.page.waitForFunction(() => !document.querySelector(".typing").textContent.trim());
  });
}

test("a room with a key asks for it, and says so when it is the wrong one", async () => {
  const room = `#${fresh("locked")}`;
  const keeper = await bot(world, room);
  keeper.write(`MODE ${room} +k comet\r\n`);
  const ann = await guest(world, host, { bypassCSP: true });
  await ann.visit(embed("irc", room));
  const nick = fresh("ann");
  await ann.page.fill("halley-room [name=nick]", nick);
  await press(ann, "Enter");
  const key = "halley-room [name=key]";
  await ann.page.waitForSelector(`${key}:focus`);
  await ann.page.waitForSelector('halley-room .problem:has-text("needs a password")');
  await faultless(ann, "embed with a key");
  assert.equal(await ann.page.inputValue("halley-room [name=nick]"), nick);
  for (const word of ["meteor", "comet"]) {
    await ann.page.fill(key, word);
    await press(ann, "Enter");
    if (word === "meteor") await ann.page.waitForSelector(`${key}[aria-invalid=true]:not(:disabled)`);
  }
  await ann.page.waitForSelector(field);
  keeper.write(`PRIVMSG ${room} :welcome\r\n`);
  await ann.hears("welcome");
});

test("the page may know the key; after a restart of the gateway it opens the room again", async () => {
  const room = `#${fresh("known")}`;
  const keeper = await bot(world, room);
  keeper.write(`MODE ${room} +k comet\r\n`);
  const ann = await guest(world, host);
  ann.forgiven = /ERR_CONNECTION|net::ERR_|WebSocket connection|404/;
  await ann.enters(embed("irc", room, 'room-key="comet"'), fresh("ann"));
  const isBack = new Promise((resolve) => keeper.on("data", (data) => / JOIN /.test(data) && resolve()));
  await world.tell("stop-gateway");
  await world.tell("start-gateway");
  await isBack;
  keeper.write(`PRIVMSG ${room} :there you are again\r\n`);
  await ann.hears("there you are again");
});
