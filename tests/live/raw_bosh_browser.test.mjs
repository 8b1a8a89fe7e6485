// SPDX-License-Identifier: GPL-3.0-or-later
//
// strophe.js over BOSH in Chromium: reloads and attached sessions lose nothing and hear nothing twice.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { client, xml } from "@xmpp/client";
import { startManaged, World } from "./raw_world.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const { chromium } = createRequire(join(here, "../../web/package.json"))("playwright-core");

const world = new World();
let chrome;
before(async () => {
  await world.start("prosody", "ejabberd");
  chrome = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run"],
  });
});
after(async () => {
  await chrome?.close();
  await world.stop();
});

let number = 0;

async function guest(server) {
  const one = client({
    service: `${world.webSocket}/xmpp-websocket`,
    domain: `guest.${world.networks[server].domain}`,
  });
  one.on("error", () => {});
  await startManaged(one);
  return one;
}

const join_room = (one, room, nick) =>
  one.send(xml("presence", { to: `${room}/${nick}` }, xml("x", "http://jabber.org/protocol/muc")));
const say = (one, room, text) =>
  one.send(xml("message", { to: room, type: "groupchat" }, xml("body", {}, text)));

async function open_page() {
  const context = await chrome.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(20000);
  await page.goto(world.url + "/");
  return page;
}

// What a page does when it has loaded: enters, or goes on with the session it had before. Every body
// it hears is kept over reloads.
function begin(page, how, to) {
  return page.evaluate(
    ([way, jid]) => {
      const { Strophe } = window.strophe ?? window;
      const one = new Strophe.Connection("/http-bind", { keepalive: true });
      window.one = one;
      window.statuses = [];
      const listen = () => {
        one.addHandler(
          (message) => {
            const body = message.getElementsByTagName("body")[0]?.textContent;
            const heard = JSON.parse(sessionStorage.getItem("heard") ?? "[]");
            if (body) sessionStorage.setItem("heard", JSON.stringify([...heard, body]));
            return true;
          },
          null,
          "message",
        );
        one.addHandler(
          (presence) => {
            sessionStorage.setItem("seen", presence.getAttribute("from"));
            return true;
          },
          null,
          "presence",
        );
      };
      return new Promise((resolve, reject) => {
        const on_status = (status, condition) => {
          window.statuses.push(status);
          if (status === Strophe.Status.CONNECTED || status === Strophe.Status.ATTACHED) {
            listen();
            resolve(status);
          }
          if (status === Strophe.Status.CONNFAIL || status === Strophe.Status.AUTHFAIL ||
              status === Strophe.Status.DISCONNECTED) reject(new Error(`${status} ${condition}`));
        };
        if (way === "connect") one.connect(jid, null, on_status);
        if (way === "restore") one.restore(null, on_status);
        if (way === "attach") one.attach(jid.jid, jid.sid, jid.rid, on_status);
      });
    },
    [how, to],
  );
}

const heard = (page) => page.evaluate(() => JSON.parse(sessionStorage.getItem("heard") ?? "[]"));
const until_heard = (page, text) =>
  page.waitForFunction(
    (last) => JSON.parse(sessionStorage.getItem("heard") ?? "[]").includes(last),
    text,
  );
const until_in = (page, occupant) =>
  page.waitForFunction((who) => sessionStorage.getItem("seen") === who, occupant);

for (const server of ["prosody", "ejabberd"]) {
  test(`a page that is reloaded while others talk on ${server} misses nothing`, async () => {
    const room = `r${++number}@rooms.${world.networks[server].domain}`;
    const page = await open_page();
    await begin(page, "connect", `guest.${world.networks[server].domain}`);
    await page.evaluate((to) => {
      const { $pres } = window.strophe ?? window;
      one.send($pres({ to }).c("x", { xmlns: "http://jabber.org/protocol/muc" }));
    }, `${room}/page`);
    await until_in(page, `${room}/page`);
    const other = await guest(server);
    await join_room(other, room, "other");
    await until_in(page, `${room}/other`);
    const lines = Array.from({ length: 60 }, (_, i) => `line ${i}`);
    for (const [i, line] of lines.entries()) {
      await say(other, room, line);
      if (i % 20 !== 10) continue;
      await page.reload();
      await begin(page, "restore");
    }
    await until_heard(page, lines.at(-1));
    assert.deepEqual(await heard(page), lines);
    await other.stop();
    await page.context().close();
  });
}

test("a session made elsewhere is attached by jid, sid and rid", async () => {
  const first = await open_page();
  await begin(first, "connect", `guest.${world.networks.prosody.domain}`);
  // The first page stops asking without a word, as a server that has logged somebody in does.
  const session = await first.evaluate(() => {
    one.pause();
    const { jid } = one;
    const { sid, rid } = one._proto;
    return { jid, sid, rid };
  });
  const second = await open_page();
  await first.context().close();
  await begin(second, "attach", session);
  const room = `r${++number}@rooms.${world.networks.prosody.domain}`;
  await second.evaluate((to) => {
    const { $pres } = window.strophe ?? window;
    one.send($pres({ to }).c("x", { xmlns: "http://jabber.org/protocol/muc" }));
  }, `${room}/page`);
  await until_in(second, `${room}/page`);
  await second.evaluate(() => one.disconnect("bye"));
  await second.context().close();
});
