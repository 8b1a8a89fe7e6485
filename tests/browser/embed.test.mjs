// SPDX-License-Identifier: GPL-3.0-or-later
//
// <halley-room> in pages of another origin, whose policy forbids everything but the gateway: talking on real
// networks, what is kept and what is said about the connection, and everything a host page may wish.
import assert from "node:assert/strict";
import { test } from "node:test";
import { corpus, shown } from "./corpus.mjs";
import { guest } from "./host_site.mjs";
import { sites } from "./sites.mjs";
import { bot, fresh, kinds, screens } from "./world.mjs";

const { host, stranger, world } = sites({
  more: {
    irc: { watch_rooms: ["#open", "#other", "#third"], watch_lines: 5 },
    xmpp: { watch_rooms: ["open"], watch_lines: 3 },
    plain: {},
  },
});

const embed = (kind, room, more = "", options = {}) =>
  host.embed(`network="${kind.network}" room="${kind.room(room)}" ${more}`, options);
const row = (text) => `halley-room .row.said .text:has-text(${JSON.stringify(text)})`;

// Besides: an IRC server that knows none of the newer things.
const plain = { network: "plain", title: "Plain IRC", room: (name) => `#${name}` };
for (const kind of [...Object.values(kinds), plain]) {
  test(kind.title, async (t) => {
    await t.test("two lines of HTML are a chat; both sides read each other", async () => {
      const room = fresh("blog");
      const ann = await guest(world, host);
      await ann.enters(embed(kind, room), fresh("ann"));
      const bo = await world.inRoom(kind, kind.room(room));
      await ann.page.waitForSelector('halley-room .count:has-text("2 members")');
      await bo.saysAndIsHeard("hello from the chat page");
      await ann.hears("hello from the chat page");
      await ann.writes("hello from the blog");
      await bo.reads("hello from the blog");
      await ann.page.waitForSelector("halley-room .row.said:not(.sending):not(.failed) .text:has-text('blog')");
      await ann.writes("/me waves");
      await bo.sees(".row.said.action .text", "waves");
      await ann.writes("/join #other");
      await ann.page.waitForSelector("halley-room .problem");
    });

    await t.test("a nick that is taken is told under its field", async () => {
      const room = fresh("taken");
      const bo = await world.inRoom(kind, kind.room(room));
      const ann = await guest(world, host);
      await ann.visit(embed(kind, room));
      await ann.page.fill("halley-room [name=nick]", bo.nick);
      await ann.page.press("halley-room [name=nick]", "Enter");
      await ann.page.waitForSelector(`halley-room .problem:has-text("${bo.nick} is in use")`);
      assert.equal(await ann.page.getAttribute("halley-room [name=nick]", "aria-invalid"), "true");
      await ann.page.fill("halley-room [name=nick]", fresh("ann"));
      await ann.page.click("halley-room .join");
      await ann.page.waitForSelector("halley-room textarea");
    });

    await t.test("a reload goes on with lines and draft, and the room does not notice", async () => {
      const room = fresh("reload");
      const bo = await world.inRoom(kind, kind.room(room));
      const ann = await guest(world, host);
      await ann.enters(embed(kind, room), fresh("ann"));
      await bo.saysAndIsHeard("before the reload");
      await ann.hears("before the reload");
      await ann.page.fill("halley-room textarea", "half a thou");
      await ann.page.reload();
      await ann.hears("before the reload");
      assert.equal(await ann.page.inputValue("halley-room textarea"), "half a thou");
      await ann.page.waitForSelector('halley-room .count:has-text("2 members")');
      await bo.saysAndIsHeard("after the reload");
      await ann.hears("after the reload");
      assert.equal(await bo.count(`.row.info:has-text("${ann.nick} left")`), 0);
    });

    await t.test("who leaves is gone, and so is who goes to another page", async () => {
      const room = fresh("leave");
      const bo = await world.inRoom(kind, kind.room(room));
      const ann = await guest(world, host);
      await ann.enters(embed(kind, room), fresh("ann"));
      await bo.sees(".person", ann.nick);
      await ann.page.click("halley-room .leave");
      await ann.page.waitForSelector("halley-room [name=nick]");
      await bo.seesNo(`.person:has-text("${ann.nick}")`);
      await ann.page.press("halley-room [name=nick]", "Enter");
      await bo.sees(".person", ann.nick);
      await ann.page.evaluate(() => document.querySelector("halley-room").remove());
      await bo.seesNo(`.person:has-text("${ann.nick}")`);
    });
  });
}

test("the connection in plain words; what is written offline is sent once, in order", async () => {
  const room = fresh("words");
  const bo = await world.inRoom(kinds.irc, kinds.irc.room(room));
  const ann = await guest(world, host);
  ann.forgiven = /ERR_INTERNET_DISCONNECTED|net::ERR_|WebSocket connection/;
  await ann.enters(embed(kinds.irc, room), fresh("ann"));
  await bo.sees(".person", ann.nick);
  await ann.context.setOffline(true);
  await ann.page.waitForSelector('halley-room .bar:has-text("You\'re offline")');
  await ann.writes("first");
  await ann.writes("second");
  assert.equal(await ann.page.locator("halley-room .row.sending").count(), 2);
  await ann.context.setOffline(false);
  await bo.reads("second");
  await ann.page.waitForSelector("halley-room .bar", { state: "detached" });
  const heard = await bo.page.locator(".row.said .text").allTextContents();
  assert.deepEqual(heard.map((text) => text.trim()), ["first", "second"]);
});

test("two embeds and a badge on one page add at most two connections and no layout shift", async () => {
  const ann = await guest(world, host);
  const held = new Set(); // connections that stay open
  ann.page.on("websocket", (socket) => {
    held.add(socket);
    socket.on("close", () => held.delete(socket));
  });
  ann.page.on("request", (request) => {
    if (request.resourceType() === "eventsource") held.add(request);
  });
  for (const end of ["requestfinished", "requestfailed"]) ann.page.on(end, (request) => held.delete(request));
  const [one, two] = ["#open", "#other"].map((room) => `<halley-room network="irc" room="${room}"></halley-room>`);
  const path = host.page(
    `<script type="module" src="${world.url}/embed.js"></script><script src="${world.url}/badge.js"></script>
     <p><halley-badge class="badge" network="irc" room="#third"></halley-badge></p>${one}${two}`,
  );
  await ann.page.addInitScript(() => {
    globalThis.shift = 0;
    new PerformanceObserver((list) => {
      for (const { value, sources } of list.getEntries()) {
        globalThis.shift += value;
        (globalThis.shifted ??= []).push(...sources.map(({ previousRect: a, currentRect: b }) => JSON.stringify([a, b])));
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  await ann.visit(path);
  const rooms = ann.page.locator("halley-room");
  await rooms.nth(0).locator("[name=nick]").fill(fresh("ann"));
  await rooms.nth(0).locator(".join").click();
  await rooms.nth(0).locator("textarea").waitFor();
  await rooms.nth(1).locator("[name=nick]").fill(fresh("other"));
  await rooms.nth(1).locator(".join").click();
  await rooms.nth(1).locator("textarea").waitFor();
  // The badge of a third room still hears; both rooms are on one session.
  await bot(world, "#third");
  await ann.page.waitForSelector('halley-badge a:has-text("1 online")');
  assert.deepEqual([...held].map((one) => new URL(one.url()).protocol).sort(), ["http:", "ws:"]);
  const { shift, shifted } = await ann.page.evaluate(() => ({ shift, shifted: globalThis.shifted }));
  assert.equal(shift, 0, `moved: ${shifted}`);
});

test("before somebody agrees nothing is asked of the gateway but its script", async () => {
  const ann = await guest(world, host);
  const asked = [];
  ann.page.on("request", (request) => {
    if (request.url().startsWith(world.url)) asked.push(new URL(request.url()).pathname);
  });
  await ann.visit(embed(kinds.irc, "open", "consent"));
  await ann.page.waitForSelector(`halley-room :text("run by ${new URL(world.url).host}")`);
  assert.deepEqual(asked.filter((path) => path !== "/embed.js" && !path.startsWith("/embed/main.~")), []);
  assert.equal(await ann.page.evaluate(() => localStorage.length + sessionStorage.length), 0);
  await ann.page.click('halley-room button:has-text("Show the chat")');
  await ann.page.waitForSelector("halley-room [name=nick]");
  await ann.page.reload();
  await ann.page.waitForSelector("halley-room [name=nick]"); // agreed once for all
});

test("a read-only room shows what passers-by may see, and nobody enters", async () => {
  const talker = await bot(world, "#open", fresh("talker"));
  const ann = await guest(world, host);
  await ann.visit(embed(kinds.irc, "open", "readonly"));
  await ann.page.waitForSelector('halley-room .count:has-text("1 person is here now")');
  talker.write("PRIVMSG #open :said to passers-by\r\n");
  await ann.hears("said to passers-by");
  assert.equal(await ann.page.locator("halley-room textarea, halley-room input").count(), 0);
  await ann.page.waitForSelector('halley-room .count:has-text("1 person is here now")');
  await ann.page.click('halley-room button:has-text("Read along")');
  await ann.page.waitForSelector('halley-room .reading:has-text("You are reading along")');
  talker.write("PRIVMSG #open :and to readers\r\n");
  await ann.hears("and to readers");
  assert.equal(await ann.page.locator("halley-room textarea").count(), 0);
});

test("a site that is not listed is told what its operator has to do", async () => {
  const ann = await guest(world, stranger);
  ann.forgiven = /403/;
  await ann.visit(stranger.embed('network="irc" room="#open"'));
  await ann.page.waitForSelector(`halley-room :text("isn't open to ${stranger.url}")`);
  await ann.page.waitForSelector(`halley-room code:has-text('origins = ["${stranger.url}"]')`);
  assert.equal(await ann.page.locator("halley-room [name=nick]").count(), 0);
});

test("what the host page got wrong is said where the chat would be", async () => {
  const ann = await guest(world, host);
  await ann.visit(host.embed('network="irc"'));
  await ann.page.waitForSelector("halley-room :text('needs to know where it is')");
  await ann.visit(host.embed('network="nowhere" room="#open"'));
  await ann.page.waitForSelector("halley-room :text('no network called nowhere')");
});

test("by keyboard alone: in, along the lines, out again to the host page", async () => {
  const room = fresh("keys");
  const ann = await guest(world, host);
  await ann.visit(
    host.page(
      `<p><a id="before" href="#x">before</a></p><script type="module" src="${world.url}/embed.js"></script>
       <halley-room network="irc" room="#${room}"></halley-room><p><a id="after" href="#y">after</a></p>`,
    ),
  );
  await ann.page.waitForSelector("halley-room [name=nick]");
  assert.equal(await ann.page.evaluate(() => document.activeElement.tagName), "BODY", "no focus is stolen");
  const press = (key) => ann.page.keyboard.press(key);
  const inner = () => ann.page.evaluate(() => {
    const one = document.querySelector("halley-room").shadowRoot.activeElement;
    return one && (one.name || one.className);
  });
  await ann.page.focus("#before");
  await press("Tab");
  assert.equal(await inner(), "nick");
  await ann.page.keyboard.type(fresh("ann"));
  await press("Enter");
  await ann.page.waitForFunction(
    () => document.querySelector("halley-room").shadowRoot.activeElement?.name === "message",
  );
  for (const text of ["one", "two", "three"]) {
    await ann.page.keyboard.type(text);
    await press("Enter");
    await ann.hears(text);
  }
  await press("Shift+Tab");
  assert.match(await inner(), /^log/);
  await press("ArrowUp");
  await press("ArrowUp");
  assert.match(
    await ann.page.evaluate(() => document.querySelector("halley-room").shadowRoot.activeElement.textContent),
    /two/,
  );
  await press("Escape");
  assert.equal(await ann.page.evaluate(() => document.activeElement.tagName), "BODY");
  await ann.page.focus("halley-room textarea");
  await press("Tab"); // to Send
  await press("Tab");
  assert.equal(await ann.page.evaluate(() => document.activeElement.id), "after");
});

test("whatever people call themselves and write, in the room, in a quote and in the badge it is text", async () => {
  const ann = await guest(world, host);
  await ann.page.addInitScript(() => (globalThis.alert = () => (globalThis.wasHit = true)));
  await ann.enters(
    host.page(
      `<script type="module" src="${world.url}/embed.js"></script><script src="${world.url}/badge.js"></script>
       <halley-room network="xmpp" room="open"></halley-room>
       <halley-badge network="xmpp" room="open" card></halley-badge>`,
    ),
    fresh("ann"),
  );
  const nick = '<img src=x onerror=alert(1)>"bo';
  const bo = await world.inRoom(kinds.xmpp, "open", encodeURIComponent(nick));
  for (const line of corpus) {
    await bo.says(line);
    await bo.sees(".row.said:not(.sending):not(.failed) .text", shown(line));
  }
  await ann.hears("<base href");
  await ann.page.hover(row("</textarea>"));
  await ann.page.click("halley-room .tools .reply");
  await ann.writes("quoted");
  await bo.reads("quoted");
  await ann.page.waitForSelector('halley-room .quoted:has-text("</textarea>")');
  await ann.page.click("halley-room button.count");
  await ann.page.waitForSelector("halley-room .people li:has-text('onerror')");
  await ann.page.waitForSelector("halley-badge p:has-text('<base href')");
  const found = await ann.page.evaluate(() => {
    const within = (name) => [...document.querySelector(name).shadowRoot.querySelectorAll("*")];
    const all = [...within("halley-room"), ...within("halley-badge")];
    const made = "img, script, iframe, math, base, object, embed, halley-room b, style";
    return {
      wasHit: globalThis.wasHit,
      made: all.filter((one) => one.matches(made)).map((one) => one.outerHTML.slice(0, 80)),
      handlers: all.filter((one) => [...one.attributes].some(({ name }) => name.startsWith("on"))).length,
      links: all.filter((one) => one.href && !/^https?:/.test(one.href)).map((one) => one.href),
    };
  });
  assert.deepEqual(found, { wasHit: undefined, made: [], handlers: 0, links: [] });
});

test("a flood costs the page a bounded number of rows, and its end is in view", async () => {
  const room = fresh("flood");
  const ann = await guest(world, host);
  await ann.enters(embed(kinds.irc, room), fresh("ann"));
  const talker = await bot(world, `#${room}`);
  for (let i = 1; i <= 1000; i++) talker.write(`PRIVMSG #${room} :line ${i} of many\r\n`);
  await ann.page.waitForSelector(row("line 1000 of many"), { timeout: 60000 });
  const found = await ann.page.$eval("halley-room", ({ shadowRoot }) => {
    const log = shadowRoot.querySelector(".log");
    return {
      rows: shadowRoot.querySelectorAll(".row").length,
      isAtEnd: log.scrollHeight - log.scrollTop - log.clientHeight < 2,
    };
  });
  assert.ok(found.rows <= 61, `${found.rows} rows`);
  assert.ok(found.isAtEnd);
  // Up, where earlier ones are put in, though more are said: what is read stays where it is.
  const first = `halley-room [data-key="${await ann.page.getAttribute("halley-room .line", "data-key")}"]`;
  const place = () => ann.page.$eval(first, (one) => Math.round(one.getBoundingClientRect().top));
  await ann.page.hover("halley-room .log");
  await ann.page.$eval("halley-room", ({ shadowRoot }) => (shadowRoot.querySelector(".log").scrollTop = 100));
  const before = await place();
  await ann.page.waitForSelector(row("line 850 of many"), { state: "attached" });
  for (let i = 1; i <= 200; i++) talker.write(`PRIVMSG #${room} :more ${i} of it\r\n`);
  await ann.page.waitForSelector(row("more 100 of it"), { state: "attached", timeout: 60000 });
  assert.ok(Math.abs((await place()) - before) <= 1, `${before} ${await place()}`);
  await ann.page.waitForSelector('halley-room .pill:has-text("(200)")');
  assert.ok((await ann.page.locator("halley-room .line").count()) <= 300);
  // Down again: line after line, to the end.
  await ann.page.waitForFunction((wanted) => {
    const log = document.querySelector("halley-room").shadowRoot.querySelector(".log");
    log.scrollTop += 200;
    return log.textContent.includes(wanted) && log.scrollHeight - log.scrollTop - log.clientHeight < 2;
  }, "more 200 of it");
  await ann.page.waitForSelector("halley-room .pill", { state: "detached" });
  await ann.page.$eval("halley-room", ({ shadowRoot }) => (shadowRoot.querySelector(".log").scrollTop = 100));
  await ann.page.waitForSelector(row("more 50 of it"), { state: "attached" });
  talker.write(`PRIVMSG #${room} :a late one\r\n`);
  await ann.page.click('halley-room .pill:has-text("Jump to latest")');
  await ann.page.waitForFunction(() => {
    const log = document.querySelector("halley-room").shadowRoot.querySelector(".log");
    return log.scrollHeight - log.scrollTop - log.clientHeight < 2 && log.textContent.includes("a late one");
  });
});

test("members by a button, with their number", async () => {
  const room = fresh("people");
  const ann = await guest(world, host, { viewport: screens.phone });
  await ann.enters(embed(kinds.irc, room), fresh("ann"));
  const nick = fresh("friend");
  await bot(world, `#${room}`, nick);
  await ann.page.click('halley-room .count:has-text("2 members")');
  await ann.page.waitForSelector(`halley-room .people li:has-text("${nick}")`);
  await ann.page.keyboard.press("Escape");
  await ann.page.waitForSelector("halley-room .people", { state: "detached" });
});
