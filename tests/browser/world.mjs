// SPDX-License-Identifier: GPL-3.0-or-later
//
// A browser and the real servers behind the gateway, for one file of tests. People are browser
// contexts of their own; what a page complains about on its console fails the test that opened it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createConnection } from "node:net";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Relay } from "./relay.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const { chromium } = createRequire(join(here, "../../web/package.json"))("playwright-core");

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const screens = {
  phone: { width: 390, height: 844 },
  tablet: { width: 820, height: 1180 },
  desk: { width: 1440, height: 900 },
};

// Networks as a visitor types them: the same stories are told on both.
export const kinds = {
  irc: { network: "irc", title: "Comet IRC", room: (name) => `#${name}` },
  xmpp: { network: "xmpp", title: "Comet XMPP", room: (name) => name },
};

const bots = new Set();

// Somebody at a plain IRC client, who is in the room when this resolves.
export function bot(world, room, nick = fresh("bot"), extra = "", network = "irc") {
  return new Promise((resolve, reject) => {
    const wire = createConnection(world.ports[network], "127.0.0.1");
    bots.add(wire);
    let rest = "";
    wire.setEncoding("utf8");
    wire.on("error", reject);
    wire.on("data", (data) => {
      const lines = (rest + data).split("\r\n");
      rest = lines.pop();
      for (const line of lines) {
        const words = line.split(" ");
        if (words[0] === "PING") wire.write(`PONG ${words[1]}\r\n`);
        else if (words[1] === "001") wire.write(`${extra}JOIN ${room}\r\n`);
        else if (words[1] === "366") resolve(wire);
      }
    });
    wire.write(`NICK ${nick}\r\nUSER b 0 * :${extra ? "<b>b</b>" : "b"}\r\n`);
  });
}

export function endBots() {
  for (const wire of bots) wire.destroy();
  bots.clear();
}

let numbers = 0;
export const fresh = (stem) => `${stem}${process.pid % 1000}x${++numbers}`;

export class World {
  people = [];

  // `pages`: a folder to serve instead of the app; `http` and `sessions`: more settings of the gateway's
  // sections of that name; `more`: of each network, by its name.
  async start({ pages = join(here, "../../web/dist"), http = {}, more = {}, sessions = {} } = {}) {
    const settings = [http, more, sessions].map((one) => JSON.stringify(one));
    const words = [join(here, "world.py"), pages, ...settings];
    this.servers = spawn("/usr/bin/python3", words, {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.lines = createInterface({ input: this.servers.stdout })[Symbol.asyncIterator]();
    Object.assign(this, JSON.parse(await this.answer())); // url, ports, xmppHost
    this.browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags });
    return this;
  }

  async answer() {
    const { value, done } = await this.lines.next();
    assert.ok(!done, "the servers could not be started; see above");
    return value;
  }

  async tell(word) {
    this.servers.stdin.write(`${word}\n`);
    await this.answer();
  }

  async stop() {
    await this.browser?.close();
    const ended = new Promise((resolve) => this.servers.on("exit", resolve));
    this.servers.stdin.end();
    await ended;
  }

  // After each test: everybody leaves, and nobody's page may have complained.
  async everybodyLeaves() {
    const people = this.people.splice(0);
    for (const one of people) await one.leave();
    for (const one of people) assert.deepEqual(one.complaints, []);
  }

  // `relayed`: behind a relay of his own, which can be cut; see Relay.
  async person(options = {}) {
    const { screen = screens.desk, relayed = false, ...more } = options;
    const context = await this.browser.newContext({ viewport: screen, ...more });
    const one = new Person(this, context, await context.newPage());
    if (relayed) {
      one.relay = await new Relay().start(this.url);
      one.url = one.relay.url;
    }
    this.people.push(one);
    return one;
  }

  // Somebody in a room already.
  async inRoom(kind, room, nick = fresh("ann"), options = {}) {
    const one = await this.person(options);
    await one.visit(`/r/${kind.network}/${encodeURIComponent(room)}?nick=${nick}`);
    await one.join();
    await one.sees(".head h1");
    one.nick = nick;
    return one;
  }
}

export class Person {
  complaints = [];
  forgiven = /$^/; // complaints a test brings about on purpose
  others = new Set(); // other origins that his pages may ask

  constructor(world, context, page) {
    this.world = world;
    this.url = world.url;
    this.context = context;
    this.page = page;
    page.setDefaultTimeout(30000);
    page.on("console", (message) => {
      if (message.type() !== "error" && message.type() !== "warning") return;
      if (this.forgiven.test(message.text())) return;
      this.complaints.push(`${message.text()} (${message.location().url})`);
    });
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol === "data:" || origin === this.url || this.others.has(origin)) return;
      this.complaints.push(request.url());
    });
  }

  async visit(path) {
    await this.page.goto(this.url + path);
  }
  async fill(field, text) {
    await this.page.fill(`[name="${field}"]`, text);
  }
  async join() {
    await this.page.press('[name="nick"]', "Enter");
  }
  async sees(selector, text) {
    const found = text === undefined ? selector : `${selector}:has-text(${JSON.stringify(text)})`;
    return this.page.waitForSelector(found);
  }
  async seesNo(selector) {
    await this.page.waitForSelector(selector, { state: "detached" });
  }
  async reads(text) {
    return this.sees(".row.said .text", text);
  }
  async text(selector) {
    return (await this.page.textContent(selector))?.replace(/\s+/g, " ").trim();
  }
  // Only who is `relayed`.
  async goesOffline() {
    this.relay.cut();
    await this.context.setOffline(true);
  }
  async comesOnline() {
    this.relay.mend();
    await this.context.setOffline(false);
  }
  async types(text) {
    await this.page.fill("halley-composer textarea", text);
  }
  // What stands in the field, by typing or by completion, which may have to be fetched first.
  async hasWritten(text) {
    const fits = (wanted) => document.querySelector("halley-composer textarea").value === wanted;
    await this.page.waitForFunction(fits, text);
  }
  async says(text) {
    await this.types(text);
    await this.page.press("halley-composer textarea", "Enter");
  }
  async saysAndIsHeard(text) {
    await this.says(text);
    await this.sees(".row.said:not(.sending):not(.failed) .text", text);
  }
  count(selector) {
    return this.page.locator(selector).count();
  }
  async leave() {
    const networks = await this.page.locator(".network .icon-button").all().catch(() => []);
    for (const button of networks.reverse()) await button.click({ timeout: 1000 }).catch(() => {});
    // A route that is being answered would keep the browser from closing.
    if (!this.page.isClosed()) await this.page.unrouteAll({ behavior: "ignoreErrors" });
    await this.context.close();
    this.relay?.stop();
  }
}
