// SPDX-License-Identifier: GPL-3.0-or-later
//
// On the way into a room: what the card knows and asks, and the other ways in.
import assert from "node:assert/strict";
import { outsider } from "./outsider.mjs";
import { setting } from "./setting.mjs";
import { bot, fresh, kinds } from "./world.mjs";

const { world, test } = setting({ more: { irc: { watch_rooms: ["#open"], watch_lines: 3 } } });

// A room on IRC that wants a password, with somebody in it.
async function locked(key) {
  const room = `#${fresh("locked")}`;
  const wire = await bot(world, room, fresh("bo"));
  const done = new Promise((then) => wire.on("data", (data) => /MODE \S+ \+k/.test(data) && then()));
  wire.write(`MODE ${room} +k ${key}\r\n`);
  await done;
  return { room, wire };
}

test("the card asks for the password of a room, and who knows it is back in after a restart", async () => {
  const { room } = await locked("opensesame");
  const ada = await world.person();
  await ada.visit(`/r/irc/${encodeURIComponent(room)}?nick=${fresh("ada")}`);
  await ada.sees('[name="nick"]');
  assert.equal(await ada.count('[name="key"]'), 0);
  await ada.join();
  await ada.sees(".field .problem", `${room} needs a password.`);
  await ada.sees('[name="key"]:focus');
  assert.equal(await ada.page.getAttribute('[name="key"]', "type"), "password");
  await ada.fill("key", "meteor");
  await ada.page.press('[name="key"]', "Enter");
  await ada.sees('[name="key"]:focus');
  await ada.fill("key", "opensesame");
  await ada.page.press('[name="key"]', "Enter");
  await ada.sees(".head h1", room);
  await ada.saysAndIsHeard("inside");
  ada.forgiven = /ERR_CONNECTION_REFUSED|WebSocket|404/;
  await world.tell("kill-gateway");
  await ada.sees(".bar");
  await world.tell("start-gateway");
  await ada.seesNo(".bar");
  await ada.saysAndIsHeard("inside again");
  // The tab knows it as long as it is there, the browser does not.
  await ada.page.reload();
  await ada.reads("inside again");
  assert.ok(!(await ada.page.evaluate(() => JSON.stringify(localStorage))).includes("opensesame"));
  await world.tell("kill-gateway");
  await ada.sees(".bar");
  await world.tell("start-gateway");
  await ada.seesNo(".bar");
  await ada.saysAndIsHeard("and again");
});

test("in the list of rooms there is a field for a password where a room wants one", async () => {
  const { room } = await locked("letmein");
  const ada = await world.inRoom(kinds.irc, `#${fresh("first")}`);
  await ada.page.click('button:has-text("Join a room")');
  await ada.page.fill('.add [name="room"]', room);
  await ada.page.press('.add [name="room"]', "Enter");
  await ada.sees(".add .problem", `${room} needs a password.`);
  await ada.sees('.add [name="key"]:focus');
  await ada.page.fill('.add [name="key"]', "letmein");
  await ada.page.press('.add [name="key"]', "Enter");
  await ada.sees(".head h1", room);
  await ada.saysAndIsHeard("inside");
});

test("who was sent out of a room that has a password since can type it where it is told", async () => {
  const room = `#${fresh("shut")}`;
  const wire = await bot(world, room, fresh("bo"));
  const ada = await world.inRoom(kinds.irc, room);
  wire.write(`MODE ${room} +k later\r\nKICK ${room} ${ada.nick} :out\r\n`);
  await ada.page.click('.bar button:has-text("Rejoin")');
  await ada.sees(".bar", `${room} needs a password.`);
  await ada.page.fill('.bar [name="key"]', "wrong");
  await ada.page.press('.bar [name="key"]', "Enter");
  await ada.sees(".bar", `${room} needs a password.`);
  await ada.page.fill('.bar [name="key"]', "later");
  await ada.page.press('.bar [name="key"]', "Enter");
  await ada.seesNo(".bar");
  await ada.saysAndIsHeard("back");
  // The next time it is known.
  wire.write(`KICK ${room} ${ada.nick} :out\r\n`);
  await ada.page.click('.bar button:has-text("Rejoin")');
  await ada.seesNo(".bar");
  await ada.saysAndIsHeard("back again");
});

test("a link to one message leads a new visitor to it, however long ago it was said; so does a quote", async () => {
  const room = fresh("linked");
  const bo = await world.inRoom(kinds.xmpp, room);
  await bo.saysAndIsHeard("the needle");
  await bo.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await bo.page.hover(".row.said");
  await bo.page.click('.tools [aria-label="Copy link"]');
  await bo.page.waitForFunction(() => navigator.clipboard.readText().then((text) => text.includes("/m/")));
  const link = new URL(await bo.page.evaluate(() => navigator.clipboard.readText())).pathname;
  const cy = await outsider(world, kinds.xmpp, room);
  for (let i = 0; i < 130; i++) await cy.says(`filler ${i}`);
  await bo.reads("filler 129");
  await bo.page.evaluate(() => (document.querySelector(".log").scrollTop = 0));
  await bo.page.hover('.row.said:has-text("the needle")');
  await bo.page.click('.tools [aria-label^="Reply to"]');
  await bo.says("about the needle");
  await bo.reads("about the needle");
  cy.leaves();
  const ada = await world.person();
  await ada.visit(`${link}?nick=${fresh("ada")}`);
  await ada.sees("h1", "Join");
  await ada.join();
  await ada.sees(".row.said:focus", "the needle");
  await ada.seesNo(".toast");
  const dan = await world.inRoom(kinds.xmpp, room);
  await dan.reads("about the needle");
  await dan.page.click(".quoted");
  await dan.sees(".row.said:focus", "the needle");
});

for (const kind of Object.values(kinds)) {
  test(`${kind.title}: a link to a message that nobody keeps says so`, async () => {
    const room = kind.room(fresh("nowhere"));
    const bo = await world.inRoom(kind, room);
    await bo.saysAndIsHeard("hello");
    const ada = await world.person();
    await ada.visit(`${new URL(bo.page.url()).pathname}/m/none-such?nick=${fresh("ada")}`);
    await ada.join();
    await ada.sees(".toast", "That message can't be found: the network no longer keeps it.");
    await ada.saysAndIsHeard("never mind");
  });
}

test("where a room is open to passers-by the card says how many are there, and one may just read", async () => {
  const ada = await world.person();
  const asked = [];
  ada.page.on("request", (request) => asked.push([new URL(request.url()).pathname, request.method()].join(" ")));
  const wire = await bot(world, "#open", fresh("bo"));
  await ada.visit("/r/irc/%23open");
  await ada.sees(".live", "1 person here now");
  assert.equal(await ada.count(".live button"), 0); // nothing was said so far
  wire.write("PRIVMSG #open :good evening\r\n");
  await ada.page.click('.live button:has-text("Just read")');
  await ada.sees(".reading li", "good evening");
  for (const text of ["two", "three", "four"]) wire.write(`PRIVMSG #open :${text}\r\n`);
  await ada.sees(".reading li", "four");
  assert.equal(await ada.count(".reading li"), 3);
  assert.deepEqual(await ada.context.cookies(), []);
  assert.deepEqual(asked.filter((one) => /\/chat\/v1\/sessions|POST/.test(one)), []);
  // Another room is nobody's business.
  await ada.fill("room", "#lounge");
  await ada.seesNo(".live");
  await ada.fill("room", "#open");
  await ada.sees(".live", "1 person here now");
  await ada.fill("nick", fresh("ada"));
  await ada.join();
  await ada.sees(".head h1", "#open");
});

test("a room that is not open to passers-by is not asked about", async () => {
  const ada = await world.person();
  const asked = [];
  ada.page.on("request", (request) => asked.push(request.url()));
  await ada.visit("/r/xmpp/halley");
  await ada.sees('[name="nick"]');
  await ada.fill("nick", fresh("ada"));
  await ada.join();
  await ada.sees(".head h1", "halley");
  assert.deepEqual(asked.filter((url) => url.includes("/watch/")), []);
});

for (const kind of Object.values(kinds)) {
  test(`${kind.title}: in no room there is a field for one, and the biggest to choose from`, async () => {
    const [small, big] = [kind.room(fresh("small")), kind.room(fresh("big"))];
    const bo = await world.inRoom(kind, big);
    const cy = await world.inRoom(kind, big);
    await cy.says(`/join ${small}`);
    await cy.sees(".head h1", small);
    const ada = await world.person();
    await ada.visit(`/r/${kind.network}?nick=${fresh("ada")}`);
    await ada.fill("room", "");
    await ada.join();
    const entries = ada.page.locator(".nowhere .entry");
    await entries.filter({ hasText: small }).waitFor();
    const names = (await entries.allTextContents()).map((text) => text.replace(/\s+/g, " ").trim());
    assert.ok(names.length <= 8, names.join(", "));
    assert.equal(names[0], `${big} 2`);
    await ada.fill("room", big);
    await ada.page.press('.nowhere [name="room"]', "Enter");
    await ada.sees(".head h1", big);
    await ada.seesNo(".nowhere");
    await bo.sees(".person >> nth=2");
    // And when one has left the last.
    await ada.says("/leave");
    await ada.page.click(`.nowhere .entry:has-text("${small}")`);
    await ada.sees(".head h1", small);
  });
}

test("a nick that the network does not allow is told with what it allows, under its field", async () => {
  const form = "Nicks here can use letters, digits and - _ [ ] { } \\ ` | and can't start with a digit.";
  const ada = await world.person();
  await ada.visit("/r/irc/%23lounge");
  for (const [nick, why] of [["1ada", form], ["ada lovelace", form], ["-ada", 'Nicks here can\'t begin with "-".']]) {
    await ada.fill("nick", nick);
    await ada.sees("#bad-nick", why); // before anybody was asked
    await ada.join();
    await ada.sees("#bad-nick", why);
    await ada.sees('[name="nick"]:focus');
    assert.equal(await ada.page.inputValue('[name="nick"]'), nick);
    await ada.fill("nick", fresh("ada")); // what was said goes with what it was about
    await ada.seesNo("#bad-nick");
  }
});

test("how long nicks may be is known once somebody was there, and told to who comes next", async () => {
  const bo = await world.inRoom(kinds.irc, "#lounge"); // ngIRCd tells NICKLEN=30
  const ada = await world.person();
  await ada.visit("/r/irc/%23lounge");
  await ada.fill("nick", `${bo.nick}${"x".repeat(40)}`);
  await ada.sees("#bad-nick", `That nick is too long here: "${`${bo.nick}${"x".repeat(40)}`.slice(0, 30)}" would fit.`);
  await ada.visit("/r/xmpp/lounge");
  await ada.fill("nick", `${bo.nick} @ ${"x".repeat(40)}`);
  await ada.join();
  await ada.sees(".head h1", "lounge");
});

for (const kind of Object.values(kinds)) {
  test(`${kind.title}: where the nick is taken the alternative is tried, and what is taken too is told`, async () => {
    const room = kind.room(fresh("second"));
    const bo = await world.inRoom(kind, room);
    const ada = await world.inRoom(kind, room, fresh("first"));
    const second = fresh("second");
    await ada.page.click('.foot button:has-text("Settings")');
    await ada.page.click("#tab-account");
    await ada.page.fill('[name="alternative"]', second);
    await ada.page.press('[name="alternative"]', "Enter");
    const enters = async (page) => {
      ada.page = page;
      await ada.visit(`/r/${kind.network}/${encodeURIComponent(room)}?nick=${bo.nick}`);
      await ada.join();
    };
    await ada.page.click(".network .icon-button");
    await ada.sees('[name="nick"]');
    await enters(ada.page);
    await ada.sees(".panel .own-nick", second);
    await ada.page.click(".network .icon-button");
    await world.inRoom(kind, room, second);
    await enters(ada.page);
    await ada.sees("#bad-nick", `${second} is in use.`);
  });
}
