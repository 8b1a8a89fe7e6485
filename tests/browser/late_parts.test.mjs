// SPDX-License-Identifier: GPL-3.0-or-later
//
// Parts of the page that are fetched when they are wanted, and cannot be had then: what they would have told is
// told without them, and they are asked for again.
import assert from "node:assert/strict";
import { setting } from "./setting.mjs";
import { bot, fresh, kinds } from "./world.mjs";

const { world, test } = setting();

const withhold = (one, part) => {
  one.forgiven = /ERR_FAILED|Failed to fetch/;
  return one.page.route(`**/${part}.*`, (route) => route.abort());
};
// Whatever happens draws the page anew.
const something = (one) => one.page.click(".sidebar .place");

test("who is removed can come back before the page knows in which words to tell it", async () => {
  const room = kinds.irc.room(fresh("bare"));
  const ada = await world.inRoom(kinds.irc, room);
  const bo = await world.inRoom(kinds.irc, room);
  await withhold(bo, "out_of_room");
  await ada.sees(".person", bo.nick);
  await ada.says(`/kick ${bo.nick} calm down`);
  await bo.sees(".bar.calm", "You are not in");
  await bo.page.unrouteAll();
  await something(bo);
  await bo.sees(".bar.danger", `${ada.nick} removed you from ${room}: "calm down".`);
  await bo.page.click('.bar button:has-text("Rejoin")');
  await bo.seesNo(".bar");
});

test("the words of what happened to the room come when they can be had, and nothing moves", async () => {
  const room = kinds.irc.room(fresh("acts"));
  const ada = await world.inRoom(kinds.irc, room);
  await withhold(ada, "rare");
  const wire = await bot(world, room);
  const place = () => ada.page.locator(".row.said").evaluate((row) => row.getBoundingClientRect().top);
  await ada.says(`/topic tea at ${room}`);
  await ada.sees(".row.info.topic time");
  wire.write(`PRIVMSG ${room} :hello\r\n`);
  await ada.reads("hello");
  const before = await place();
  assert.equal(await ada.text(".row.info.topic .text"), "");
  await ada.page.unrouteAll();
  await something(ada);
  await ada.sees(".row.info.topic .text", `${ada.nick} changed the topic to: tea at ${room}`);
  assert.equal(await place(), before);
});

test("who is not let in reads why, also where the page has no words of its own for it", async () => {
  const room = kinds.irc.room(fresh("in"));
  const ada = await world.inRoom(kinds.irc, room);
  const bo = await world.person();
  await withhold(bo, "refusal");
  await bo.visit(`/r/irc/${encodeURIComponent(room)}?nick=${ada.nick}`);
  await bo.join();
  await bo.sees("#bad-form", "This part could not be loaded.");
  await bo.page.unrouteAll();
  await bo.join();
  await bo.sees("#bad-nick", `${ada.nick} is in use.`);
});
