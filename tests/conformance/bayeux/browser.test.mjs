// SPDX-License-Identifier: GPL-3.0-or-later
//
// CometD's and Faye's own clients in Chromium, on pages of another origin than the gateway's where they
// can: each transport, a page loaded anew, and the demos.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { CometdClient } from "./clients.mjs";
import { fresh, World } from "./world.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const demo = join(root, "web/demo/bayeux");
const { chromium } = createRequire(join(root, "web/package.json"))("playwright-core");
const flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];

describe("Bayeux in a browser", () => {
  const world = new World();
  let browser, server, site;
  const begin = async () => {
    await world.start();
    server = spawn("node", [join(demo, "serve.mjs"), String(world.pagePort), world.url]);
    await createInterface({ input: server.stdout })[Symbol.asyncIterator]().next();
    site = `http://127.0.0.1:${world.pagePort}`;
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags });
  };
  before(begin);
  after(async () => {
    await browser?.close();
    server?.kill();
    await world.stop();
  });

  const visit = async (path, query = {}, from = site) => {
    const page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(30000);
    page.complaints = [];
    page.on("pageerror", (error) => page.complaints.push(error.message));
    await page.goto(`${from}/${path}?${new URLSearchParams({ gateway: world.url, ...query })}`);
    return page;
  };
  // For whoever wants to look at the pages: SHOTS=folder.
  const show = async (page, name) => {
    if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`) });
  };
  const someone = async (room) => {
    const one = new CometdClient(world.url, { nick: fresh("bob"), network: "irc" });
    await one.begin();
    return { one, heard: await one.subscribe(`/chat/irc/${room}`) };
  };
  // A client inside the page, left in window.client, that notes what it hears in window.heard.
  const enter = (page, { room, transport, nick, others = [] }) =>
    page.evaluate(async ([gateway, channel, types, name]) => {
      const { CometD } = await import("/cometd/cometd.js");
      const { ReloadExtension } = await import("/cometd/ReloadExtension.js");
      const { CallbackPollingTransport } = await import("/cometd/CallbackPollingTransport.js");
      window.client = new CometD();
      window.heard = [];
      client.registerExtension("reload", new ReloadExtension());
      client.configure({ url: `${gateway}/cometd`, logLevel: "error", stickyReconnect: false });
      for (const known of client.getTransportTypes()) client.unregisterTransport(known);
      const { LongPollingTransport } = await import("/cometd/LongPollingTransport.js");
      const { WebSocketTransport } = await import("/cometd/WebSocketTransport.js");
      const all = { websocket: WebSocketTransport, "long-polling": LongPollingTransport,
        "callback-polling": CallbackPollingTransport };
      for (const type of types) client.registerTransport(type, new all[type]());
      await new Promise((resolve, reject) => {
        client.addListener("/meta/handshake", (reply) => {
          if (!reply.successful) return reject(new Error(JSON.stringify(reply)));
          client.subscribe(channel, ({ data }) => {
            heard.push(data);
          }, {}, (done) => (done.successful ? resolve(window.subscribed = (window.subscribed ?? 0) + 1) : reject(new Error(JSON.stringify(done)))));
        });
        client.handshake({ ext: { chat: { nick: name } } });
      });
    }, [world.url, `/chat/irc/${room}`, [transport, ...others], nick ?? fresh("ann")]);
  const hears = (page, text) =>
    page.waitForFunction((wished) => window.heard?.some((data) => data.text === wished), text);

  for (const transport of ["websocket", "long-polling", "callback-polling"])
    test(`${transport}, across origins, both ways`, async () => {
      const room = fresh("room");
      const { one, heard } = await someone(room);
      const page = await visit("index.html");
      await enter(page, { room, transport });
      await one.publish(`/chat/irc/${room}`, { text: "to the page </script>\u2028" });
      await hears(page, "to the page </script>\u2028");
      await page.evaluate((channel) => client.publish(channel, { text: "from the page" }), `/chat/irc/${room}`);
      await heard.says("from the page");
      assert.equal(await page.evaluate(() => client.getTransport().type), transport);
      assert.deepEqual(page.complaints, []);
      await page.context().close();
      await one.end();
    });

  for (const transport of ["websocket", "long-polling", "callback-polling"])
    test(`reload over ${transport}: a page loaded anew goes on with its client, and the room sees nothing of it`, async () => {
      const room = fresh("room");
      const nick = fresh("ann");
      const { one, heard } = await someone(room);
      const page = await visit("index.html");
      await enter(page, { room, transport, nick });
      const id = await page.evaluate(() => client.getClientId());
      await page.evaluate(() => client.reload());
      await page.reload();
      await enter(page, { room, transport, nick });
      assert.equal(await page.evaluate(() => client.getClientId()), id);
      await one.publish(`/chat/irc/${room}`, { text: "welcome back" });
      await hears(page, "welcome back");
      assert.equal(heard.all.filter((data) => data.ev === "left").length, 0);
      await page.context().close();
      await one.end();
    });

  test("from WebSocket to long polling in mid-session, in a browser", async () => {
    const room = fresh("room");
    const { one, heard } = await someone(room);
    const page = await visit("index.html");
    await enter(page, { room, transport: "websocket", others: ["long-polling"] });
    await one.publish(`/chat/irc/${room}`, { text: "before" });
    await hears(page, "before");
    // As behind a proxy that lets no WebSocket through any more.
    await page.evaluate(() => {
      const Free = WebSocket;
      window.WebSocket = class extends Free {
        constructor(url) {
          super(url.replace("/cometd", "/nowhere"));
        }
      };
      client.getTransport().abort();
    });
    // CometD shakes hands anew for another transport, and subscribes anew.
    await page.waitForFunction(() => client.getTransport()?.type === "long-polling" && window.subscribed === 2);
    for (let i = 0; i < 5; ++i) await one.publish(`/chat/irc/${room}`, { text: `after ${i}` });
    await hears(page, "after 4");
    const after = await page.evaluate(() => heard.map((data) => data.text).filter((text) => /^after/.test(text)));
    assert.deepEqual(after, [0, 1, 2, 3, 4].map((i) => `after ${i}`));
    await page.evaluate((channel) => client.publish(channel, { text: "from the page" }), `/chat/irc/${room}`);
    await heard.says("from the page");
    await page.context().close();
    await one.end();
  });

  // Faye chooses by origin: its event streams and plain requests are for pages of the gateway itself.
  const fayes = [
    ["websocket", "another", []],
    ["eventsource", "the same", ["websocket"]],
    ["long-polling", "the same", ["websocket", "eventsource"]],
    ["cross-origin-long-polling", "another", ["websocket"]],
    ["callback-polling", "another", ["websocket", "cross-origin-long-polling"]],
  ];
  for (const [transport, origin, without] of fayes)
    test(`Faye's client over ${transport}, on a page of ${origin} origin, both ways`, async () => {
      const room = fresh("room");
      const { one, heard } = await someone(room);
      const page = await visit("names.js", {}, origin === "the same" ? `${world.url}/bayeux` : site);
      const streams = [];
      page.on("request", (asked) => asked.resourceType() === "eventsource" && streams.push(asked.url()));
      await page.evaluate(await readFile(join(here, "node_modules/faye/client/faye-browser.js"), "utf8"));
      await page.evaluate(async ([gateway, channel, unwanted, nick]) => {
        window.heard = [];
        window.client = new Faye.Client(`${gateway}/cometd`, { timeout: 10, retry: 1 });
        for (const one of unwanted) client.disable(one);
        client.addExtension({
          outgoing(message, go) {
            if (message.channel === "/meta/handshake") message.ext = { chat: { nick } };
            go(message);
          },
        });
        const late = new Promise((_, reject) => setTimeout(() => reject(new Error("no subscription")), 30000));
        await Promise.race([late, client.subscribe(channel, (data) => {
          heard.push(data);
        })]);
      }, [world.url, `/chat/irc/${room}`, without, fresh("faye")]);
      for (const text of ["to the page", "and again", "\u2028</script>"]) {
        await one.publish(`/chat/irc/${room}`, { text });
        await hears(page, text);
      }
      await page.evaluate((channel) => client.publish(channel, { text: "from the page" }).then(() => {}), `/chat/irc/${room}`);
      await heard.says("from the page");
      await hears(page, "from the page");
      const lines = await page.evaluate(() => heard.filter((data) => data.ev === "said").length);
      assert.equal(lines, 4);
      assert.equal(await page.evaluate(() => client._dispatcher.connectionType), transport);
      assert.equal(streams.length > 0, transport === "eventsource");
      assert.deepEqual(page.complaints, []);
      await page.context().close();
      await one.end();
    });

  test("demo: two pages chat", async () => {
    const room = fresh("room");
    const [ann, bob] = [await visit("chat.html", { room }), await visit("chat.html", { room })];
    for (const page of [ann, bob]) await page.waitForSelector('li:has-text("is here")');
    await bob.fill("input", "across the ports");
    await bob.press("input", "Enter");
    await ann.waitForSelector('li:has-text("across the ports")');
    await bob.waitForSelector('li:has-text("across the ports")');
    await show(ann, "chat");
    assert.deepEqual([...ann.complaints, ...bob.complaints], []);
    await ann.context().close();
    await bob.context().close();
  });

  test("demo: calls answer as they can", async () => {
    const page = await visit("rpc.html", { network: "slow" });
    await page.waitForSelector('body[data-state="in"]');
    await page.click("#slow");
    await page.click("#quick");
    await page.waitForSelector('li:has-text("pong")');
    assert.ok(await page.locator('li:has-text("whois ...")').count() > 0, "the quick one came last");
    await page.waitForFunction(() => document.querySelectorAll("li.waits").length === 0);
    assert.equal(await page.locator(`li:has-text("whois: ")`).count(), 16);
    await show(page, "rpc");
    await page.context().close();
  });

  test("demo: the counter of a program", async () => {
    const room = fresh("room");
    const page = await visit("counter.html", { room });
    await page.waitForSelector('body[data-state="in"]');
    const counter = spawn(join(demo, "counter.sh"), [world.url, "a-key-for-programs-1", `/chat/irc/${room}`]);
    await page.waitForFunction(() => Number(document.querySelector("output").textContent) >= 2);
    await show(page, "counter");
    counter.kill();
    await page.context().close();
  });

  for (const network of ["irc", "xmpp"])
    test(`demo: what one draws on ${network}, the other sees, stroke by stroke`, async () => {
      const room = fresh("room");
      const [ann, bob] = [await visit("sketch.html", { room, network, nick: fresh("ann") }),
        await visit("sketch.html", { room, network, nick: fresh("bob") })];
      for (const page of [ann, bob]) await page.waitForSelector('.news:has-text("Draw something")');
      const points = (page) => page.evaluate(() => Number(document.querySelector("canvas").dataset.points ?? 0));
      const inked = (page) =>
        page.evaluate(() => {
          const { width, height } = document.querySelector("canvas");
          const { data } = document.querySelector("canvas").getContext("2d").getImageData(0, 0, width, height);
          return data.reduce((sum, value, i) => sum + (i % 4 === 3 && value > 0 ? 1 : 0), 0);
        });
      const draws = async (page, angle) => {
        const box = await page.locator("canvas").boundingBox();
        const [x, y, size] = [box.x + box.width / 2, box.y + box.height / 2, box.height * 0.4];
        for (let petal = 0; petal < 2; ++petal) {
          const at = (t) => {
            const r = size * Math.sin(t * Math.PI);
            const a = angle + petal * Math.PI + t * 0.8;
            return [x + r * Math.cos(a), y + r * Math.sin(a)];
          };
          await page.mouse.move(...at(0.02));
          await page.mouse.down();
          for (let t = 0.06; t < 1; t += 0.06) await page.mouse.move(...at(t));
          await page.mouse.up();
        }
      };
      await draws(ann, 0);
      await bob.waitForFunction(() => document.querySelector("canvas").dataset.points >= 34);
      await bob.waitForSelector('.news:has-text("is drawing")');
      const alone = await points(ann);
      await draws(bob, 1.5);
      await ann.waitForFunction((before) => document.querySelector("canvas").dataset.points >= before + 34, alone);
      const [ink, same] = [await inked(ann), await inked(bob)];
      assert.ok(ink > 1000 && Math.abs(ink - same) < ink * 0.05, `${ink} and ${same} points have ink`);
      await show(ann, `sketch-${network}`);
      await show(bob, `sketch-${network}-other`);
      assert.deepEqual([...ann.complaints, ...bob.complaints], []);
      await ann.context().close();
      await bob.context().close();
    });
});
