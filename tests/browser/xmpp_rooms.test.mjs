// SPDX-License-Identifier: GPL-3.0-or-later
//
// What only happens in rooms of XMPP, brought about by somebody at another client.
import assert from "node:assert/strict";
import { after, afterEach, before, test as anyTest } from "node:test";
import { fresh, kinds, World } from "./world.mjs";
import { XmppBot } from "./xmpp_bot.mjs";

// A hang fails by its name.
const test = (name, body) => anyTest(name, { timeout: 90000 }, body);

const world = new World();
let owner;
before(async () => {
  await world.start();
  owner = await XmppBot.connect(world);
});
after(async () => {
  owner?.end();
  await world.stop();
});
afterEach(() => world.everybodyLeaves());

const muc = "http://jabber.org/protocol/muc";

test("a room that is closed says so, and leads to where it goes on", async () => {
  const room = fresh("shut");
  const next = fresh("next");
  await owner.enters(room, "keeper");
  const bo = await world.inRoom(kinds.xmpp, room);
  await bo.sees(".person", "keeper");
  await owner.asks(
    room,
    "set",
    `<query xmlns='${muc}#owner'><destroy jid='${next}@rooms.alpha.test'><reason>too small</reason></destroy></query>`,
  );
  await bo.sees(".bar", `${room} was closed: "too small".`);
  assert.equal(await bo.count('.bar button:has-text("Rejoin")'), 0, "that would make another of that name");
  await bo.page.click(`.bar button:has-text("Go on in ${next}")`);
  await bo.sees(".head h1", next);
  await bo.seesNo(".bar");
  await bo.saysAndIsHeard("here we are");
});

test("a room that is closed and goes on nowhere says so", async () => {
  const room = fresh("over");
  await owner.enters(room, "keeper");
  const bo = await world.inRoom(kinds.xmpp, room);
  await bo.sees(".person", "keeper");
  await owner.asks(room, "set", `<query xmlns='${muc}#owner'><destroy/></query>`);
  await bo.sees(".bar", `${room} was closed.`);
  assert.equal(await bo.count(".bar button"), 0);
});

test("whoever has to leave as a room is open to members only now is told why", async () => {
  const room = fresh("few");
  const ada = await world.inRoom(kinds.xmpp, room);
  const bo = await world.inRoom(kinds.xmpp, room);
  await ada.sees(".person", bo.nick);
  await ada.says("/mode +members_only");
  await bo.sees(".bar", `${room} is by invitation.`);
});
