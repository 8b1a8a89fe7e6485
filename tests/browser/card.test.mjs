// SPDX-License-Identifier: GPL-3.0-or-later
//
// The card of signing in: the form of a nick, and a nick that one's own old session still has.
import assert from "node:assert/strict";
import { setting } from "./setting.mjs";
import { bot, fresh, kinds } from "./world.mjs";

const { world, test } = setting();

const closing = "Your old connection is closing. Taking your nick back...";

test("story: a nick that cannot be is told under its field while it is typed, in the terms of its network", async () => {
  const form = "Nicks here can use letters, digits and - _ [ ] { } \\ ` | and can't start with a digit.";
  const ada = await world.person();
  await ada.visit("/r/irc/%23halley?nick=ada");
  await ada.sees('[name="nick"]');
  await ada.page.focus('[name="nick"]');
  await ada.page.keyboard.press("End");
  await ada.page.keyboard.type(" love");
  await ada.sees("#bad-nick", form);
  assert.equal(await ada.page.inputValue('[name="nick"]'), "ada love");
  assert.equal(await ada.page.getAttribute('[name="nick"]', "aria-describedby"), "bad-nick");
  assert.ok(await ada.page.evaluate(() => document.activeElement?.name === "nick"));
  for (const [nick, told] of [
    ["ada,bo", form],
    ["-ada", 'Nicks here can\'t begin with "-".'],
    ["ada!", form],
    ["a\u0007da", "Nicks here can't have characters that can't be seen."],
  ]) {
    await ada.fill("nick", nick);
    await ada.sees("#bad-nick", told);
  }
  // Still wrong: it stays with each letter. Right: it goes with the letter that made it so.
  await ada.page.evaluate(() => {
    window.gone = []; // the nicks for which there was nothing to be said
    const see = () => {
      if (!document.querySelector("#bad-nick")) window.gone.push(document.querySelector('[name="nick"]').value);
    };
    const all = { childList: true, subtree: true, characterData: true };
    new MutationObserver(see).observe(document.querySelector("halley-sign-in"), all);
  });
  await ada.fill("nick", "a\u0007d");
  await ada.fill("nick", "a b");
  await ada.sees("#bad-nick", form);
  await ada.fill("nick", "[ada]`^_-|1");
  await ada.seesNo("#bad-nick");
  assert.deepEqual([...new Set(await ada.page.evaluate(() => window.gone))], ["[ada]`^_-|1"]);
  assert.equal(await ada.page.getAttribute('[name="nick"]', "aria-invalid"), "false");
  // What the one never takes the other does.
  await ada.page.selectOption('[name="network"]', "xmpp");
  await ada.fill("nick", "a\u0007");
  await ada.sees("#bad-nick", "can't be seen");
  await ada.fill("nick", "Ada Love!");
  await ada.seesNo("#bad-nick");
  await ada.join();
  await ada.sees(".panel .own-nick", "Ada Love!");
});

// What the card asks of the gateway to end its old session gets lost on the way.
async function comesBack(ada, room) {
  await ada.page.close();
  ada.page = await ada.context.newPage();
  ada.page.setDefaultTimeout(30000);
  await ada.page.route("**/leave", (route) => route.fulfill({ status: 204 }), { times: 1 });
  await ada.visit(`/r/irc/${encodeURIComponent(room)}?nick=${ada.nick}`);
  await ada.join();
}

test("story: a nick that one's own old session has is taken back as soon as it is gone", async () => {
  const room = `#${fresh("ghost")}`;
  const ada = await world.inRoom(kinds.irc, room);
  await comesBack(ada, room);
  await ada.sees('button[type="submit"]', closing);
  assert.equal(await ada.count("#bad-nick"), 0);
  await ada.sees(".panel .own-nick", ada.nick);
  await ada.saysAndIsHeard("me again");
});

// Somebody whose session ended with the gateway and whose nick another has got, at the card again.
async function whoseNickIsGone() {
  const room = `#${fresh("lost")}`;
  const ada = await world.inRoom(kinds.irc, room);
  ada.forgiven = /404|ERR_|WebSocket/;
  await world.tell("kill-gateway");
  await ada.page.close();
  await bot(world, room, ada.nick);
  await world.tell("start-gateway");
  await comesBack(ada, room);
  await ada.sees('button[type="submit"]', closing);
  return ada;
}

test("a nick that somebody else has got meanwhile counts as taken after a while, and at once the next time", async () => {
  const ada = await whoseNickIsGone();
  await ada.sees("#bad-nick", `${ada.nick} is in use.`);
  assert.equal(await ada.page.inputValue('[name="nick"]'), ada.nick);
  await ada.page.evaluate((text) => {
    window.told = [];
    const look = () => window.told.push(document.querySelector("button[type=submit]").textContent.includes(text));
    new MutationObserver(look).observe(document.querySelector("halley-sign-in"), { childList: true, subtree: true, characterData: true });
  }, closing);
  await ada.join();
  await ada.seesNo("#bad-nick");
  await ada.sees("#bad-nick", `${ada.nick} is in use.`);
  assert.ok(!(await ada.page.evaluate(() => window.told)).includes(true));
});

test("taking a nick back can be given up", async () => {
  const ada = await whoseNickIsGone();
  await ada.page.click('.below button:has-text("Cancel")');
  await ada.page.waitForSelector('button[type="submit"]:text-is("Join")');
  assert.equal(await ada.count(".problem"), 0);
});

// What it gets is the page as it is, whose scripts run there as they would in a browser without modules.
test("story: a browser that knows no modules says that it is too old; others do not ask what to say", async () => {
  const asked = [];
  const ada = await world.person();
  ada.page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await ada.visit("/r/irc/%23halley");
  await ada.sees('[name="nick"]');
  assert.ok(!asked.includes("/old.js"));
  for (const [locale, dir, told] of [
    ["en-GB", "ltr", "Your browser is too old for live chat."],
    ["de-AT", "ltr", "Dein Browser ist zu alt für den Live-Chat."],
    ["ar", "rtl", "متصفحك قديم جداً ولا يدعم الدردشة المباشرة."],
    ["cs", "ltr", "Your browser is too old for live chat."],
  ]) {
    const bo = await world.person({ locale });
    await bo.page.route("**/r/irc/*", async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace(/type=module/g, "type=unknown").replace("nomodule ", "");
      await route.fulfill({ response, body });
    });
    await bo.visit("/r/irc/%23halley");
    await bo.sees("body > p", told);
    assert.equal(await bo.page.evaluate(() => document.documentElement.dir), dir);
    assert.equal((await bo.page.textContent("body > p")).trim(), told);
  }
});
