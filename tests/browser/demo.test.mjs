// SPDX-License-Identifier: GPL-3.0-or-later
//
// The demo pages as quickstart serves them: another origin with a strict policy. On each somebody talks or sees
// who is there; nothing moves, no machine finds a fault.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { after, afterEach, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { guest } from "./host_site.mjs";
import { leaveAll } from "./setting.mjs";
import { faultless } from "./sites.mjs";
import { bot, fresh, screens, World } from "./world.mjs";

const world = new World();
const site = {};
before(async () => {
  const port = await new Promise((found) => {
    const one = createServer().listen(0, "127.0.0.1", () => {
      const { port: free } = one.address();
      one.close(() => found(free));
    });
  });
  await world.start({
    http: { origins: [`http://127.0.0.1:${port}`] },
    more: { irc: { watch_rooms: ["#halley"], watch_lines: 3 }, xmpp: { watch_rooms: ["halley"], watch_lines: 3 } },
  });
  const script = fileURLToPath(new URL("../../web/demo/serve.mjs", import.meta.url));
  site.process = spawn(process.execPath, [script, String(port), world.url], { stdio: ["ignore", "pipe", "inherit"] });
  const { value: line } = await createInterface({ input: site.process.stdout })[Symbol.asyncIterator]().next();
  site.url = line.replace(/\/$/, "");
  site.gateway = world.url;
});
after(async () => {
  site.process?.kill();
  await world.stop();
});
afterEach(() => leaveAll(world));

for (const [screen, colorScheme] of [["phone", "light"], ["desk", "dark"]]) {
  test(`the blog: a room below the article, a card beside it (${screen}, ${colorScheme})`, async () => {
    const talker = await bot(world, "#halley", fresh("orion"));
    const ann = await guest(world, site, { screen: screens[screen], colorScheme, bypassCSP: true });
    await ann.visit("/blog.html");
    await ann.page.waitForSelector("halley-badge a:has-text('1 online')");
    await ann.page.fill("halley-room [name=nick]", fresh("ines"));
    await ann.page.click("halley-room .join");
    await ann.page.waitForSelector("halley-room textarea");
    talker.write("PRIVMSG #halley :there, a green one, just above the hills\r\n");
    await ann.hears("a green one");
    await ann.writes("I was looking the other way. Again.");
    await ann.page.waitForSelector("halley-room .row.said:not(.sending) :text('Again')");
    // The badge beside it says what the room does.
    await ann.page.waitForSelector("halley-badge p:has-text('a green one')");
    await faultless(ann, `blog-${screen}-${colorScheme}`, "html");
  });
}

for (const kind of ["irc", "xmpp"]) {
  test(`chat on ${kind}, the room as the page`, async () => {
    const ann = await guest(world, site, { screen: screens.phone, bypassCSP: true });
    await ann.enters(`/${kind}.html`, fresh("ann"));
    await ann.writes("hello");
    await ann.hears("hello");
    await faultless(ann, `demo-${kind}`, "html");
  });
}

test("the badge wall: every form of the badge follows the room", async () => {
  const ann = await guest(world, site, { bypassCSP: true });
  await ann.visit("/badges.html");
  await bot(world, "#halley");
  const all = await ann.page.locator('halley-badge[network="irc"]').count();
  await ann.page.waitForFunction(
    (count) =>
      [...document.querySelectorAll('halley-badge[network="irc"]')].filter((one) =>
        one.shadowRoot.querySelector("a.online"),
      ).length === count,
    all,
  );
  await ann.page.frameLocator("iframe").locator("a.online").waitFor();
  await faultless(ann, "badges", "html");
});

test("the first page leads to all of them", async () => {
  const ann = await guest(world, site, { bypassCSP: true });
  await ann.visit("/");
  const links = await ann.page.$$eval(".cards a", (all) => all.map((one) => one.href));
  for (const link of links) assert.equal((await fetch(link)).status, 200, link);
  await faultless(ann, "demos", "html");
});
