// SPDX-License-Identifier: GPL-3.0-or-later
//
// The classic forms of an embedded room (a frame, a plain script), its languages and looks, what a machine finds
// wrong with it in every theme, and the code of web/embed/README.md.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { isNamedByContent } from "../../web/bundling.mjs";
import { guest } from "./host_site.mjs";
import { Installed } from "./packages.mjs";
import { faultless, sites } from "./sites.mjs";
import { bot, fresh, screens } from "./world.mjs";

const { build } = createRequire(new URL("../../web/package.json", import.meta.url))("esbuild");
const { host, stranger, world } = sites({ more: { irc: { watch_rooms: ["#open"], watch_lines: 5 }, plain: {} } });

async function talks(ann, within, room, network = "irc") {
  await within.locator("[name=nick]").fill(fresh("ann"));
  await within.locator(".join").click();
  const talker = await bot(world, room, fresh("bot"), "", network);
  await within.locator("textarea").fill("from the page");
  await within.locator("textarea").press("Enter");
  await within.locator(".row.said:not(.sending) .text", { hasText: "from the page" }).waitFor();
  talker.write(`PRIVMSG ${room} :from IRC\r\n`);
  await within.locator(".text", { hasText: "from IRC" }).waitFor();
}

test("in a frame, on a site that is listed", async () => {
  const room = `#${fresh("frame")}`;
  const ann = await guest(world, host);
  const frame = ann.page.frameLocator("iframe");
  for (const network of ["irc", "plain"]) {
    const url = `${world.url}/embed/${network}/${encodeURIComponent(room)}?theme=dark`;
    await ann.visit(host.page(`<iframe title="chat" src="${url}"></iframe>`));
    await talks(ann, frame, room, network);
  }
  // The address of a frame is a page like any other.
  await ann.page.goto(`${world.url}/embed/plain/${encodeURIComponent(room)}`);
  await ann.page.waitForSelector("halley-room textarea, halley-room .join");
  await ann.visit(host.page(`<iframe title="chat" src="${world.url}/embed/irc/%23open?theme=dark"></iframe>`));
  await frame.locator(".frame").waitFor();
  const background = await frame.locator(".frame").evaluate((one) => getComputedStyle(one).backgroundColor);
  assert.equal(background, "rgb(21, 23, 27)");
});

test("in a frame with a sandbox: itself, or told what is missing", async () => {
  const room = `#${fresh("sandbox")}`;
  const ann = await guest(world, host);
  const frame = (rights) =>
    host.page(`<iframe title="chat" sandbox="${rights}" src="${world.url}/embed/irc/${encodeURIComponent(room)}"></iframe>`);
  await ann.visit(frame("allow-scripts allow-same-origin allow-forms"));
  await talks(ann, ann.page.frameLocator("iframe"), room);
  await ann.visit(frame("allow-scripts"));
  await ann.page.frameLocator("iframe").locator(":text('Add allow-same-origin')").waitFor();
});

test("no other site may put a room into a frame", async () => {
  const ann = await guest(world, stranger);
  ann.forgiven = /frame-ancestors|ERR_BLOCKED_BY_RESPONSE|chrome-error/;
  ann.others.add("null");
  await ann.visit(stranger.page(`<iframe title="chat" src="${world.url}/embed/irc/%23open"></iframe>`));
  await ann.page.waitForFunction(() => document.readyState === "complete");
  const shown = await ann.page.frames()[1].locator("halley-room").count().catch(() => 0);
  assert.equal(shown, 0);
  const policy = (await fetch(`${world.url}/embed/irc/%23open`, { headers: { Accept: "text/html" } })).headers.get(
    "content-security-policy",
  );
  assert.match(policy, new RegExp(`frame-ancestors 'self' ${host.url}$`));
  assert.doesNotMatch(policy, /unsafe/);
});

test("a plain script puts the room where it stands, in the page or in a frame", async () => {
  const room = `#${fresh("classic")}`;
  const ann = await guest(world, host);
  const script = (more) =>
    `<script src="${world.url}/embed-classic.js" data-network="irc" data-room="${room}" ${more}></script>`;
  await ann.visit(host.page(`${script('data-theme="dark" data-height="400"')}<p id="behind">behind</p>`));
  await talks(ann, ann.page.locator("halley-room"), room);
  const { height, after } = await ann.page.$eval("halley-room", (one) => ({
    height: one.offsetHeight,
    after: one.nextElementSibling.id,
  }));
  assert.deepEqual([height, after], [400, "behind"]);
  await ann.visit(host.page(script("data-frame")));
  await ann.page.frameLocator("iframe").locator("[name=nick], textarea").first().waitFor();
});

// Each language, theme and screen once: the words of a language are complete by their type, and a colour is
// the same in all of them.
const looks = [
  { lang: "en", join: "Join the chat", screen: "phone", colorScheme: "light" },
  { lang: "de", join: "Mitreden", screen: "tablet", colorScheme: "dark" },
  { lang: "ja", join: "チャットに参加", screen: "desk", colorScheme: "light", contrast: "more" },
  { lang: "ar", join: "انضم إلى المحادثة", screen: "phone", colorScheme: "dark", contrast: "more" },
];

test("in the language of the page, in each theme, on each screen: no fault found by machine", async () => {
  const talker = await bot(world, "#open", fresh("talker"));
  for (const { lang, join, screen, ...theme } of looks) {
    const ann = await guest(world, host, { ...theme, screen: screens[screen], bypassCSP: true });
    const dir = lang === "ar" ? "rtl" : "ltr";
    await ann.visit(host.embed('network="irc" room="#open"', { lang, dir }));
    await ann.page.waitForSelector(`halley-room .join:has-text(${JSON.stringify(join)})`);
    await faultless(ann, `embed outside ${lang} ${screen}`);
    const nick = fresh("ann");
    await ann.page.fill("halley-room [name=nick]", nick);
    await ann.page.press("halley-room [name=nick]", "Enter");
    await ann.page.waitForSelector("halley-room textarea");
    talker.write(`PRIVMSG #open :hello ${nick}, look: https://example.org/ and *this*\r\n`);
    await ann.hears(`hello ${nick}`);
    await ann.writes("an answer, and a second line\nof it");
    await ann.hears("an answer");
    await ann.page.click("halley-room button.count");
    await faultless(ann, `embed inside ${lang} ${screen}`);
    const frame = await ann.page.$eval("halley-room", ({ shadowRoot }) => {
      const { dir: way, scrollWidth, clientWidth } = shadowRoot.querySelector(".frame");
      return { way, fits: scrollWidth <= clientWidth };
    });
    assert.deepEqual(frame, { way: dir, fits: true });
  }
});

test("a nick that the network does not allow is told in the language of the page, with what it allows", async () => {
  const ann = await guest(world, host);
  await ann.visit(host.embed('network="irc" room="#open"', { lang: "de" }));
  await ann.page.waitForSelector('halley-room .join:has-text("Mitreden")');
  await ann.page.fill("halley-room [name=nick]", "1 ann");
  await ann.page.press("halley-room [name=nick]", "Enter");
  await ann.page
    .locator("halley-room .problem", { hasText: "Buchstaben, Ziffern und - _ [ ] { } \\ ` | und beginnt nicht mit einer Ziffer." })
    .waitFor();
});

test("at 320 px nothing goes sideways, in the languages with the longest words", async () => {
  const joins = { fr: "Rejoindre la discussion", es: "Entrar al chat", pt: "Entrar na conversa", de: "Mitreden" };
  const talker = await bot(world, "#open");
  for (const [lang, join] of Object.entries(joins)) {
    const ann = await guest(world, host, { screen: { width: 320, height: 640 } });
    const fits = async (where) => {
      const isWide = () => document.documentElement.scrollWidth > innerWidth ||
        [...document.querySelector("halley-room").shadowRoot.querySelectorAll(".frame, .entry, .composer")].some(
          (one) => one.scrollWidth > one.clientWidth);
      assert.equal(await ann.page.evaluate(isWide), false, `${lang} ${where}`);
    };
    await ann.visit(host.embed('network="irc" room="#open"', { lang }));
    await ann.page.waitForSelector(`halley-room .join:has-text(${JSON.stringify(join)})`);
    await ann.page.click("halley-room .quiet");
    await fits("outside");
    await ann.page.fill("halley-room [name=nick]", fresh("ann"));
    await ann.page.press("halley-room [name=nick]", "Enter");
    await ann.page.waitForSelector("halley-room textarea");
    talker.write(`PRIVMSG #open :${"Donaudampfschifffahrt".repeat(8)}\r\n`);
    await ann.hears("Donaudampf");
    await fits("inside");
  }
});

const embed = (room, more = "", options = {}) => host.embed(`network="irc" room="${room}" ${more}`, options);

test("a host page chooses colours, theme, accent and height", async () => {
  const ann = await guest(world, host, { colorScheme: "light" });
  await ann.visit(embed("#open", "", { kind: "purple" }));
  const look = (part) =>
    ann.page.$eval(`halley-room ${part}`, (one) => {
      const { backgroundColor, color, fontFamily } = getComputedStyle(one);
      return { backgroundColor, color, fontFamily };
    });
  await ann.page.waitForSelector("halley-room .join");
  assert.equal((await look(".frame")).backgroundColor, "rgb(245, 240, 255)");
  assert.equal((await look(".frame")).fontFamily, "serif");
  assert.equal((await look(".head")).backgroundColor, "rgb(80, 0, 120)");
  // An accent too pale to be read on the page is made readable: 4.5 to 1.
  await ann.visit(embed("#open", 'accent="#ffee88" theme="light" height="600"'));
  await ann.page.waitForSelector("halley-room .join");
  const accent = (await look(".join")).backgroundColor.match(/\d+/g).map(Number);
  assert.ok(contrast(accent, [255, 255, 255]) >= 4.5, String(accent));
  assert.equal(await ann.page.$eval("halley-room", (one) => one.style.getPropertyValue("--halley-height")), "600px");
  await ann.visit(embed("#open", 'theme="dark"'));
  await ann.page.waitForSelector("halley-room .join");
  assert.equal((await look(".frame")).backgroundColor, "rgb(21, 23, 27)");
});

function contrast(a, b) {
  const light = (rgb) => {
    const [r, g, blue] = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  };
  const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
  return (x + 0.05) / (y + 0.05);
}

test("the host page hears what happens", async () => {
  const ann = await guest(world, host);
  await ann.page.addInitScript(() => {
    globalThis.told = [];
    for (const name of ["ready", "state", "unread", "mention"]) {
      addEventListener(`halley-${name}`, ({ type, detail }) => globalThis.told.push([type, detail]));
    }
  });
  const room = fresh("events");
  await ann.enters(embed(`#${room}`), fresh("ann"));
  const talker = await bot(world, `#${room}`);
  talker.write(`PRIVMSG #${room} :hello ${ann.nick}\r\n`);
  await ann.hears("hello");
  await ann.page.waitForFunction(() => globalThis.told.some(([type]) => type === "halley-mention"));
  const told = await ann.page.evaluate(() => globalThis.told);
  assert.deepEqual(told.find(([type]) => type === "halley-ready")[1], { network: "irc", room: `#${room}` });
  assert.ok(told.some(([type, { state }]) => type === "halley-state" && state === "open"));
});

test("what the build has named by its content is kept for good, and nothing else is", async () => {
  const built = fileURLToPath(new URL("../../web/dist", import.meta.url));
  const names = readdirSync(built, { recursive: true }).filter((name) => /\.(js|html|svg)$/.test(name));
  assert.ok(names.filter(isNamedByContent).length > 30, String(names));
  for (const name of names) {
    const { status, headers } = await fetch(`${world.url}/${name}`);
    assert.equal(status, 200, name);
    assert.equal(/immutable/.test(headers.get("cache-control")), isNamedByContent(name), name);
  }
});

test("the package: as files of the site, and bundled as its first page says", async () => {
  const embedded = new Installed("embed");
  try {
    embedded.isWhole();
    const room = `#${fresh("package")}`;
    const ann = await guest(world, host);
    host.files = join(embedded.at, "dist");
    await ann.visit(
      host.page(
        `<script type="module" src="/files/embed.js"></script><script type="module" src="/files/badge.js"></script>
         <halley-badge network="irc" room="#open" gateway="${world.url}"></halley-badge>
         <halley-room network="irc" room="${room}" gateway="${world.url}"></halley-room>`,
      ),
    );
    await ann.page.waitForSelector("halley-badge a:has-text('online')");
    await talks(ann, ann.page.locator("halley-room"), room);

    embedded.write("page.ts", embedded.example("page.ts"));
    embedded.hasTypes("page.ts");
    const other = `#${fresh("bundled")}`;
    const code = embedded.example("page.ts").replace("https://chat.example.org", world.url).replace("#halley", other);
    await ann.page.goto("about:blank"); // its files go away
    host.files = join(embedded.folder, "made");
    const entryPoints = [embedded.write("bundled.ts", code)];
    await build({ entryPoints, bundle: true, format: "esm", splitting: true, outdir: host.files, logLevel: "error" });
    await ann.visit(host.page('<script type="module" src="/files/bundled.js"></script>'));
    await talks(ann, ann.page.locator("halley-room"), other);
  } finally {
    embedded.end();
  }
});

test("the pages of the README work as they are written", async () => {
  const readme = readFileSync(new URL("../../web/embed/README.md", import.meta.url), "utf8");
  const pages = [...readme.matchAll(/```html\n([\s\S]*?)```/g)].map(([, code]) =>
    code.replaceAll("https://chat.example.org", world.url),
  );
  assert.ok(pages.length >= 6, `${pages.length} pieces of HTML`);
  for (const [i, code] of pages.entries()) {
    const ann = await guest(world, host);
    // These are for pages that allow styles in their markup.
    host.policy = host.policy.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");
    await ann.visit(host.page(code.replaceAll("#halley", "#open")));
    const form = code.includes("badge") ? "a:has-text('online'), img" : ".join, .gate button.main";
    const inFrame = code.includes("<iframe");
    const within = inFrame ? ann.page.frameLocator("iframe") : ann.page;
    await within.locator(form).first().waitFor({ timeout: 30000 }).catch((error) => {
      throw new Error(`piece ${i + 1}: ${error.message}\n${code}`);
    });
  }
});
