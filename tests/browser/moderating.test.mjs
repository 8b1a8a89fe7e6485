// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who looks after a room, and what those meet whom he keeps from writing or out.
import assert from "node:assert/strict";
import { after } from "node:test";
import { RedactingIrcd } from "./redacting_ircd.mjs";
import { setting } from "./setting.mjs";
import { bot, fresh, kinds } from "./world.mjs";

const ircd = await new RedactingIrcd().start();
const { world, test } = setting({ more: { redacting: { servers: [ircd.address] }, services: {}, cleanable: {} } });
after(() => ircd.stop());

// Resolves once this has come over a bot's wire.
function hears(wire, what) {
  return new Promise((resolve) => {
    let heard = "";
    wire.on("data", (data) => {
      heard += data;
      if (what.test(heard)) resolve();
    });
  });
}

const remove = '.tools [aria-label="Remove for everybody"]';
const isRemovedBy = ([nick, count]) =>
  [...document.querySelectorAll(".row.said .text")].filter((text) =>
    text.textContent.includes(`Message removed by ${nick}`),
  ).length === count;

const openBan = async (one, nick) => {
  await one.page.click(`.panel .person:has-text("${nick}")`);
  await one.page.click('.person-card button:has-text("Ban")');
  await one.sees('[name="reason"]:focus');
};

test("a ban for a week: chosen on the card, and the network is told when to lift it", async () => {
  const room = `#${fresh("week")}`;
  const wire = await bot(world, room);
  const ada = await world.inRoom(kinds.irc, room);
  const bo = await world.inRoom(kinds.irc, room);
  const isLed = hears(wire, /MODE #\S+ \+o/);
  wire.write(`MODE ${room} +o ${ada.nick}\r\n`);
  await isLed;
  await ada.sees(".person", bo.nick);
  await openBan(ada, bo.nick);
  const choices = await ada.page.locator('[name="lasts"] option').allTextContents();
  assert.deepEqual(choices.map((text) => text.trim()), [
    "until lifted",
    "10 minutes",
    "1 hour",
    "1 day",
    "1 week",
  ]);
  const isTold = hears(wire, /Timed ban \S+ added by \S+ on \S+ lasting for (1w|7d|1 week|7 days)/);
  await ada.page.selectOption('[name="lasts"]', { label: "1 week" });
  await ada.page.fill('[name="reason"]', "spam");
  await ada.page.press('[name="reason"]', "Enter");
  await bo.sees(".bar.danger", "spam");
  await isTold;
  await ada.page.click(".toast button"); // it can be undone like any other
  await ada.seesNo(".toast");
  await bo.page.click(".bar button");
  await bo.seesNo(".bar.danger");
});

test("where no ban ends by itself, no end is offered", async () => {
  const room = fresh("forgood");
  const ada = await world.inRoom(kinds.xmpp, room);
  const bo = await world.inRoom(kinds.xmpp, room);
  await ada.sees(".person", bo.nick);
  await openBan(ada, bo.nick);
  assert.equal(await ada.count('[name="lasts"]'), 0);
});

const redacting = { network: "redacting", title: "Redacting IRC", room: (name) => `#${name}` };

test("a ban takes what was said last with it, where the network lets moderators do that", async () => {
  const room = `#${fresh("clean")}`;
  const ada = await world.inRoom(redacting, room);
  const bo = await world.inRoom(redacting, room);
  const cy = await world.inRoom(redacting, room);
  await cy.saysAndIsHeard("a good word");
  for (let i = 1; i <= 12; i++) await bo.saysAndIsHeard(`noise ${i}`);
  await cy.reads("noise 12");
  await ada.reads("noise 12");
  await openBan(ada, bo.nick);
  await ada.page.click('label:has-text("Also remove the last 10 messages")');
  await ada.page.fill('[name="reason"]', "flooding the lounge");
  await ada.page.press('[name="reason"]', "Enter");
  await bo.sees(".bar.danger");
  for (const one of [ada, cy]) {
    await one.page.waitForFunction(() => document.querySelectorAll(".row.said").length === 13);
    await one.page.waitForFunction(isRemovedBy, [ada.nick, 10]);
    await one.reads("a good word");
    await one.reads("noise 2");
    // The reason is there for who asks.
    const removed = one.page.locator(".row.said details").first();
    assert.ok(!(await removed.innerText()).includes("flooding"));
    await removed.locator("summary").click();
    assert.match(await removed.innerText(), /flooding the lounge/);
  }
});

test("in a room that lets them, moderators take away what others said, and nobody else is offered it", async () => {
  const room = fresh("tidy");
  const ada = await world.inRoom(kinds.xmpp, room);
  const bo = await world.inRoom(kinds.xmpp, room);
  await ada.saysAndIsHeard("a good word");
  for (const text of ["noise 1", "noise 2", "noise 3"]) await bo.saysAndIsHeard(text);
  await ada.reads("noise 3");
  await bo.page.hover('.row.said:has-text("a good word")');
  await bo.sees('.tools [aria-label="Copy text"]');
  assert.equal(await bo.count(remove), 0);
  await ada.page.reload(); // also who comes back is offered it
  await ada.reads("noise 3");
  await ada.page.hover('.row.said:has-text("noise 1")');
  await ada.page.click(remove);
  for (const one of [ada, bo]) await one.page.waitForFunction(isRemovedBy, [ada.nick, 1]);
  await ada.sees(".person", bo.nick);
  await openBan(ada, bo.nick);
  await ada.page.click('label:has-text("Also remove the last 2 messages")');
  await ada.page.press('[name="reason"]', "Enter");
  await bo.sees(".bar.danger");
  await ada.page.waitForFunction(isRemovedBy, [ada.nick, 3]);
  await ada.reads("a good word");
});

test("where moderators cannot take away what others said, nothing of the kind is offered", async () => {
  const room = `#${fresh("stays")}`;
  const ada = await world.inRoom(kinds.irc, room);
  const bo = await world.inRoom(kinds.irc, room);
  await bo.saysAndIsHeard("it stays");
  await ada.reads("it stays");
  await ada.page.hover(".row.said");
  await ada.sees('.tools [aria-label="Copy text"]');
  assert.equal(await ada.count(remove), 0);
  await openBan(ada, bo.nick);
  assert.equal(await ada.count('[name="clean"]'), 0);
});

test("in a moderated room who has no voice is told, can ask for one in private, and writes once he has it", async () => {
  const room = `#${fresh("hush")}`;
  const wire = await bot(world, room, "keeper");
  const ada = await world.inRoom(kinds.irc, room);
  await ada.sees(".person", "keeper");
  assert.equal(await ada.count(".bar"), 0);
  wire.write(`MODE ${room} +m\r\n`);
  await ada.sees(".bar", "You can read here but not write.");
  await ada.page.reload(); // and who comes back, too
  await ada.sees(".bar", "You can read here but not write.");
  await ada.sees(".person", "keeper");
  const isAsked = hears(wire, new RegExp(`PRIVMSG keeper :May I write in ${room}\\?`));
  await ada.page.click('.bar button:has-text("Ask to speak")');
  await ada.sees(".head h1", "keeper");
  await ada.hasWritten(`May I write in ${room}?`);
  await ada.page.press("halley-composer textarea", "Enter");
  await isAsked;
  wire.write(`MODE ${room} +v ${ada.nick}\r\n`);
  await ada.page.click(`.place:has-text("${room}")`);
  await ada.seesNo(".bar");
  await ada.saysAndIsHeard("thank you");
});

test("who was muted is told so, and that it is over", async () => {
  const room = fresh("mute");
  const bo = await world.inRoom(kinds.xmpp, room);
  const ada = await world.inRoom(kinds.xmpp, room);
  await bo.sees(".person", ada.nick);
  await bo.says(`/mute ${ada.nick}`);
  await ada.sees(".bar", "You can read here but not write.");
  await ada.sees('.bar button:has-text("Ask to speak")');
  await bo.says(`/unmute ${ada.nick}`);
  await ada.seesNo(".bar");
  await bo.says("/topic quiet, please");
  await bo.sees(".head .topic", "quiet, please");
  await bo.page.keyboard.press("Alt+i"); // what was done stands together
  await bo.sees(".acts li", `${ada.nick} is now a visitor.`);
  const acts = await bo.page.locator(".acts li").allTextContents();
  assert.match(acts[0], /quiet, please/);
  assert.equal(acts.length, 3, acts.join("\n"));
  assert.equal(await ada.count(".acts"), 0);
});

test("a room for people with an account: a guest is told, signs in where he is, and comes in", async () => {
  const room = `#${fresh("reg")}`;
  const wire = await bot(world, room, "keeper", "", "services");
  const ada = await world.inRoom({ network: "services" }, room);
  await ada.sees(".person", "keeper");
  wire.write(`MODE ${room} +R\r\nKICK ${room} ${ada.nick} :accounts only\r\n`);
  await ada.sees(".bar.danger", "accounts only");
  await ada.page.click('.bar button:has-text("Rejoin")');
  await ada.sees(".bar", `${room} is for registered nicks.`);
  await ada.page.click('.bar button:has-text("Sign in")');
  await ada.sees('#tab-account[aria-selected="true"]');
  await ada.fill("account", "zoe");
  await ada.fill("password", "secret");
  await ada.page.press('[name="password"]', "Enter");
  await ada.sees(".settings .hint", "Signed in as zoe");
  await ada.page.keyboard.press("Escape");
  await ada.sees(".head h1", room);
  await ada.seesNo(".bar");
  await ada.saysAndIsHeard("here I am");
});

test("a guest signs in with an account also where one has to come again for it, and is back in his rooms", async () => {
  const room = fresh("again");
  const ada = await world.inRoom(kinds.xmpp, room);
  await ada.saysAndIsHeard("as a guest");
  await ada.page.click('.foot button:has-text("Settings")');
  await ada.page.click("#tab-account");
  await ada.sees(".settings .hint", "You are here as a guest.");
  await ada.fill("account", "ada");
  await ada.fill("password", "wrong");
  await ada.page.press('[name="password"]', "Enter");
  await ada.sees(".settings .problem", "That password doesn't match ada.");
  await ada.sees(".sidebar .dot.online"); // and he is here as a guest as before
  await ada.sees(".settings .hint", "You are here as a guest.");
  await ada.fill("password", "secret");
  await ada.page.press('[name="password"]', "Enter");
  await ada.sees(".settings .hint", "Signed in as ada");
  await ada.page.keyboard.press("Escape");
  await ada.sees(".head h1", room);
  await ada.seesNo(".bar");
  await ada.reads("as a guest");
  await ada.saysAndIsHeard("as myself");
});

test("many come at once: who looks after the room is asked, calms it, and it ends though his page was closed", async () => {
  const room = `#${fresh("storm")}`;
  const ada = await world.inRoom(kinds.irc, room);
  const bo = await world.inRoom(kinds.irc, room);
  const wires = await Promise.all(Array.from({ length: 22 }, () => bot(world, room)));
  await ada.sees(".toast", `More than 20 people have come into ${room} within ten seconds.`);
  assert.equal(await bo.count(".toast"), 0, "who may do nothing is not asked");
  const isCalm = hears(wires[0], /MODE #\S+ :?\+m/);
  await ada.page.click(".toast button");
  await isCalm;
  await ada.sees(".toast", "Calm until");
  await bo.sees(".bar", "You can read here but not write.");

  // As if ten minutes had gone by while the page was away.
  const isOver = hears(wires[0], /MODE #\S+ :?-m/);
  await ada.page.evaluate(() => {
    const ends = JSON.parse(localStorage.getItem("halley:calm"));
    localStorage.setItem("halley:calm", JSON.stringify(Object.fromEntries(Object.keys(ends).map((key) => [key, Date.now()]))));
  });
  await ada.page.reload();
  await isOver;
  await bo.seesNo(".bar");
  await ada.page.waitForFunction(() => !localStorage.getItem("halley:calm"));
});
