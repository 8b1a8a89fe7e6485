// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whatever people call themselves, their rooms and their topics, and whatever they write: everywhere
// on the page it is text.
import assert from "node:assert/strict";
import { corpus, shown } from "./corpus.mjs";
import { setting } from "./setting.mjs";
import { bot, fresh, kinds } from "./world.mjs";

const { world, test } = setting({ more: { words: {} } });

async function stranger(kind, room, nick) {
  const one = await world.person();
  await one.page.addInitScript(() => {
    globalThis.alert = () => (globalThis.wasHit = true);
  });
  await one.visit(`/r/${kind.network}/${encodeURIComponent(room)}?nick=${nick ?? fresh("ann")}`);
  await one.join();
  await one.sees(".head h1");
  return one;
}

// Nothing ran, and nothing of what was said became an element.
async function isHarmless(one) {
  const found = await one.page.evaluate(() => ({
    wasHit: globalThis.wasHit ?? false,
    made: [...document.querySelectorAll("halley-app :is(script,iframe,style,base,math,object,embed,b)")].map(
      (element) => element.outerHTML.slice(0, 80),
    ),
    images: [...document.querySelectorAll("halley-app img")].map((image) => image.src),
    handlers: [...document.querySelectorAll("halley-app *")].filter((element) =>
      [...element.attributes].some(({ name }) => name.startsWith("on")),
    ).length,
    links: [...document.querySelectorAll("halley-app a[href]")]
      .map((link) => link.protocol)
      .filter((protocol) => !["http:", "https:", "mailto:", "irc:", "ircs:", "xmpp:"].includes(protocol)),
  }));
  assert.deepEqual(found, { wasHit: false, made: [], images: [], handlers: 0, links: [] });
}

for (const kind of Object.values(kinds)) {
  test(`${kind.title}: messages, topics and names are text, in every part of the page`, async () => {
    const room = kind.room(fresh("xss"));
    const ada = await stranger(kind, room);
    const eve = await stranger(kind, room);
    for (const line of corpus) {
      await eve.says(line);
      await ada.page.waitForFunction(
        (text) =>
          [...document.querySelectorAll(".row.said .text")].some((one) => one.textContent.trim() === text),
        shown(line),
      );
    }
    const me = await ada.text(".panel .own-nick");
    await eve.says(`${me}: ${corpus[1]}`);
    await ada.sees(".row.mention");
    await isHarmless(ada);
    await ada.says(`/topic ${corpus[1]}`);
    await ada.sees(".head .topic", "<img");
    await ada.page.keyboard.press("Alt+i");
    await ada.sees(".room-info .whole", "<img");
    await isHarmless(ada);
    await ada.page.keyboard.press("Control+f");
    await ada.page.fill('[name="search"]', "alert");
    await ada.sees(".found .entry", "<img");
    await isHarmless(ada);
    await ada.page.click(".inbox");
    await ada.sees(".found .entry", "<img");
    await isHarmless(ada);
  });
}

test("an XMPP nick of markup is text in the log, the members, its card, completion and the palette", async () => {
  const room = fresh("xssnick");
  const ada = await stranger(kinds.xmpp, room);
  const eve = await stranger(kinds.xmpp, room);
  const nick = '<img src=x onerror="alert(1)">';
  await eve.says(`/nick ${nick.replaceAll(" ", "\u00a0")}`);
  await ada.sees(".panel .person", "<img");
  await eve.says("who am I?");
  await ada.sees(".row.said .who", "<img");
  await ada.page.click('.panel .person:has-text("<img")');
  await ada.sees(".person-card h3", "<img");
  await isHarmless(ada);
  await ada.types("<im");
  await ada.page.keyboard.press("Tab");
  await ada.page.waitForFunction(() => document.querySelector("textarea").value.startsWith("<img"));
  await isHarmless(ada);
  await ada.page.keyboard.press("Control+k");
  await ada.page.keyboard.type("<img");
  await ada.sees("#goals li", "<img");
  await isHarmless(ada);
});

test("an IRC room of markup and a real name of it are text in the list, the title and the card", async () => {
  const room = `#<svg/onload=alert(1)>${fresh("r")}`;
  const ada = await stranger(kinds.irc, room);
  await ada.sees(".head h1", "<svg/onload");
  await ada.sees(".sidebar .place", "<svg/onload");
  await bot(world, room, "mallory", "AWAY :<script>alert(1)</script>\r\n");
  await ada.page.click('.panel .person:has-text("mallory")');
  await ada.sees(".person-card dd", "<b>b</b>");
  await isHarmless(ada);
  await ada.says("/list");
  await ada.sees(".entries .entry", "<svg/onload");
  await isHarmless(ada);
});

for (const kind of Object.values(kinds)) {
  test(`${kind.title}: reasons are text: of being away, of being removed and of being banned`, async () => {
    const room = kind.room(fresh("why"));
    const eve = await stranger(kind, room);
    const ada = await stranger(kind, room);
    const name = await ada.text(".panel .own-nick");
    const me = await eve.text(".panel .own-nick");
    await eve.sees(".panel .person", name);
    await eve.says(`/away ${corpus[1]}`);
    await ada.sees(".panel .person.away", me);
    await ada.page.click(`.panel .person:has-text("${me}")`);
    await ada.sees(".person-card");
    await isHarmless(ada);
    await eve.says(`/kick ${name} ${corpus[1]}`);
    await ada.sees(".bar.danger", "<img src=x");
    await isHarmless(ada);
    await ada.page.click(".bar button");
    await ada.seesNo(".bar");
    await eve.sees(".panel .person", name);
    await eve.says(`/kickban ${name} ${corpus[2]}`);
    await ada.sees(".bar.danger", "<svg/onload");
    await isHarmless(ada);
    await ada.page.click(".bar button"); // and is refused, in the server's words
    await ada.sees(".row.error");
    await isHarmless(ada);
    await isHarmless(eve);
  });
}

test("the last words of an IRC server are text, wherever they are told", async () => {
  const room = `#${fresh("killed")}`;
  const ada = await stranger(kinds.irc, room);
  const name = await ada.text(".panel .own-nick");
  const wire = await bot(world, room, fresh("oper"), "OPER root root\r\n");
  await ada.sees(".row.fold");
  // It comes back by itself: seen whenever it was told.
  await ada.page.evaluate(() => {
    const look = () => (globalThis.told ||= document.body.textContent.includes("<img src=x"));
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  wire.write(`KILL ${name} :${corpus[1]}\r\n`);
  await ada.page.waitForFunction(() => globalThis.told);
  await isHarmless(ada);
});

for (const [account, told] of [
  ["ada", "The server cannot check logins now."],
  ["closed", "That account is closed."],
]) {
  test(`why a server refuses a login (SASL) is text: ${told}`, async () => {
    const one = await world.person();
    await one.page.addInitScript(() => {
      globalThis.alert = () => (globalThis.wasHit = true);
    });
    await one.visit(`/r/words/${fresh("sasl")}?nick=${account}`);
    await one.fill("password", "any");
    await one.page.click('button[type="submit"]');
    await one.sees(".head h1");
    await one.sees(".panel .own-nick");
    await one.says("close"); // its stream: he has to sign in again, and is refused
    await one.page.waitForFunction(
      (words) => document.querySelector(".bar")?.textContent.includes(`${words} (The server says: <img src=x`),
      told,
    );
    await isHarmless(one);
  });
}

test("the name of a network is text on the page where one signs in", async () => {
  const one = await world.person();
  await one.page.addInitScript(() => {
    globalThis.alert = () => (globalThis.wasHit = true);
  });
  const renamed = (offers) => offers.map((offer) => ({ ...offer, title: corpus[1] }));
  await one.page.route("**/chat/v1/networks", async (route) => {
    await route.fulfill({ json: renamed(await (await route.fetch()).json()) });
  });
  // The gateway has put them into the page; asked for only where it has not.
  let isGiven = true;
  await one.page.route("**/*", async (route) => {
    if (route.request().resourceType() !== "document") return route.fallback();
    const answer = await route.fetch();
    const body = (await answer.text()).replace(/(id="networks">)(.*?)<\/script>/, (_, tag, json) =>
      isGiven
        ? `${tag}${JSON.stringify(renamed(JSON.parse(json))).replaceAll("<", "\\u003c")}</script>`
        : `${tag}</script>`,
    );
    await route.fulfill({ response: answer, body });
  });
  await one.visit("/");
  await one.sees("halley-sign-in form");
  assert.equal(await one.text('[name="network"] option'), corpus[1]);
  isGiven = false;
  await one.visit("/");
  await one.sees("halley-sign-in form");
  assert.equal(await one.text('[name="network"] option'), corpus[1]);
  await one.visit(`/open?uri=${encodeURIComponent(`irc://${corpus[1].replaceAll(" ", "")}/x`)}`);
  await one.sees("halley-sign-in form");
  const brand = await one.count(".brand img");
  assert.equal(await one.count("img"), brand);
  assert.equal(await one.page.evaluate(() => globalThis.wasHit ?? false), false);
});
