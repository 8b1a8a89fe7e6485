// SPDX-License-Identifier: GPL-3.0-or-later
//
// Messages of an embedded room that are answered, changed and reacted to, by its visitor and by others, as far
// as the network can; and getting in with an account. The others use the chat page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { guest } from "./host_site.mjs";
import { faultless, picture, sites } from "./sites.mjs";
import { bot, fresh, kinds, screens } from "./world.mjs";

const { host, world } = sites({ more: { plain: {}, members: {} } });

const embed = (network, room, more = "") => host.embed(`network="${network}" room="${room}" ${more}`);
const row = (text) => `halley-room .row.said:has(.text:has-text(${JSON.stringify(text)}))`;
const press = (one, key) => one.page.keyboard.press(key);

for (const kind of Object.values(kinds)) {
  test(`${kind.title}: an answer and a reaction are seen on both sides`, async () => {
    const room = kind.room(fresh("answers"));
    const ann = await guest(world, host, { bypassCSP: true });
    await ann.enters(embed(kind.network, room), fresh("ann"));
    const bo = await world.inRoom(kind, room);
    await bo.saysAndIsHeard("who knows about tails?");
    await ann.hears("about tails");
    // With the mouse.
    await ann.page.hover(row("about tails"));
    await ann.page.click(`halley-room .tools [aria-label="Reply to ${bo.nick}"]`);
    await ann.page.waitForSelector(`halley-room .subject:has-text("Reply to ${bo.nick}")`);
    await ann.page.keyboard.type("I do");
    await press(ann, "Enter");
    await ann.page.waitForSelector("halley-room .subject", { state: "detached" });
    await bo.sees(".row.said .quoted", "about tails");
    await ann.page.waitForSelector(`${row("I do")} .quoted:has-text("about tails")`);
    await ann.page.hover(row("about tails"));
    await ann.page.click('halley-room .tools [aria-label="React"]');
    await faultless(ann, `embed reacting ${kind.network}`);
    await ann.page.click('halley-room .tools [aria-label="\u{1f389}"]');
    await bo.sees(".reactions .chip", "\u{1f389} 1");
    // The others do the same, by keyboard.
    await press(bo, "Shift+Tab");
    await bo.page.click(".reactions .chip");
    await ann.page.waitForSelector(`${row("about tails")} .reactions button:has-text("2")`);
    await bo.page.hover('.row.said:has-text("I do")');
    await bo.page.click(`halley-tools [aria-label="Reply to ${ann.nick}"]`);
    await bo.saysAndIsHeard("then tell us");
    await ann.page.waitForSelector(`${row("then tell us")} .quoted:has-text("I do")`);
    // A quote leads to what it quotes; a reaction is taken back where it stands.
    await ann.page.click(`${row("I do")} .quoted`);
    await ann.page.waitForFunction(
      () => document.querySelector("halley-room").shadowRoot.activeElement?.textContent.includes("about tails"),
    );
    if (kind === kinds.irc) return; // which has no word for taking it back
    await ann.page.click(`${row("about tails")} .reactions button`);
    await bo.sees(".reactions .chip", "\u{1f389} 1");
  });
}

test("what was said is mended and taken back, by keyboard alone", async () => {
  const room = fresh("mend");
  const ann = await guest(world, host);
  await ann.enters(embed("xmpp", room), fresh("ann"));
  const bo = await world.inRoom(kinds.xmpp, room);
  await ann.writes("a comit");
  await bo.reads("a comit");
  await ann.page.waitForSelector(`${row("a comit")}:not(.sending)`);
  await press(ann, "ArrowUp");
  await ann.page.waitForSelector('halley-room .subject:has-text("Editing your message")');
  await press(ann, "Escape"); // not now
  assert.equal(await ann.page.inputValue("halley-room textarea"), "");
  // What was being written is there again.
  await ann.page.fill("halley-room textarea", "half a thought");
  await ann.page.hover(row("a comit"));
  await ann.page.click('halley-room .tools [aria-label="Edit"]');
  assert.equal(await ann.page.inputValue("halley-room textarea"), "a comit");
  await press(ann, "Escape");
  assert.equal(await ann.page.inputValue("halley-room textarea"), "half a thought");
  await ann.page.fill("halley-room textarea", "");
  await press(ann, "ArrowUp");
  await ann.page.fill("halley-room textarea", "a comet");
  await press(ann, "Enter");
  await bo.sees(".row.said .text", "a comet (edited)");
  await ann.page.waitForSelector(`${row("a comet")} small:has-text("(edited)")`);
  await press(ann, "Shift+Tab");
  await press(ann, "ArrowUp");
  await ann.page.waitForSelector("halley-room .tools .retract");
  await press(ann, "Enter"); // into the bar: reply, react, edit, remove
  for (let i = 0; i < 3; i++) await press(ann, "Tab");
  await press(ann, "Enter");
  await bo.sees(".row.said .text", `Message removed by ${ann.nick}`);
  await ann.page.waitForSelector(row(`Message removed by ${ann.nick}`));
  // And so do the others.
  await bo.saysAndIsHeard("mine was worng");
  await ann.hears("worng");
  await press(bo, "ArrowUp");
  await bo.says("mine was wrong");
  await ann.page.waitForSelector(`${row("mine was wrong")} small:has-text("(edited)")`);
});

test("where the network knows no replies the nick says whom it is for; nothing else is offered", async () => {
  const room = fresh("plain");
  const ann = await guest(world, host);
  await ann.enters(embed("plain", `#${room}`), fresh("ann"));
  const talker = await bot(world, `#${room}`, fresh("bo"), "", "plain");
  talker.write(`PRIVMSG #${room} :anybody?\r\n`);
  await ann.hears("anybody?");
  await ann.page.hover(row("anybody?"));
  await ann.page.waitForSelector("halley-room .tools");
  assert.equal(await ann.page.locator("halley-room .tools button").count(), 1);
  await ann.page.click("halley-room .tools .reply");
  assert.match(await ann.page.inputValue("halley-room textarea"), /^bo\d+x\d+: $/);
});

test("on a phone a touched message shows what can be done with it", async () => {
  const room = fresh("touch");
  const ann = await guest(world, host, { screen: screens.phone, hasTouch: true, isMobile: true });
  await ann.enters(embed("irc", `#${room}`), fresh("ann"));
  const talker = await bot(world, `#${room}`);
  talker.write(`PRIVMSG #${room} :touch me\r\n`);
  await ann.hears("touch me");
  await ann.page.tap(row("touch me"));
  const { width, height } = await ann.page.locator("halley-room .tools .reply").boundingBox();
  assert.ok(width >= 44 && height >= 44, `${width} x ${height}`); // for a thumb
  await picture(ann, "embed touched");
  await ann.page.tap("halley-room .tools .reply");
  await ann.page.waitForSelector("halley-room .subject");
});

test("who reads along is offered nothing to write with", async () => {
  const room = `#${fresh("along")}`;
  const ann = await guest(world, host);
  const element = (more) => `<halley-room network="irc" room="${room}" ${more}></halley-room>`;
  const script = `<script type="module" src="${world.url}/embed.js"></script>`;
  await ann.enters(host.page(script + element('id="talks"') + element('id="reads" readonly')), fresh("ann"));
  await ann.page.click('#reads button:has-text("Read along")');
  await ann.page.waitForSelector("#reads .reading");
  const talker = await bot(world, room);
  talker.write(`PRIVMSG ${room} :just look\r\n`);
  // Once what can be done has been fetched it is shown with the next frame.
  await ann.page.click('#talks .row.said:has-text("just look")');
  await ann.page.waitForSelector("#talks .tools");
  await ann.page.click('#reads .row.said:has-text("just look")');
  await ann.page.evaluate(() => new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then))));
  assert.equal(await ann.page.locator("#reads .tools").count(), 0);
});

test("a network for members only asks for the account; a wrong password is told under its field", async () => {
  const room = fresh("members");
  const ann = await guest(world, host, { bypassCSP: true });
  await ann.visit(embed("members", room));
  await ann.page.waitForSelector("halley-room .hint:has-text('for people with an account')");
  await faultless(ann, "embed account");
  const fill = (name, text) => ann.page.fill(`halley-room [name=${name}]`, text);
  await fill("nick", "ada");
  await fill("password", "not it");
  await ann.page.press("halley-room [name=password]", "Enter");
  await ann.page.waitForSelector("halley-room .problem:has-text(\"doesn't match ada\")");
  assert.equal(await ann.page.getAttribute("halley-room [name=password]", "aria-invalid"), "true");
  const focus = () => document.querySelector("halley-room").shadowRoot.activeElement?.name;
  await ann.page.waitForFunction(`(${focus})() === "password"`);
  await fill("password", "secret");
  await ann.page.press("halley-room [name=password]", "Enter");
  await ann.page.waitForSelector("halley-room textarea");
  const bo = await world.inRoom(kinds.xmpp, room);
  await ann.writes("said as a member");
  await bo.reads("said as a member");
  // A reload goes on; the password is kept nowhere.
  await ann.page.reload();
  await ann.hears("said as a member");
  const kept = await ann.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  assert.doesNotMatch(kept, /secret/);
});

test("where guests are welcome, whoever has an account says so", async () => {
  const room = fresh("both");
  const ann = await guest(world, host);
  await ann.visit(embed("xmpp", room));
  await ann.page.click('halley-room button:has-text("I have a password")');
  const nick = fresh("countess");
  await ann.page.fill("halley-room [name=nick]", nick);
  await ann.page.fill("halley-room [name=account]", "ada");
  await ann.page.fill("halley-room [name=password]", "secret");
  await ann.page.click("halley-room .join");
  await ann.page.waitForSelector("halley-room textarea");
  const bo = await world.inRoom(kinds.xmpp, room);
  await bo.sees(".person", nick);
});

test("a site that knows its visitor signs him in, and takes no focus", async () => {
  const room = fresh("known");
  const ann = await guest(world, host);
  await ann.visit(embed("members", room));
  await ann.page.waitForSelector("halley-room [name=password]");
  const join = (password) =>
    ann.page.$eval("halley-room", (one, word) => one.join("ada", { account: "ada", password: word }), password);
  await join("a stale token");
  await ann.page.waitForSelector("halley-room .problem:has-text(\"doesn't match ada\")");
  await join("secret");
  await ann.page.waitForSelector("halley-room textarea");
  assert.equal(await ann.page.evaluate(() => document.activeElement.tagName), "BODY");
});
