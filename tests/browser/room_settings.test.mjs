// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who looks after a room changes its settings in one form, whatever network it is on.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, test as anyTest } from "node:test";
import { fresh, kinds, screens, World } from "./world.mjs";

// A hang fails by its name.
const test = (name, body) => anyTest(name, { timeout: 90000 }, body);

const world = new World();
before(() => world.start());
after(() => world.stop());
afterEach(() => world.everybodyLeaves());

const pictures = process.env.HALLEY_PICTURES;
if (pictures) mkdirSync(pictures, { recursive: true });
const picture = async (one, name) => {
  if (pictures) await one.page.screenshot({ path: join(pictures, `${name}.png`) });
};

const form = ".room-form";
const flag = (name) => `${form} [name="${name}"]`;
const open = async (one) => {
  await one.page.keyboard.press("Alt+i");
  await one.page.click('.room-info button:has-text("Room settings")');
  await one.sees(`${form} fieldset`);
};
const save = (one) => one.page.click(`${form} footer button`);
const saved = (one) => one.sees(`${form} footer`, "Saved.");

for (const [name, kind] of Object.entries(kinds)) {
  test(`${name}: the form of a room is opened from its panel, changed, and true for who comes next`, async () => {
    const room = kind.room(fresh("set"));
    const ada = await world.inRoom(kind, room);
    const bo = await world.inRoom(kind, room);
    await ada.sees(".person", bo.nick);
    await open(ada);
    await picture(ada, `${name}-form`);
    assert.equal(await ada.page.isDisabled(`${form} footer button`), true, "nothing to save yet");
    await ada.page.check(flag("hidden"));
    await ada.page.fill(flag("password"), "opensesame");
    assert.equal(await ada.page.getAttribute(flag("password"), "type"), "password");
    await ada.page.click(`${form} button:has-text("Show")`);
    assert.equal(await ada.page.getAttribute(flag("password"), "type"), "text");
    await save(ada);
    await saved(ada);
    await picture(ada, `${name}-saved`);
    await ada.page.keyboard.press("Escape");
    await ada.seesNo(form);

    const cy = await world.person();
    await cy.visit(`/r/${kind.network}/${encodeURIComponent(room)}?nick=${fresh("cy")}`);
    await cy.join();
    await cy.sees('[name="key"]');
    await cy.page.fill('[name="key"]', "opensesame");
    await cy.page.press('[name="key"]', "Enter");
    await cy.sees(".head h1");
    await cy.seesNo('[name="key"]');

    // As it is now, however it is opened.
    await ada.says("/mode");
    await ada.sees(`${form} fieldset`);
    assert.equal(await ada.page.isChecked(flag("hidden")), true);
    assert.equal(await ada.page.inputValue(flag("password")), "opensesame");
    await ada.page.fill(flag("password"), "");
    await ada.page.uncheck(flag("hidden"));
    await save(ada);
    await saved(ada);
  });

  test(`${name}: who does not look after the room is not offered the form`, async () => {
    const room = kind.room(fresh("mine"));
    const ada = await world.inRoom(kind, room);
    const bo = await world.inRoom(kind, room);
    await ada.sees(".person", bo.nick);
    await bo.page.keyboard.press("Alt+i");
    await bo.sees(".room-info .chips");
    assert.equal(await bo.count('.room-info button:has-text("Room settings")'), 0);
    await bo.says("/mode");
    await bo.sees(".row.info", "You may not do that here.");
    assert.equal(await bo.count(form), 0);
  });

  test(`${name}: /mode with changes works as it did`, async () => {
    const room = kind.room(fresh("letters"));
    const ada = await world.inRoom(kind, room);
    await ada.says(name === "irc" ? "/mode +m" : "/mode +moderated");
    await ada.sees(".row.info", name === "irc" ? "+m" : "+moderated");
    await open(ada);
    assert.equal(await ada.page.isChecked(flag("moderated")), true);
  });
}

test("what is refused is told under its field, and nothing that was typed is lost", async () => {
  const ada = await world.inRoom(kinds.irc, kinds.irc.room(fresh("bad")));
  await open(ada);
  await ada.page.fill(flag("max_people"), "many");
  await ada.sees(`${form} .field:has([name="max_people"])`, "This must be a whole number.");
  await save(ada);
  await ada.sees(`${flag("max_people")}:focus`);
  await ada.page.fill(flag("max_people"), "12");
  await ada.page.fill(flag("password"), "two words");
  await ada.page.check(flag("moderated"));
  await save(ada);
  await ada.sees(`${form} .field:has([name="password"])`, "This is not accepted here.");
  await ada.sees(`${flag("password")}:focus`);
  await picture(ada, "refused");
  assert.equal(await ada.page.inputValue(flag("password")), "two words");
  assert.equal(await ada.page.inputValue(flag("max_people")), "12");
  assert.equal(await ada.page.isChecked(flag("moderated")), true);
  await ada.page.fill(flag("password"), "one");
  await save(ada);
  await saved(ada);
});

test("what the room calls otherwise stands below under its own words, and is changed like the rest", async () => {
  const visitors = `${form} label:has-text("Visitor") input`; // whose presence is told
  const ada = await world.inRoom(kinds.xmpp, fresh("own"));
  await open(ada);
  await ada.page.uncheck(visitors);
  await ada.page.fill(flag("name"), "The lobby");
  await ada.page.fill(flag("description"), "Where people meet");
  await ada.page.selectOption(flag("addresses"), { label: "Everybody" });
  await save(ada);
  await saved(ada);
  await ada.page.keyboard.press("Escape");
  await ada.says("/mode");
  await ada.sees(`${form} fieldset`);
  assert.equal(await ada.page.inputValue(flag("name")), "The lobby");
  assert.equal(await ada.page.isChecked(visitors), false);
});

for (const [name, screen] of Object.entries(screens)) {
  test(`nothing sticks out of the form on a ${name}`, async () => {
    for (const colorScheme of ["light", "dark"]) {
      const ada = await world.inRoom(kinds.xmpp, fresh("fits"), fresh("ann"), { screen, colorScheme });
      await ada.says("/mode");
      await ada.sees(`${form} fieldset`);
      await picture(ada, `${name}-${colorScheme}`);
      const isWithin = await ada.page.evaluate(() => {
        const { left, right, top, bottom } = document.querySelector(".room-form").getBoundingClientRect();
        const fields = document.querySelector(".room-form .fields");
        return left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight && fields.scrollWidth <= fields.clientWidth;
      });
      assert.ok(isWithin);
      await ada.page.keyboard.press("Escape");
    }
  });
}
