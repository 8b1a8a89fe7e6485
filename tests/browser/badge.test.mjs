// SPDX-License-Identifier: GPL-3.0-or-later
//
// The live badge of a watched room in pages of another origin, in all its forms: what it says, that it follows
// the room, and what it costs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { guest } from "./host_site.mjs";
import { faultless, sites } from "./sites.mjs";
import { bot, fresh } from "./world.mjs";

const wall = Array.from({ length: 12 }, (_, i) => `#wall${i}`);
const { host, world } = sites({
  isListed: false, // a badge is for every site
  more: {
    irc: { watch_rooms: ["#open", ...wall], watch_lines: 3 },
    xmpp: { watch_rooms: ["open"] },
    plain: { watch_rooms: ["#open"] },
  },
});

const script = (data) => `<script src="${world.url}/badge.js" ${data}></script>`;
const says = (one, text) => one.page.waitForSelector(`halley-badge a:has-text(${JSON.stringify(text)})`);

test("a script tag becomes a badge that follows the room", async () => {
  const ann = await guest(world, host);
  await ann.visit(host.page(`<p>Talk to us: ${script('data-network="irc" data-room="#open"')}</p>`));
  await says(ann, "0 online");
  // It is told at most every five seconds, so not of each by itself.
  const [first] = await Promise.all([bot(world, "#open"), bot(world, "#open")]);
  await says(ann, "2 online");
  first.write("QUIT\r\n");
  await says(ann, "1 online");
  const link = await ann.page.getAttribute("halley-badge a", "href");
  assert.equal(link, `${world.url}/r/irc/%23open`);
});

test("a room of a plain ngIRCd has the same badge", async () => {
  const ann = await guest(world, host);
  await ann.visit(host.page(script('data-network="plain" data-room="#open"')));
  await says(ann, "0 online");
  await bot(world, "#open", fresh("bot"), "", "plain");
  await says(ann, "1 online");
});

test("an XMPP room has the same badge", async () => {
  const ann = await guest(world, host);
  await ann.visit(host.page(script('data-network="xmpp" data-room="open"')));
  await says(ann, "0 online");
  await world.inRoom({ network: "xmpp" }, "open");
  await says(ann, "1 online");
});

test("a wall of badges costs one connection and moves nothing", async () => {
  const ann = await guest(world, host);
  const held = new Set();
  ann.page.on("request", (request) => request.resourceType() === "eventsource" && held.add(request));
  for (const end of ["requestfinished", "requestfailed"]) ann.page.on(end, (request) => held.delete(request));
  const badges = wall.map((room) => `<p><halley-badge class="badge" network="irc" room="${room}"></halley-badge></p>`);
  await ann.page.addInitScript(() => {
    globalThis.shift = 0;
    new PerformanceObserver((list) => {
      for (const { value } of list.getEntries()) globalThis.shift += value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  await ann.visit(host.page(badges.join("") + script("")));
  for (const room of wall) await ann.page.waitForSelector(`halley-badge[room="${room}"] a:has-text("0 online")`);
  const talkers = await Promise.all(wall.map((room) => bot(world, room)));
  assert.equal(talkers.length, 12);
  for (const room of wall) await ann.page.waitForSelector(`halley-badge[room="${room}"] a:has-text("1 online")`);
  assert.equal(held.size, 1);
  assert.equal(await ann.page.evaluate(() => globalThis.shift), 0);
  // Nor would thousands of people.
  const [one, many] = await ann.page.$eval("halley-badge", ({ shadowRoot }) => {
    const [link, text] = [shadowRoot.querySelector("a"), shadowRoot.querySelector(".n > span")];
    const before = link.offsetWidth;
    text.textContent = "9,999 online";
    return [before, link.offsetWidth];
  });
  assert.equal(one, many);
});

test("the badge costs one request beside its stream, of at most 3 KB", async () => {
  const ann = await guest(world, host);
  const asked = [];
  ann.page.on("response", async (response) => {
    const url = new URL(response.url());
    if (url.origin === world.url && response.request().resourceType() !== "eventsource") asked.push(response);
  });
  await ann.visit(host.page(script('data-network="irc" data-room="#open"')));
  await says(ann, "online");
  assert.deepEqual(asked.map((one) => new URL(one.url()).pathname), ["/badge.js"]);
  const headers = await asked[0].allHeaders();
  assert.ok(Number(headers["content-length"]) <= 3072, headers["content-length"]);
  assert.match(headers["cache-control"], /max-age=600/);
  const again = await fetch(`${world.url}/badge.js`, { headers: { "If-None-Match": headers.etag, "Accept-Encoding": "br" } });
  assert.ok([200, 304].includes(again.status));
});

test("a room that may not be watched is only a way in", async () => {
  const ann = await guest(world, host);
  await ann.visit(host.page(script('data-network="irc" data-room="#secret"')));
  await says(ann, "join chat");
});

test("in a frame, on every site", async () => {
  const ann = await guest(world, host);
  await bot(world, "#open");
  await ann.visit(host.page(`<iframe title="chat" src="${world.url}/badge/irc/%23open?theme=dark&lang=de"></iframe>`));
  const frame = ann.page.frameLocator("iframe");
  await frame.locator('halley-badge a:has-text("1 online")').waitFor();
  assert.equal(await frame.locator("a").evaluate((one) => getComputedStyle(one).color), "rgb(232, 234, 238)");
  // The address of a frame is a page like any other, and mirrored where the language is.
  await ann.page.goto(`${world.url}/badge/irc/%23open?lang=ar`);
  await ann.page.waitForSelector("halley-badge a.online");
  const isMirrored = ({ shadowRoot }) =>
    shadowRoot.querySelector("i").getBoundingClientRect().left > shadowRoot.querySelector("bdi").getBoundingClientRect().left;
  assert.equal(await ann.page.$eval("halley-badge", isMirrored), true);
  const { headers } = await fetch(`${world.url}/badge/irc/%23open`, { headers: { Accept: "text/html" } });
  assert.match(headers.get("cache-control"), /max-age=600/);
  assert.match(headers.get("content-security-policy"), /default-src 'none'.*frame-ancestors \*/);
  assert.doesNotMatch(headers.get("content-security-policy"), /unsafe/);
});

test("as an image, where nothing may run", async () => {
  const ann = await guest(world, host);
  await ann.visit(host.page(`<img id="badge" alt="the chat" src="${world.url}/watch/v1/irc/%23open/badge.svg">`));
  await ann.page.waitForFunction(() => document.querySelector("#badge").naturalWidth > 100);
});

test("a lost gateway is not an empty room, and the badge finds it again; a card has topic and last lines", async () => {
  const ann = await guest(world, host);
  ann.forgiven = /ERR_|Failed to load/;
  const first = await bot(world, "#open");
  await ann.visit(host.page(`${script("")}<halley-badge network="irc" room="#open" card></halley-badge>`));
  await says(ann, "1 online");
  await world.tell("kill-gateway");
  await says(ann, "join chat");
  // Who is in a room first may set its topic: not while the gateway's own observer is.
  first.destroy();
  const talker = await bot(world, "#open");
  talker.write("TOPIC #open :comets & <tails>\r\n");
  await world.tell("start-gateway");
  await ann.page.waitForSelector('halley-badge a:has-text("1 online")', { timeout: 60000 });
  await ann.page.waitForSelector('halley-badge .topic:has-text("comets & <tails>")');
  for (const text of ["one", "two", "<b>three</b>", "\u0001ACTION waves\u0001"]) talker.write(`PRIVMSG #open :${text}\r\n`);
  await ann.page.waitForSelector('halley-badge p:has-text("waves")');
  assert.equal(await ann.page.locator('halley-badge p:has-text("<b>three</b>")').count(), 1);
  assert.equal(await ann.page.locator("halley-badge p:not(.topic)").count(), 3); // as many as the operator shows
  assert.equal(await ann.page.locator('halley-badge p:has-text("one")').count(), 0);
});

test("no fault that can be found by machine, light and dark, in each language", async () => {
  await bot(world, "#open");
  const languages = ["en", "de", "fr", "es", "pt", "ja", "ar"];
  const all = languages.map((lang) => {
    const attributes = `network="irc" room="#open" lang="${lang}" dir="${lang === "ar" ? "rtl" : "ltr"}"`;
    return `<p><halley-badge ${attributes}></halley-badge></p><halley-badge card ${attributes}></halley-badge>`;
  });
  const page = host.page(script("") + all.join(""));
  for (const colorScheme of ["light", "dark"]) {
    const ann = await guest(world, host, { colorScheme, bypassCSP: true });
    await ann.visit(page);
    const count = () => document.querySelectorAll("halley-badge").length &&
      [...document.querySelectorAll("halley-badge")].every((one) => one.shadowRoot?.querySelector("a.online"));
    await ann.page.waitForFunction(count);
    await faultless(ann, `badges ${colorScheme}`);
  }
});
