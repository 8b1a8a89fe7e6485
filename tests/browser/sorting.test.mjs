// SPDX-License-Identifier: GPL-3.0-or-later
//
// The list of rooms in the order its reader wants, and what else is done from it.
import assert from "node:assert/strict";
import { setting } from "./setting.mjs";
import { bot, fresh, kinds, screens } from "./world.mjs";

const { world, test } = setting();

const standsAs = (one, names) =>
  one.page.waitForFunction(
    (wanted) => {
      const shown = [...document.querySelectorAll(".sidebar ul:first-of-type a.place .name")].map((name) => name.textContent);
      return shown.join(" ") === wanted;
    },
    names.join(" "),
  );
const entry = (name) => `.sidebar li:has(a.place:has-text("${name}"))`;

async function inThree(options = {}) {
  const rooms = ["tea", "soup", "rice"].map((stem) => `#${fresh(stem)}`);
  const ada = await world.inRoom(kinds.irc, rooms[0], fresh("ada"), options);
  for (const room of rooms.slice(1)) {
    await ada.says(`/join ${room}`);
    await ada.sees(".head h1", room);
  }
  const names = await Promise.all(rooms.map((room) => ada.text(`${entry(room.slice(1))} .name`)));
  return { ada, names };
}

test("rooms stay where I put them: by dragging, by keys, by the palette; new ones come last", async () => {
  const { ada, names } = await inThree();
  const [tea, soup, rice] = names;
  await standsAs(ada, [tea, soup, rice]);
  // No hand is as fast as the drag below: what it needs is fetched by this.
  await ada.page.press("halley-composer textarea", "Alt+Shift+ArrowUp");
  await standsAs(ada, [tea, rice, soup]);
  await ada.page.press("halley-composer textarea", "Alt+Shift+ArrowDown");
  await standsAs(ada, [tea, soup, rice]);
  await ada.page.dragAndDrop(entry(rice), entry(tea), { targetPosition: { x: 20, y: 2 } });
  await standsAs(ada, [rice, tea, soup]);
  assert.equal(await ada.text(".head h1"), rice, "a drop follows no link");
  await ada.page.dragAndDrop(entry(rice), entry(tea), { targetPosition: { x: 20, y: 28 } });
  await standsAs(ada, [tea, rice, soup]);

  await ada.page.press("halley-composer textarea", "Alt+Shift+ArrowUp");
  await standsAs(ada, [rice, tea, soup]);
  await ada.page.press("halley-composer textarea", "Alt+Shift+ArrowUp"); // it is the first already
  await ada.page.press("halley-composer textarea", "Alt+Shift+ArrowDown");
  await standsAs(ada, [tea, rice, soup]);
  await ada.page.press("halley-composer textarea", "Alt+ArrowDown"); // the next is the one below
  await ada.sees(".head h1", soup);

  await ada.page.keyboard.press("Control+K");
  await ada.page.fill('[name="palette"]', `Move ${soup} up`);
  await ada.page.press('[name="palette"]', "Enter");
  await standsAs(ada, [tea, soup, rice]);

  await ada.page.press("halley-composer textarea", "Alt+Shift+ArrowUp");
  await standsAs(ada, [soup, tea, rice]);
  const late = `#${fresh("late")}`;
  await ada.says(`/join ${late}`);
  await standsAs(ada, [soup, tea, rice, late]);
  await ada.page.reload();
  await standsAs(ada, [soup, tea, rice, late]);
});

test("rooms with something new come first, if I wish so", async () => {
  const { ada, names } = await inThree();
  const [tea, soup, rice] = names;
  await ada.page.keyboard.press("Control+K");
  await ada.page.fill('[name="palette"]', "Settings: Appearance");
  await ada.page.press('[name="palette"]', "Enter");
  await ada.page.check('[name="unreadFirst"]');
  await ada.page.click(`${entry(rice)} a`);
  const wire = await bot(world, soup);
  wire.write(`PRIVMSG ${soup} :hello\r\n`);
  await standsAs(ada, [soup, tea, rice]);
  await ada.page.keyboard.press("Alt+ArrowUp");
  await ada.page.keyboard.press("Alt+ArrowUp");
  await ada.sees(".head h1", soup);
  await standsAs(ada, [tea, soup, rice]); // read
});

test("away and back by the palette", async () => {
  const ada = await world.inRoom(kinds.irc, `#${fresh("away")}`);
  for (const [name, shown] of [["Set yourself as away", true], ["Say that you are back", false]]) {
    await ada.page.keyboard.press("Control+K");
    await ada.page.fill('[name="palette"]', name);
    await ada.page.press('[name="palette"]', "Enter");
    await ada.page.waitForFunction(
      (isAway) => document.querySelector(".sidebar .me").textContent.includes("Away") === isAway,
      shown,
    );
  }
});

test("on a tablet everything to touch in the list and the header is as large as a finger", async () => {
  const { ada } = await inThree({ screen: screens.tablet, hasTouch: true });
  const small = await ada.page.evaluate(() =>
    [...document.querySelectorAll(".sidebar :is(a, button), .room .head button")]
      .map((one) => ({ box: one.getBoundingClientRect(), text: one.ariaLabel || one.textContent.trim() }))
      .filter(({ box, text }) => box.height > 0 && text && (box.height < 44 || box.width < 44))
      .map(({ box, text }) => `${text}: ${box.width} x ${box.height}`),
  );
  assert.deepEqual(small, []);
});
