// SPDX-License-Identifier: GPL-3.0-or-later
//
// One reader at two browsers: what he has read at one is read at the other (XEP-0490).
import assert from "node:assert/strict";
import { after, afterEach, before, test as anyTest } from "node:test";
import { fresh, kinds, World } from "./world.mjs";

// A hang fails by its name.
const test = (name, body) => anyTest(name, { timeout: 120000 }, body);

const world = new World();
before(() => world.start());
after(() => world.stop());
afterEach(() => world.everybodyLeaves());

// Ada with her account, in one room and looking at another.
async function device(room, other) {
  const one = await world.person();
  await one.visit(`/r/xmpp/${room}?nick=ada`);
  await one.page.click('button:has-text("I have a password")');
  await one.fill("password", "secret");
  await one.join();
  await one.sees(".head h1", room);
  await one.says(`/join ${other}`);
  await one.sees(".head h1", other);
  await one.seesNo(".place.unread");
  return one;
}

test("what is read on one device is read on the other, and what came since is new there", async () => {
  const [room, other] = [fresh("read"), fresh("other")];
  const unread = `.place.unread:has-text("${room}")`;
  const opened = (one) => one.page.click(`.place:has-text("${room}")`);
  const bo = await world.inRoom(kinds.xmpp, room);
  const [desk, phone] = [await device(room, other), await device(room, other)];
  await bo.saysAndIsHeard("one");
  await bo.saysAndIsHeard("two");
  for (const one of [desk, phone]) await one.sees(unread);
  await opened(desk);
  await desk.reads("two");
  await phone.seesNo(unread);
  await desk.page.click(`.place:has-text("${other}")`);
  await bo.saysAndIsHeard("three");
  await phone.sees(unread);
  await opened(phone);
  await phone.sees(".since");
  const firstNew = await phone.page.evaluate(() => {
    const rows = [...document.querySelectorAll(".since, .row.said")];
    return rows[rows.findIndex((one) => one.matches(".since")) + 1].textContent;
  });
  assert.match(firstNew, /three/);
  await desk.seesNo(unread);
});
