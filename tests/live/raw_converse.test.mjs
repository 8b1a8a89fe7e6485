// SPDX-License-Identifier: GPL-3.0-or-later
//
// Converse.js in Chromium, as an operator puts it on a page: log in, join a room, talk, reload, lose
// the network and come back; over WebSocket and BOSH, as a guest and with a password, on Prosody and
// ejabberd that have no web port of their own. With the gateway's own WebSocket (web/raw) on the page it does
// not even know that the network was lost.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { client, xml } from "@xmpp/client";
import { Relay } from "../browser/relay.mjs";
import { Diary, startManaged, World } from "./raw_world.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const { chromium } = createRequire(join(here, "../../web/package.json"))("playwright-core");
const dist = join(here, "node_modules/converse.js/dist");
const patience = 40000;

const types = { ".js": "text/javascript", ".css": "text/css", ".json": "application/json" };

// The operator's own site: a page, and the files of Converse.js beside it.
const site = createServer(async (request, answer) => {
  const { pathname: path, search } = new URL(request.url, "http://site");
  const resuming = `import { install } from "${world.url}/resuming_websocket.js"; install();`;
  const page =
    '<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="converse.min.css"><body>' +
    `<script type="module">${search === "?resuming" ? resuming : ""} import "./converse.min.js"; begin();</script>`;
  const body = path === "/" ? page : await readFile(join(dist, path)).catch(() => null);
  const type = path === "/" ? "text/html; charset=utf-8" : types[extname(path)];
  answer.writeHead(body === null ? 404 : 200, { "Content-Type": type ?? "application/octet-stream" });
  answer.end(body);
});

const world = new World();
let chrome;
before(async () => {
  await new Promise((then) => site.listen(0, "127.0.0.1", then));
  site.url = `http://127.0.0.1:${site.address().port}`;
  await world.start("prosody", "ejabberd", site.url);
  chrome = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run"],
  });
});
after(async () => {
  await chrome?.close();
  site.close();
  await world.stop();
});

// --- somebody else in the room ----------------------------------------------------------------------

async function guest(server, room, nick) {
  const diary = new Diary();
  const one = client({
    service: `${world.webSocket}/xmpp-websocket`,
    domain: `guest.${world.networks[server].domain}`,
  });
  one.on("error", () => {});
  one.on("stanza", (stanza) => diary.add({ stanza }));
  await startManaged(one);
  const to = { to: `${room}/${nick}` };
  await one.send(xml("presence", to, xml("x", "http://jabber.org/protocol/muc")));
  const from = (stanza, who, type) =>
    stanza.is("presence") && stanza.attrs.from === `${room}/${who}` && stanza.attrs.type === type;
  return {
    say: (text) =>
      one.send(xml("message", { to: room, type: "groupchat" }, xml("body", {}, text))),
    hears: (text) => diary.sees((e) => e.stanza.getChildText("body") === text, text),
    // That it joins for the n-th time.
    sees: (who, n = 1) =>
      diary.sees(() => diary.entries.filter((e) => from(e.stanza, who)).length >= n, `${who} ${n}`),
    joins: (who) => diary.entries.filter((e) => from(e.stanza, who)).length,
    sawLeave: (who) => diary.entries.some((e) => from(e.stanza, who, "unavailable")),
    stop: () => one.stop(),
  };
}

// --- the page ---------------------------------------------------------------------------------------


const settings = (origin, server, carrier, account) => {
  const { domain } = world.networks[server];
  return {
    view_mode: "fullscreen",
    assets_path: "/",
    i18n: "en",
    loglevel: "debug",
    auto_login: true,
    discover_connection_methods: false,
    enable_muc_push: false,
    play_sounds: false,
    nickname: "visitor",
    ...(account
      ? { authentication: "login", jid: `${account.name}@${domain}/page`, password: account.password }
      : // A guest who reloads is a new one: nobody could resume the old one, whose nick would stay.
        { authentication: "anonymous", jid: `guest.${domain}`, enable_smacks: false }),
    ...(carrier === "BOSH"
      ? { bosh_service_url: `${origin}/http-bind` }
      : { websocket_url: `${origin.replace("http", "ws")}/xmpp-websocket` }),
    // COMPAT(Converse.js 14): its encryption fails for a guest who comes back as another, and with it
    // the joining of rooms.
    whitelisted_plugins: ["page"],
    blacklisted_plugins: ["converse-omemo", "converse-omemo-views"],
  };
};

async function visit(relay, server, carrier, account, room, query = "") {
  const context = await chrome.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  await context.route(/^https:/, (route) => route.abort()); // its sponsors' pictures
  const wanted = settings(relay.url, server, carrier, account);
  wanted.auto_join_rooms = [{ jid: room, nick: "visitor" }];
  await page.addInitScript((given) => {
    window.reconnected = 0;
    window.begin = () => {
      converse.plugins.add("page", {
        initialize() {
          const { api } = this._converse;
          window.rooms = api.rooms;
          api.listen.on("reconnected", async () => {
            window.reconnected += 1;
            // COMPAT(Converse.js 14): a guest who reconnects as another is in no room.
            if (given.authentication === "anonymous")
              await api.rooms.open(given.auto_join_rooms[0].jid, { nick: "visitor" }, true);
          });
        },
      });
      converse.initialize(given);
    };
  }, wanted);
  await page.goto(site.url + query);
  return page;
}

const inRoom = (page, room) =>
  page.evaluate(async (jid) => {
    const entered = 5; // ROOMSTATUS.ENTERED
    while ((await window.rooms?.get(jid))?.session?.get("connection_status") !== entered)
      await new Promise(requestAnimationFrame);
  }, room);
const hears = (page, text) => page.locator(".chat-msg__text", { hasText: text }).first().waitFor();
const heard = (page) => page.locator(".chat-msg__text").allTextContents();
async function say(page, text) {
  const line = page.locator(".chat-textarea");
  await line.fill(text);
  await line.press("Enter");
}

// --- the story --------------------------------------------------------------------------------------

let number = 0;
// One for each carrier: the server keeps a session of the last test for a while.
const accounts = {
  WebSocket: { name: "romeo", password: "montague" },
  BOSH: { name: "juliet", password: "capulet" },
};

async function story(server, carrier, account, told = talk, query = "") {
  const room = `converse${++number}@rooms.${world.networks[server].domain}`;
  const relay = await new Relay().start(world.url);
  const other = await guest(server, room, "other");
  const page = await visit(relay, server, carrier, account, room, query);
  try {
    await told({ server, carrier, account, room, relay, other, page });
  } finally {
    await page.context().close();
    await other.stop();
    relay.stop();
  }
}

async function talk({ server, carrier, account, room, relay, other, page }) {
  await inRoom(page, room);
  await other.sees("visitor");
  await other.say("welcome");
  await hears(page, "welcome");
  await say(page, "thanks 😀 <b>&amp;");
  await other.hears("thanks 😀 <b>&amp;");

  // A guest who has a WebSocket comes back as another each time.
  const isNew = carrier === "WebSocket" && !account;
  // What BOSH answers to a page that is going is lost to it: the new one has to ask first.
  const attached = carrier === "BOSH" && page.waitForRequest(/http-bind/, { timeout: patience });
  await page.reload();
  await attached;
  if (isNew) await other.sees("visitor", 2);
  await inRoom(page, room);
  await other.say("after the reload");
  await hears(page, "after the reload");
  await say(page, "here again");
  await other.hears("here again");

  relay.cut();
  await other.say("while away");
  await other.hears("while away");
  relay.mend();
  // Over BOSH the client repeats its requests and nobody notices; a WebSocket is made anew.
  // COMPAT(Converse.js 14): resumes its session once, and enters the room anew the second time.
  if (carrier === "WebSocket") await other.sees("visitor", isNew ? 3 : 2);
  await inRoom(page, room);
  await other.say("after the loss");
  await hears(page, "after the loss");
  await say(page, "back");
  await other.hears("back");

  const lines = ["welcome", "thanks 😀 <b>&amp;", "after the reload", "here again", "while away",
    "after the loss", "back"];
  const shown = await heard(page);
  assert.equal(new Set(shown).size, shown.length, `twice: ${shown}`);
  // What the page keeps of earlier is its own business: this is what came since it was last new. No
  // archive at the server: who comes back in a new session has missed what was said meanwhile.
  const kept = lines
    .slice(isNew ? 5 : 2)
    .filter((line) => carrier === "BOSH" || server === "prosody" || line !== "while away");
  assert.deepEqual(kept.filter((line) => !shown.includes(line)), [], `missed, of ${shown}`);
  if (carrier === "BOSH") assert.equal(other.sawLeave("visitor"), false, "the room saw it leave");
}

async function loseNothing({ room, relay, other, page }) {
  await inRoom(page, room);
  await other.sees("visitor");
  const lines = [];
  for (let round = 0; round < 3; ++round) {
    const [before, away, written, after] = ["before", "away", "written", "after"].map((word) => `${round} ${word}`);
    lines.push(before, away, written, after);
    await other.say(before);
    await hears(page, before);
    relay.cut();
    await other.say(away);
    await other.hears(away);
    await say(page, written); // nobody hears it yet
    relay.mend();
    await hears(page, away);
    await other.hears(written);
    await other.say(after);
    await hears(page, after);
  }
  assert.deepEqual((await heard(page)).sort(), lines.sort());
  assert.equal(await page.evaluate(() => window.reconnected), 0);
  assert.equal(other.joins("visitor"), 1);
  assert.equal(other.sawLeave("visitor"), false, "the room saw it leave");
}

for (const server of ["prosody", "ejabberd"])
  for (const account of [null, accounts.WebSocket])
    test(`Converse.js with the WebSocket that goes on, on ${server}, ${account ? "with a password" : "as a guest"}`,
      { timeout: 120000 },
      () => story(server, "WebSocket", account, loseNothing, "?resuming"));

for (const server of ["prosody", "ejabberd"])
  for (const carrier of ["WebSocket", "BOSH"])
    for (const account of [null, accounts[carrier]])
      test(`Converse.js over ${carrier} on ${server}, ${account ? "with a password" : "as a guest"}`,
        { timeout: 120000 },
        () => story(server, carrier, account));
