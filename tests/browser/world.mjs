// SPDX-License-Identifier: GPL-3.0-or-later
//
// A browser and the real servers behind the gateway, for one file of tests. People are browser
// contexts of their own; what a page complains about on its console fails the test that opened it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

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

let numbers = 0;
export const fresh = (stem) => `${stem}${process.pid % 1000}x${++numbers}`;

export class World {
  people = [];

  async start() {
    this.servers = spawn("/usr/bin/python3", [join(here, "world.py")], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.lines = createInterface({ input: this.servers.stdout })[Symbol.asyncIterator]();
    const { url, ports } = JSON.parse(await this.answer());
    this.url = url;
    this.ports = ports;
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

  async person(options = {}) {
    const { screen = screens.desk, ...more } = options;
    const context = await this.browser.newContext({ viewport: screen, ...more });
    const one = new Person(this, context, await context.newPage());
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

  constructor(world, context, page) {
    this.world = world;
    this.context = context;
    this.page = page;
    page.setDefaultTimeout(10000);
    page.on("console", (message) => {
      if (message.type() !== "error" && message.type() !== "warning") return;
      if (!this.forgiven.test(message.text())) this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol !== "data:" && origin !== this.world.url) this.complaints.push(request.url());
    });
  }

  async visit(path) {
    await this.page.goto(this.world.url + path);
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
  async types(text) {
    await this.page.fill("halley-composer textarea", text);
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
    await this.context.close();
  }
}
