// SPDX-License-Identifier: GPL-3.0-or-later
//
// The message field: drafts, what was sent before, and what it says when something was not sent.
import assert from "node:assert/strict";
import { setting } from "./setting.mjs";
import { bot, fresh, kinds, Person } from "./world.mjs";

const { world, test } = setting();

const press = (one, key) => one.page.keyboard.press(key);
const value = (one) => one.page.inputValue("halley-composer textarea");

// Another tab of the same browser, in the room already or by signing in again.
async function tabOf(one, kind, room) {
  const tab = new Person(world, one.context, await one.context.newPage());
  world.people.push(tab);
  await tab.visit(`/r/${kind.network}/${encodeURIComponent(room)}?nick=${one.nick}`);
  await tab.sees('.head h1, [name="nick"]');
  if (await tab.count('[name="nick"]')) await tab.join();
  await tab.sees(".head h1");
  return tab;
}

test("a draft outlives changing a message, whether it is changed or not", async () => {
  const room = fresh("mend");
  const ada = await world.inRoom(kinds.xmpp, room);
  await ada.saysAndIsHeard("a comit");
  await ada.types("half a thou");
  const edit = async () => {
    await ada.page.hover('.row.said:has-text("a com")');
    await ada.page.click('.tools [aria-label="Edit"]');
    await ada.sees(".subject");
  };
  await edit();
  assert.equal(await value(ada), "a comit");
  await press(ada, "Escape");
  assert.equal(await value(ada), "half a thou");
  await edit();
  await ada.types("a comet");
  await ada.page.reload(); // in the middle of it
  await ada.sees(".row.said", "a comit");
  assert.equal(await value(ada), "half a thou");
  await edit();
  await ada.says("a comet");
  await ada.sees(".row.said .text", "a comet (edited)");
  assert.equal(await value(ada), "half a thou");
});

test("going back in what was sent loses nothing that was not", async () => {
  const ada = await world.inRoom(kinds.irc, `#${fresh("back")}`);
  for (const text of ["one", "two"]) await ada.saysAndIsHeard(text);
  await ada.types("half");
  for (const [key, wanted] of [
    ["Control+ArrowUp", "two"],
    ["ArrowUp", "one"],
    ["ArrowUp", "one"], // there is no more
    ["ArrowDown", "two"],
    ["Control+ArrowDown", "half"],
    ["Control+ArrowUp", "two"],
  ]) {
    await press(ada, key);
    await ada.hasWritten(wanted);
  }
  await ada.page.keyboard.type(" and a bit");
  for (const [key, wanted] of [
    ["Control+ArrowUp", "one"],
    ["ArrowDown", "two"],
    ["ArrowDown", "half"],
    ["ArrowDown", "two and a bit"],
    ["ArrowUp", "half"],
  ]) {
    await press(ada, key);
    await ada.hasWritten(wanted);
  }
  await press(ada, "Enter");
  await ada.hasWritten("two and a bit"); // the draft, which is none of those
});

test("a draft outlives its tab, and another tab's newer one is left alone", async () => {
  const room = `#${fresh("keep")}`;
  const ada = await world.inRoom(kinds.irc, room);
  await ada.types("from the first");
  const kept = (wanted) =>
    Object.keys(localStorage).some((key) => key.startsWith("halley:draft:") && localStorage[key].includes(wanted));
  await ada.page.waitForFunction(kept, "from the first");
  const second = await tabOf(ada, kinds.irc, room);
  assert.equal(await value(second), "from the first");
  await second.types("from the second");
  await second.page.waitForFunction(kept, "from the second");
  await ada.saysAndIsHeard("from the first");
  assert.equal(await value(second), "from the second");
  await second.page.close();
  await ada.page.close();
  const third = await tabOf(ada, kinds.irc, room);
  assert.equal(await value(third), "from the second");
  await third.saysAndIsHeard("from the second");
  await third.page.waitForFunction(() => !Object.keys(localStorage).some((key) => key.startsWith("halley:draft:")));
  await third.page.reload();
  await third.sees(".row.said", "from the second");
  assert.equal(await value(third), "");
});

test("a text that is longer than the gateway takes at once goes out in parts, in order", async () => {
  const room = kinds.xmpp.room(fresh("long"));
  const ada = await world.inRoom(kinds.xmpp, room);
  const text = Array.from({ length: 4000 }, (_, i) => `w${i}`).join(" ");
  await ada.types(text);
  await press(ada, "Enter");
  await ada.sees(".row.said:not(.sending) .text", "w3999");
  await ada.seesNo(".row.said.sending");
  const said = await ada.page.locator(".row.said .text").allTextContents();
  assert.ok(said.length > 1);
  assert.equal(said.map((one) => one.trim()).join(" "), text);
});

test("what was not sent or not done says why in the reader's language, whatever the server said", async () => {
  const room = `#${fresh("grund")}`;
  const op = await bot(world, room);
  const ada = await world.inRoom(kinds.irc, room, fresh("ada"), { locale: "de-DE" });
  op.write(`MODE ${room} +m\r\n`);
  await ada.sees(".row.info", "+m");
  await ada.says("hallo");
  await ada.sees(".not-sent", "Nicht gesendet: Du kannst hier lesen, aber nicht schreiben.");
  await ada.says(`/kick ${ada.nick}`);
  await ada.sees(".row.error", "Das darfst du hier nicht.");
  await ada.says("/query niemand1");
  await ada.sees(".head h1", "niemand1");
  await ada.says("bist du da?");
  await ada.sees(".not-sent", "Nicht gesendet: Hier heißt niemand niemand1.");
  await ada.page.reload(); // it is kept with its reason
  await ada.sees(".not-sent", "Nicht gesendet: Hier heißt niemand niemand1.");
});

test("on XMPP, too, and on the card of a person", async () => {
  const room = fresh("why");
  const bo = await world.inRoom(kinds.xmpp, room);
  const ada = await world.inRoom(kinds.xmpp, room, fresh("ada"), { locale: "fr-FR" });
  await ada.sees(".person", bo.nick);
  await ada.says(`/kick ${bo.nick}`);
  await ada.sees(".row.error", "Vous n'avez pas le droit de faire cela ici.");
  await bo.says("/kick nobody-at-all");
  await bo.sees(".row.error", "Nobody here is called nobody-at-all.");
});

for (const kind of Object.values(kinds)) {
  test(`${kind.title}: who does not look after the room is not offered what he may not do`, async () => {
    const room = kind.room(fresh("may"));
    const ada = await world.inRoom(kind, room); // who opens a room looks after it
    const bo = await world.inRoom(kind, room);
    await ada.sees(".person", bo.nick);
    await bo.sees(".person", ada.nick);
    const offered = async (one, typed) => {
      await one.types("");
      await one.page.locator("halley-composer textarea").pressSequentially(typed);
      return one.page.locator(".choices li").allTextContents();
    };
    for (const [typed, wanted] of [["/ki", "/kick"], ["/ba", "/ban"], ["/mod", "/mode"], ["/op", "/op"]]) {
      await offered(ada, typed);
      await ada.sees(".choices li", wanted);
    }
    await offered(bo, "/m");
    await bo.sees(".choices li", "/me");
    assert.equal(await bo.count('.choices li:has-text("/mute")'), 0);
    await bo.types("");
    await bo.says("/help");
    await bo.sees(".row.note", "/topic");
    const told = await bo.text(".row.note");
    for (const name of ["/kick", "/ban", "/mode", "/op"]) assert.ok(!told.includes(`${name} `), name);
    // A topic is offered to be set where one may set it.
    await ada.sees("button.topic", "Set a topic");
    await bo.seesNo("button.topic");
    await bo.page.click('[aria-label="About this room"]');
    await bo.sees(".room-info");
    assert.equal(await bo.count('.room-info [name="topic"]'), 0);
    await ada.page.click('[aria-label="About this room"]');
    await ada.sees('.room-info [name="topic"]');
    // In private conversations a person has a card, too.
    await ada.says(`/query ${bo.nick}`);
    await ada.sees(".head h1", bo.nick);
    if (kind === kinds.xmpp) return; // by the address there
    await ada.says(`/whois ${bo.nick}`);
    await ada.sees(".person-card h3", bo.nick);
  });
}

test("a countdown is to be seen; what is read out of it does not change by the second", async () => {
  const ada = await world.inRoom(kinds.irc, `#${fresh("count")}`, fresh("ada"), { relayed: true });
  ada.forgiven = /./; // what cannot be reached is told on the console
  ada.relay.cut();
  await ada.sees('.bar [aria-hidden="true"]', "Trying again in");
  assert.equal(await ada.text(".bar .spoken"), "Connection lost. Trying again...");
  ada.relay.mend();
});

test("on XMPP the settings of a room have names", async () => {
  const room = fresh("set");
  const ada = await world.inRoom(kinds.xmpp, room);
  await ada.says("/mode +mt");
  await ada.sees(".row.error");
  await ada.says("/mode -hidden +moderated");
  await ada.hasWritten("");
  await ada.says("/topic after that");
  await ada.sees(".head .topic", "after that");
  const bo = await world.inRoom(kinds.xmpp, room);
  await bo.sees(".bar", "You can read here but not write.");
});

test("who wants them has buttons for bold, italic and code over the field", async () => {
  const ada = await world.inRoom(kinds.irc, `#${fresh("bar")}`);
  assert.equal(await ada.count(".formats"), 0);
  await ada.page.keyboard.press("Control+K");
  await ada.page.fill('[name="palette"]', "Settings: Messages");
  await ada.page.press('[name="palette"]', "Enter");
  await ada.page.check('[name="formatBar"]');
  await ada.page.click(".sidebar a.place");
  await ada.types("make all");
  await ada.page.press("halley-composer textarea", "Control+A");
  await ada.page.click('.formats [aria-label="Code"]');
  await ada.hasWritten("`make all`");
  await ada.page.keyboard.type(" "); // the field has kept the focus
  await ada.page.click('.formats [aria-label="Bold"]');
  await ada.page.keyboard.type("now");
  await ada.page.press("halley-composer textarea", "Enter");
  await ada.sees(".row.said .mono", "make all");
  await ada.sees(".row.said .bold", "now");
});

test("who types where he may not write is told so when he sends it, and not before", async () => {
  const room = `#${fresh("hush")}`;
  const op = await bot(world, room);
  const ada = await world.inRoom(kinds.irc, room);
  await ada.says("/query nobody1");
  await ada.sees(".head h1", "nobody1");
  await ada.page.keyboard.type("are you");
  await ada.says("/away in a query"); // after what was typed
  await ada.sees(".row.note", "in a query");
  await ada.page.click(`.place[title="${room}"]`);
  op.write(`MODE ${room} +b ${ada.nick}!*@*\r\n`);
  await ada.sees(".row.info", "+b");
  await ada.page.click("halley-composer textarea");
  await ada.page.keyboard.type("may I");
  await ada.says("/away in a room");
  await ada.sees(".row.note", "in a room");
  assert.equal(await ada.count(".row.error"), 0);
  await ada.page.click('.place:has-text("Network messages")');
  await ada.sees(".row.info");
  assert.equal(await ada.count(".row.error"), 0);
});

test("who pastes and sends at once is not named as writing, who goes on writing is", async () => {
  const room = `#${fresh("paste")}`;
  const wire = await bot(world, room, fresh("bot"), "CAP REQ :message-tags\r\n");
  const heard = [];
  const waiting = new Map();
  const hears = (what) => new Promise((then) => (heard.includes(what) ? then() : waiting.set(what, then)));
  wire.on("data", (data) => {
    for (const [, typing, said] of String(data).matchAll(/\+typing=(\w+)\S* \S+ TAGMSG|PRIVMSG \S+ :([^\r\n]*)/g)) {
      heard.push(said ?? typing);
      waiting.get(said ?? typing)?.();
    }
  });
  const ada = await world.inRoom(kinds.irc, room);
  // Within one task, as nobody types: what is needed for it has not been fetched then.
  const pasted = (text) =>
    ada.page.evaluate((text) => {
      const field = document.querySelector("halley-composer textarea");
      field.value = text;
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    }, text);
  const fetched = ada.page.waitForResponse(/\/writing\./);
  await pasted("one");
  await ada.page.evaluate((url) => import(url), (await fetched).url());
  await hears("one");
  await pasted("two");
  await hears("two");
  await ada.page.locator("halley-composer textarea").pressSequentially("thr");
  await hears("active");
  assert.deepEqual(heard, ["one", "two", "active"]);
});

test("the sign before the name of a room need not be typed; a ban is told once", async () => {
  const room = fresh("bare");
  const op = await bot(world, `#${room}`);
  const ada = await world.inRoom(kinds.irc, `#${fresh("start")}`);
  await ada.says(`/join ${room}`);
  await ada.sees(".head h1", `#${room}`);
  op.write(`MODE #${room} +b ${ada.nick}!*@*\r\nKICK #${room} ${ada.nick} :out\r\n`);
  await ada.page.click('.bar button:has-text("Rejoin")');
  await ada.sees(".bar", "you've been banned.");
  assert.equal(await ada.text(".bar span"), `You can't join #${room}: you've been banned.`);
});
