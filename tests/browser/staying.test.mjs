// SPDX-License-Identifier: GPL-3.0-or-later
//
// Staying signed in: who has chosen it is back in his rooms when he opens his browser again, and who has
// not, or has signed out, is asked.
import assert from "node:assert/strict";
import { after, afterEach, before, test as anyTest } from "node:test";
import { bot, endBots, fresh, kinds, World } from "./world.mjs";

// A hang fails by its name.
const test = (name, body) => anyTest(name, { timeout: 90000 }, body);

const world = new World();
before(() => world.start());
after(() => world.stop());
afterEach(async () => {
  endBots();
  await world.everybodyLeaves();
});

async function chooses(one, isWanted = true) {
  await one.visit("/settings/account");
  await one.page.locator('[name="stay"]').setChecked(isWanted);
}

// The browser is closed, with it what belongs to its tabs, and opened again.
async function again(one, path, prepare) {
  const storageState = await one.context.storageState();
  await one.context.close();
  world.people.splice(world.people.indexOf(one), 1);
  assert.deepEqual(one.complaints, []);
  const back = await world.person({ storageState });
  if (prepare) await back.page.addInitScript(...prepare);
  await back.visit(path);
  back.nick = one.nick;
  return back;
}

// The password manager of a browser, which headless ones do not have.
const manager = (kept) => {
  globalThis.PasswordCredential = function PasswordCredential(what) {
    Object.assign(this, what);
  };
  const credentials = {
    store: async (one) => void (globalThis.stored = one),
    get: async ({ password, mediation }) => (password && mediation === "silent" ? kept : null),
    preventSilentAccess: async () => void (globalThis.prevented = true),
  };
  Object.defineProperty(navigator, "credentials", { value: credentials });
};

test("without the choice the card asks again, with the nick in it", async () => {
  const ada = await world.inRoom(kinds.irc, `#${fresh("ask")}`);
  const back = await again(ada, "/");
  await back.sees('[name="nick"]');
  assert.equal(await back.page.inputValue('[name="nick"]'), ada.nick);
});

test("who stays signed in is back in his networks and rooms, and a link leads on from there", async () => {
  const [one, two] = [`#${fresh("one")}`, `#${fresh("two")}`];
  const three = fresh("three");
  const wire = await bot(world, two);
  const ada = await world.inRoom(kinds.irc, one);
  await ada.says(`/join ${two}`);
  await ada.sees(".head h1", two);
  await chooses(ada);
  await ada.page.click('button:has-text("Add network")');
  await ada.sees("dialog .card");
  await ada.fill("room", three);
  await ada.join();
  await ada.sees(".head h1", three);
  const back = await again(ada, `/r/irc/${encodeURIComponent(two)}`);
  await back.sees(".head h1", two);
  await back.sees(".person.focused, .person");
  assert.equal(await back.count('[name="nick"]'), 0);
  for (const room of [one, two]) await back.sees(`.place:not(.out)[title="${room}"]`);
  await back.sees(`.place:not(.out):has-text("${three}")`);
  await back.saysAndIsHeard("here again");
  assert.equal(await back.text(".network .me"), ada.nick);
  const linked = await again(back, `/r/irc/${encodeURIComponent(`#${fresh("new")}`)}`);
  await linked.sees(".head h1", "#new");
  await linked.sees(".person", ada.nick);
  wire.destroy();
});

test("signing out everywhere, leaving a network and choosing otherwise end it", async () => {
  const room = `#${fresh("end")}`;
  const ada = await world.inRoom(kinds.irc, room);
  await chooses(ada);
  await ada.page.click('button:has-text("Sign out everywhere")');
  await ada.sees('[name="nick"]');
  const asked = await again(ada, "/");
  await asked.sees('[name="nick"]');
  await asked.fill("nick", fresh("eva"));
  await asked.fill("room", room);
  await asked.join();
  await asked.sees(".head h1", room);
  await asked.visit("/settings/account");
  assert.equal(await asked.page.isChecked('[name="stay"]'), false);
  await chooses(asked);
  await asked.page.click('[aria-label="Leave Comet IRC"]');
  await asked.sees('[name="nick"]');
  const left = await again(asked, "/");
  await left.sees('[name="nick"]');
  await left.join();
  await left.sees(".head h1");
  await chooses(left, false);
  const last = await again(left, "/");
  await last.sees('[name="nick"]');
});

test("whose nick somebody else has meanwhile finds his names on the card; with another nick chosen he is in", async () => {
  const room = `#${fresh("meanwhile")}`;
  const ada = await world.inRoom(kinds.irc, room);
  await chooses(ada);
  const kept = await ada.context.storageState();
  await ada.page.click('[aria-label="Leave Comet IRC"]');
  await ada.sees('[name="nick"]');
  await bot(world, room, ada.nick);
  const back = await world.person({ storageState: kept });
  await back.visit("/");
  await back.sees('[name="nick"]');
  assert.equal(await back.page.inputValue('[name="nick"]'), ada.nick);
  await back.join();
  await back.sees("#bad-nick", `${ada.nick} is in use.`);
  const settings = kept.origins[0].localStorage.find(({ name }) => name === "halley:settings");
  const alternative = fresh("other");
  settings.value = JSON.stringify({ ...JSON.parse(settings.value), alternative });
  const other = await world.person({ storageState: kept });
  await other.visit("/");
  await other.sees(".head h1", room);
  await other.sees(".network .me", alternative);
});

test("an account comes back by the browser's password manager, and without one by the card", async () => {
  const room = fresh("account");
  const ada = await world.person();
  await ada.page.addInitScript(manager, null);
  await ada.visit(`/r/xmpp/${room}?nick=${fresh("ada")}`);
  await ada.page.click('button:has-text("I have a password")');
  await ada.fill("account", "ada");
  await ada.fill("password", "secret");
  await ada.join();
  await ada.sees(".head h1", room);
  await ada.page.keyboard.press("Control+K"); // without a reload: the password is still known
  await ada.page.fill('[name="palette"]', "Settings: Account");
  await ada.page.press('[name="palette"]', "Enter");
  await ada.page.check('[name="stay"]');
  await ada.page.waitForFunction(() => globalThis.stored);
  const { id, password } = await ada.page.evaluate(() => globalThis.stored);
  assert.deepEqual({ id, password }, { id: "ada", password: "secret" });
  const { origins } = await ada.context.storageState();
  assert.ok(!JSON.stringify(origins).includes("secret"));
  const back = await again(ada, "/", [manager, { id: "ada", password: "secret" }]);
  await back.sees(".head h1", room);
  await back.sees(".person");
  await back.visit("/settings/account");
  await back.sees(".hint", "Signed in as ada");
  const asked = await again(back, "/", [manager, null]);
  await asked.sees('[name="password"]');
  assert.equal(await asked.page.inputValue('[name="account"]'), "ada");
  await asked.fill("password", "secret");
  await asked.join();
  await asked.sees(".head h1");
  await asked.visit("/settings/account");
  await asked.page.click('button:has-text("Sign out everywhere")');
  await asked.sees('[name="nick"]');
  const over = await again(asked, "/", [manager, { id: "ada", password: "secret" }]);
  await over.sees('[name="nick"]');
});
