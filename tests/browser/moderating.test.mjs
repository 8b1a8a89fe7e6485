// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who looks after a room, and what those meet whom he keeps from writing or out.
import assert from "node:assert/strict";
import { after, afterEach, before, test as anyTest } from "node:test";
import { bot, endBots, fresh, kinds, World } from "./world.mjs";

// A hang fails by its name.
const test = (name, body) => anyTest(name, { timeout: 90000 }, body);

const world = new World();
before(() => world.start({ more: { services: {} } }));
after(() => world.stop());
afterEach(async () => {
  endBots();
  await world.everybodyLeaves();
});

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

const openBan = async (one, nick) => {
  await one.page.click(`.panel .person:has-text("${nick}")`);
  await one.page.click('.person-card button:has-text("Ban")');
  await one.sees('[name="reason"]:focus');
};

test("where no ban ends by itself, no end is offered", async () => {
  const room = fresh("forgood");
  const ada = await world.inRoom(kinds.xmpp, room);
  const bo = await world.inRoom(kinds.xmpp, room);
  await ada.sees(".person", bo.nick);
  await openBan(ada, bo.nick);
  assert.equal(await ada.count('[name="lasts"]'), 0);
});

test("where moderators cannot take away what others said, nothing of the kind is offered", async () => {
  const room = fresh("stays");
  const ada = await world.inRoom(kinds.xmpp, room);
  const bo = await world.inRoom(kinds.xmpp, room);
  await bo.saysAndIsHeard("it stays");
  await ada.reads("it stays");
  await ada.page.hover(".row.said");
  await ada.sees('.tools [aria-label="Copy text"]');
  assert.equal(await ada.count('.tools [aria-label="Remove for everybody"]'), 0);
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
