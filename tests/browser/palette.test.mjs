// SPDX-License-Identifier: GPL-3.0-or-later
//
// The palette reaches every person and what can be done with a room; inviting is offered to who may.
import assert from "node:assert/strict";
import { setting } from "./setting.mjs";
import { bot, fresh, kinds } from "./world.mjs";

const { world, test } = setting();

const goals = "#goals li";

async function look(one, text) {
  await one.page.keyboard.press("Control+K");
  await one.page.fill('[name="palette"]', text);
  await one.page.waitForFunction((typed) => document.querySelector('[name="palette"]')?.value === typed, text);
}

for (const kind of Object.values(kinds)) {
  test(`${kind.title}: people of every room, and leaving one`, async () => {
    const [first, second] = [kind.room(fresh("here")), kind.room(fresh("there"))];
    const bo = await world.inRoom(kind, first);
    const ada = await world.inRoom(kind, first);
    await ada.sees(".person", bo.nick);
    await ada.says(`/join ${second}`);
    await ada.sees(".head h1", second);
    await ada.seesNo(`.person:has-text("${bo.nick}")`);
    await look(ada, bo.nick);
    await ada.sees(goals, `Person, ${first}`);
    assert.equal(await ada.count(goals), 1);
    await ada.page.keyboard.press("Enter");
    await ada.sees(".head h1", first);
    await ada.sees(".person-card h3", bo.nick);
    await look(ada, bo.nick); // of the open room: there once
    await ada.sees(goals, bo.nick);
    assert.equal(await ada.count(goals), 1);
    await ada.page.keyboard.press("Escape");
    await look(ada, `Leave ${first}`);
    await ada.page.keyboard.press("Enter");
    await ada.sees(".head h1", second);
    await bo.seesNo(`.person:has-text("${ada.nick}")`);
  });
}

test("a room that I am not in is joined by its name", async () => {
  const ada = await world.inRoom(kinds.irc, `#${fresh("old")}`);
  const room = `#${fresh("new")}`;
  await look(ada, room);
  await ada.page.keyboard.press("Enter");
  await ada.sees(".head h1", room);
  await look(ada, room);
  await ada.sees(goals, "Room");
  assert.equal(await ada.count(`${goals}:has-text("Join ${room}")`), 0);
});

test("inviting is offered where I may: by palette, room info, command and card", async () => {
  const room = `#${fresh("open")}`;
  const op = await bot(world, room);
  const bo = await world.inRoom(kinds.irc, `#${fresh("else")}`);
  const ada = await world.inRoom(kinds.irc, room);
  op.write(`MODE ${room} +i\r\n`);
  await ada.sees(".row.info", "+i");
  await ada.page.keyboard.press("Alt+I");
  await ada.sees(".room-info");
  assert.equal(await ada.count('[name="invited"]'), 0);
  await look(ada, "Invite");
  await ada.sees(".palette .muted", "Nothing matches");
  await ada.page.keyboard.press("Escape");
  await ada.types("");
  await ada.page.locator("halley-composer textarea").pressSequentially("/i");
  await ada.sees(".choices li", "/ignore");
  assert.equal(await ada.count('.choices li:has-text("/invite")'), 0);
  await ada.says(`/whois ${bo.nick}`);
  await ada.sees(".person-card h3", bo.nick);
  assert.equal(await ada.count('.person-card button:text-is("Invite")'), 0);
  op.write(`MODE ${room} +o ${ada.nick}\r\n`);
  await ada.page.click('.person-card button:text-is("Invite")');
  await ada.sees(".person-card [role=status]", `${bo.nick} is invited to ${room}.`);
  await bo.sees(".invitation", room);
  await look(ada, "Invite");
  await ada.page.keyboard.press("Enter");
  await ada.sees('[name="invited"]:focus');
  op.write(`MODE ${room} -i\r\nMODE ${room} -o ${ada.nick}\r\n`);
  await ada.sees('.person:has-text("you"), .row.info:has-text("-i")');
  await ada.sees('[name="invited"]');
});
