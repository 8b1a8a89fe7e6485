// SPDX-License-Identifier: GPL-3.0-or-later
//
// The lists of a room in its panel, whom a ban meets, and a room that is slow: as far as the network
// has them.
import assert from "node:assert/strict";
import { setting } from "./setting.mjs";
import { bot, fresh, kinds } from "./world.mjs";

const { world, test } = setting({ more: { services: {} } });

const openBan = async (one, nick) => {
  await one.page.click(`.panel .person:has-text("${nick}")`);
  await one.page.click('.person-card button:has-text("Ban")');
  await one.sees('[name="reason"]:focus');
};
const effect = "halley-ban-scope p";

for (const [kind, lists, who] of [
  [kinds.irc, ["bans", "exceptions", "invites"], "*!*@example.net"],
  [kinds.xmpp, ["bans", "invites"], "romeo@alpha.test"],
]) {
  test(`the lists of a room are shown to who looks after it, and changed there: ${kind.network}`, async () => {
    const room = kind.room(fresh("lists"));
    const ada = await world.inRoom(kind, room);
    const bo = await world.inRoom(kind, room);
    await ada.sees(".person", bo.nick);
    for (const one of [ada, bo]) await one.page.keyboard.press("Alt+i");
    await bo.sees(".room-info");
    for (const list of lists) {
      await ada.sees(`.${list} + form`);
      assert.equal(await ada.count(`.${list} li`), 0);
      await ada.page.fill(`.${list} + form input`, who);
      await ada.page.press(`.${list} + form input`, "Enter");
      await ada.sees(`.${list} li`, who);
    }
    assert.equal(await ada.count(".room-info .masks"), lists.length);
    assert.equal(await bo.count(".room-info .masks"), 0);
    for (const list of lists) {
      await ada.page.click(`.${list} li button`);
      await ada.seesNo(`.${list} li`);
      assert.equal(await ada.page.inputValue(`.${list} + form input`), "");
    }
  });
}

test("a ban of an account: offered for who has one, and it meets nobody else", async () => {
  const services = { network: "services" };
  const room = `#${fresh("acc")}`;
  const ada = await world.inRoom(services, room);
  const zoe = await world.inRoom(services, room);
  const bo = await world.inRoom(services, room);
  await zoe.page.click('.foot button:has-text("Settings")');
  await zoe.page.click("#tab-account");
  await zoe.fill("account", "zoe");
  await zoe.fill("password", "secret");
  await zoe.page.press('[name="password"]', "Enter");
  await zoe.sees(".settings .hint", "Signed in as zoe");
  await ada.sees(".person", bo.nick);
  await openBan(ada, bo.nick);
  assert.deepEqual(await ada.page.locator('[name="scope"] option').allTextContents(), [
    "This address",
    "Another mask",
  ]);
  await ada.sees(effect, "3 members match"); // all of them come from here
  await ada.page.selectOption('[name="scope"]', { label: "Another mask" });
  await ada.page.fill('[name="mask"]', `${bo.nick}!*@*`);
  await ada.sees(effect, `Blocks ${bo.nick}!*@*: 1 member matches`);
  await ada.page.fill('[name="mask"]', "*!*@*");
  await ada.sees(effect, "3 members match");
  await ada.page.click('.person-card button:has-text("Cancel")');

  await ada.page.keyboard.press("Alt+m");
  await openBan(ada, zoe.nick);
  await ada.page.selectOption('[name="scope"]', { label: "This account: zoe" });
  await ada.sees(effect, "Blocks zoe: 1 member matches");
  await ada.page.press('[name="reason"]', "Enter");
  await zoe.sees(".settings");
  await zoe.page.keyboard.press("Escape");
  await zoe.sees(".bar.danger");
  await zoe.page.click('.bar button:has-text("Rejoin")');
  await zoe.sees(".bar", "You can't join");
  await bo.saysAndIsHeard("still here");
  await ada.page.click(".toast button"); // Undo
  await ada.seesNo(".toast");
  await zoe.page.click('.bar button:has-text("Rejoin")');
  await zoe.seesNo(".bar");
});

test("/slow where the network has it, and nowhere else", async () => {
  const room = `#${fresh("slow")}`;
  const ada = await world.inRoom(kinds.irc, room);
  const wire = await bot(world, room, "hasty");
  await ada.sees(".person", "hasty");
  await ada.types("/slo");
  await ada.sees(".choices", "/slow");
  await ada.says("/slow 600");
  await ada.page.keyboard.press("Alt+i");
  await ada.sees(".acts li", "2:600");
  wire.write(`PRIVMSG ${room} :one\r\nPRIVMSG ${room} :two\r\n`);
  await ada.sees(".acts li", "hasty");
  const there = fresh("swift");
  const bo = await world.inRoom(kinds.xmpp, there);
  await bo.says("/slow 600");
  await bo.sees(".row", "Not available on this network.");
});
