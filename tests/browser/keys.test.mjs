// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading and choosing by keys: the messages, the members, and a message field that grows as far as the
// window has room for it.
import assert from "node:assert/strict";
import { setting } from "./setting.mjs";
import { bot, fresh, kinds, screens } from "./world.mjs";

const { world, test } = setting();

const focused = (one) => one.page.evaluate(() => document.activeElement?.innerText ?? "");
const press = (one, key) => one.page.keyboard.press(key);

test("Home and End lead to the first and the last message that is loaded, however many there are", async () => {
  const room = `#${fresh("far")}`;
  const ada = await world.inRoom(kinds.irc, room);
  const wire = await bot(world, room);
  wire.write(Array.from({ length: 400 }, (_, i) => `PRIVMSG ${room} :line ${i}.\r\n`).join(""));
  await ada.reads("line 399.");
  await ada.page.focus(".log");
  await press(ada, "Home");
  await ada.sees(".row.said:focus .text", "line 0.");
  await press(ada, "ArrowDown");
  await ada.sees(".row.said:focus .text", "line 1.");
  await press(ada, "End");
  await ada.sees(".row.said:focus .text", "line 399.");
  wire.write(`PRIVMSG ${room} :line 400.\r\n`);
  await ada.reads("line 400."); // at the end it stays at the end
  await ada.page.waitForFunction(() => {
    const { scrollHeight, scrollTop, clientHeight } = document.querySelector(".log");
    return scrollHeight - scrollTop - clientHeight < 2;
  });
});

test("the members are groups with names; Home, End and pages move in them, Enter and the menu key open a card", async () => {
  const room = `#${fresh("many")}`;
  const op = await bot(world, room);
  const ada = await world.inRoom(kinds.irc, room);
  const nicks = await Promise.all(
    Array.from({ length: 60 }, async (_, i) => {
      const nick = fresh(`p${String(i).padStart(2, "0")}q`);
      await bot(world, room, nick);
      return nick;
    }),
  );
  op.write(`MODE ${room} +v ${nicks[1]}\r\n`);
  await ada.sees(".head .count", "62");
  await ada.sees('.people [role="group"][aria-label="Voices"] .person', nicks[1]);
  assert.deepEqual(
    await ada.page.locator('.people [role="group"]').evaluateAll((all) => all.map((one) => one.getAttribute("aria-label"))),
    ["Moderators", "Voices", "Members"],
  );
  const active = () =>
    ada.page.evaluate(() => {
      const list = document.querySelector(".people");
      const one = document.getElementById(list.getAttribute("aria-activedescendant"));
      const [box, around] = [one, list].map((each) => each.getBoundingClientRect());
      const isSeen = box.top >= around.top && box.bottom <= around.bottom + 1;
      return { name: one.title, at: Number(one.ariaPosInSet), of: Number(one.ariaSetSize), isSeen };
    });
  const isAt = async (at, name) => {
    await ada.page.waitForFunction(
      (wanted) => {
        const id = document.querySelector(".people").getAttribute("aria-activedescendant");
        return document.getElementById(id)?.ariaPosInSet === String(wanted);
      },
      at,
    );
    const now = await active();
    assert.deepEqual({ ...now, name: name ?? now.name }, { name: name ?? now.name, at, of: 62, isSeen: true });
  };
  await ada.page.focus(".people");
  await press(ada, "End");
  await isAt(62, nicks[59]);
  await press(ada, "Home");
  await isAt(1);
  assert.equal(await ada.page.evaluate(() => document.querySelector(".people").scrollTop), 0);
  await press(ada, "ArrowDown"); // past the heading
  await isAt(2, nicks[1]);
  await press(ada, "PageDown");
  await press(ada, "PageUp");
  await press(ada, "Home");
  await isAt(1);
  await press(ada, "End");
  await isAt(62);
  await press(ada, "ContextMenu");
  await ada.sees(".person-card h3", nicks[59]);
});

test("the message field grows to twelve rows, to eight on a tablet, on a phone to two fifths of the height", async () => {
  const ada = await world.inRoom(kinds.irc, `#${fresh("grow")}`);
  await ada.types(Array.from({ length: 60 }, (_, i) => `line ${i}`).join("\n"));
  const measured = () =>
    ada.page.evaluate(() => {
      const field = document.querySelector("halley-composer textarea");
      const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(field);
      const rows = (field.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom)) / parseFloat(lineHeight);
      return { rows: Math.round(rows * 10) / 10, height: field.clientHeight };
    });
  assert.equal((await measured()).rows, 12);
  await ada.page.setViewportSize(screens.tablet);
  assert.equal((await measured()).rows, 8);
  await ada.page.setViewportSize(screens.phone);
  assert.equal((await measured()).height, Math.round(screens.phone.height * 0.4));
});

test("the time of a later line in a group is seen on the line that has the focus", async () => {
  const ada = await world.inRoom(kinds.irc, `#${fresh("time")}`);
  for (const text of ["one", "two"]) await ada.saysAndIsHeard(text);
  const opacity = () => ada.page.locator(".row.more time").evaluate((time) => getComputedStyle(time).opacity);
  for (const screen of [screens.desk, screens.tablet]) {
    await ada.page.setViewportSize(screen);
    await ada.page.click("h1");
    assert.equal(await opacity(), "0");
    await ada.page.focus(".row.more");
    assert.equal(await opacity(), "1");
    await ada.page.focus("textarea");
  }
});

test("letters for a message and signs for a text are changed on the sheet, and all of them turned off", async () => {
  const ada = await world.inRoom(kinds.irc, `#${fresh("keys")}`);
  await ada.saysAndIsHeard("one");
  const change = async (what, key) => {
    await ada.page.click("h1"); // out of the field, where the key would be text
    await press(ada, "?");
    await ada.page.click(`.keys button[aria-label^="Change the keys: ${what},"]`);
    await press(ada, key);
    await ada.sees(`.keys button[aria-label^="Change the keys: ${what},"][aria-pressed="false"]`);
    await press(ada, "Escape");
    await ada.seesNo(".sheet-dialog");
  };
  const onMessage = async (key) => {
    await ada.types("");
    await ada.page.focus(".row.said");
    await ada.sees(".tools [data-key=r]");
    await press(ada, key);
  };
  const answers = async () => {
    await ada.sees(".subject", "Reply to");
    await press(ada, "Escape");
    await ada.seesNo(".subject");
  };
  await onMessage("r");
  await answers();
  await change("answer the message that has the focus", "x");
  await onMessage("r"); // a letter as any other
  await ada.hasWritten("r");
  await onMessage("x");
  await answers();
  await ada.page.fill("halley-composer textarea", "");
  await press(ada, "Control+B");
  await ada.hasWritten("**");
  await change("bold", "Alt+B");
  await ada.types("");
  await press(ada, "Control+B");
  await press(ada, "Alt+B");
  await ada.hasWritten("**");
  await ada.visit("/settings/advanced");
  await ada.page.uncheck('[name="shortcuts"]');
  await ada.page.click("a.place");
  await onMessage("x");
  await ada.page.waitForFunction(() => document.activeElement?.matches(".row.said"));
  assert.equal(await ada.count(".subject"), 0);
  await ada.page.focus("halley-composer textarea");
  await press(ada, "Alt+B");
  await ada.page.keyboard.type("still");
  await ada.hasWritten("still");
});

test("on a tablet Escape closes the panel that lies over the messages; the list of rooms is searched at once", async () => {
  const ada = await world.inRoom(kinds.irc, `#${fresh("sheet")}`, fresh("ada"), { screen: screens.tablet });
  await ada.page.click(".head .count");
  await ada.sees(".panel .person");
  await press(ada, "Escape");
  await ada.seesNo(".panel");
  await ada.sees("halley-composer textarea:focus");
  await ada.page.setViewportSize(screens.desk);
  await ada.page.click(".head .count");
  await ada.sees(".panel .person");
  await press(ada, "Escape"); // beside them it stays
  await ada.page.click('[aria-label="Browse rooms"]');
  await ada.sees(".rooms .entry, .rooms button");
  await ada.page.keyboard.type("sheet");
  assert.equal(await ada.page.inputValue(".rooms [type=search]"), "sheet");
  assert.equal(await ada.count(".panel .person"), 1);
});

test("fingers have room where a room is named and a member is looked for", async () => {
  const room = `#${fresh("touch")}`;
  await Promise.all(Array.from({ length: 21 }, () => bot(world, room)));
  const phone = { screen: screens.phone, hasTouch: true, isMobile: true };
  const ada = await world.inRoom(kinds.irc, room, fresh("ada"), phone);
  const heights = async (selector) => {
    await ada.sees(selector);
    return ada.page.locator(selector).evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
  };
  await ada.page.tap(".head .count");
  assert.ok((await heights(".panel > input")).every((px) => px >= 44));
  await ada.page.goBack();
  await ada.page.tap('[aria-label="Show all rooms"]');
  await ada.page.tap(".add button.quiet");
  const tall = await heights("halley-join :is(input, button)");
  assert.equal(tall.length, 2);
  assert.ok(tall.every((px) => px >= 44), `${tall}`);
});

test("my nick in code is no mention", async () => {
  const room = `#${fresh("code")}`;
  const ada = await world.inRoom(kinds.irc, room);
  const bo = await bot(world, room);
  bo.write(`PRIVMSG ${room} :run \`${ada.nick} --help\` and \x11${ada.nick}\x11\r\nPRIVMSG ${room} :${ada.nick}, hi\r\n`);
  await ada.sees(".row.mention", "hi");
  assert.equal(await ada.count(".row.mention"), 1);
});
