// SPDX-License-Identifier: GPL-3.0-or-later
//
// The session library as it is built, in pages of Chromium and here in Node, on the real gateway.
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { World } from "./world.mjs";

const here = dirname(fileURLToPath(import.meta.url));
export const built = join(here, "../../web/client/dist");
const limit = 20000; // ms; a busy machine

export class LibraryWorld extends World {
  async start() {
    assert.ok(existsSync(join(built, "library.js")), "web/client/dist is not there: npm run package");
    this.folder = mkdtempSync(join(tmpdir(), "halley-library-"));
    cpSync(join(here, "library"), this.folder, { recursive: true });
    cpSync(built, join(this.folder, "lib"), { recursive: true });
    await super.start({ pages: this.folder, http: { script_carrier: true } });
    this.library = await import(join(built, "library.js"));
    this.talkers = [];
    return this;
  }

  async stop() {
    for (const one of this.talkers) one.session.leave();
    await super.stop();
    rmSync(this.folder, { recursive: true });
  }

  // Somebody in this process, who hears and says over a WebSocket.
  async talker(room, nick, more = {}) {
    const one = new Talker(this, more);
    this.talkers.push(one);
    await one.session.enter({ network: "irc", nick, rooms: [room] });
    await one.until(`${nick} in ${room}`, () => one.events.some((e) => e.ev === "joined" && e.self));
    one.nick = nick;
    one.room = room;
    return one;
  }

  async tab(context, options) {
    const page = await context.newPage();
    page.setDefaultTimeout(limit);
    const tab = new Tab(page);
    await tab.load(this.url, options);
    return tab;
  }
}

export class Talker {
  events = [];
  lines = [];
  #wakes = [];

  constructor(world, more) {
    this.session = new world.library.ChatSession({
      base: `${world.url}/chat/v1`,
      onEvent: (event) => {
        this.events.push(event);
        if (event.ev === "said") this.lines.push(`${event.from}: ${event.text}`);
        for (const wake of this.#wakes.splice(0)) wake();
      },
      ...more,
    });
  }
  async says(...texts) {
    for (const text of texts) {
      const { ok, error } = await this.session.do({ do: "say", to: this.room, text }).result;
      assert.ok(ok, error?.text);
    }
  }
  async until(what, isSo) {
    const end = Date.now() + limit;
    while (!isSo()) {
      assert.ok(Date.now() < end, `not within ${limit} ms: ${what}; heard ${this.lines.join(" | ")}`);
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, 500);
        this.#wakes.push(() => (clearTimeout(timer), resolve()));
      });
    }
  }
  async reads(line) {
    await this.until(line, () => this.lines.includes(line));
  }
}

// One page with window.session and window.log, see library/page.js.
export class Tab {
  complaints = [];

  constructor(page) {
    this.page = page;
    page.on("pageerror", (error) => this.complaints.push(error.message));
  }
  async load(url, options) {
    await this.page.goto(`${url}/`);
    await this.page.waitForFunction(() => window.ready);
    await this.page.evaluate((what) => window.make(what), options);
  }
  async enter(room, nick) {
    this.nick = nick;
    this.room = room;
    await this.page.evaluate((request) => window.session.enter(request), {
      network: "irc",
      nick,
      rooms: [room],
    });
    await this.isIn(room);
  }
  async isIn(room) {
    this.room = room;
    await this.page.waitForFunction(
      (name) => window.log.model.conversations.get(name)?.joined,
      room,
    );
  }
  say(text) {
    return this.page.evaluate(
      ([to, what]) => {
        window.said ??= {};
        window.said[what] = window.session.do({ do: "say", to, text: what }).result;
      },
      [this.room, text],
    );
  }
  async saysAndIsHeard(text) {
    await this.say(text);
    const result = await this.page.evaluate((what) => window.said[what], text);
    assert.ok(result.ok, JSON.stringify(result));
  }
  async reads(line) {
    await this.page.waitForFunction((what) => window.log.lines.includes(what), line);
  }
  lines() {
    return this.page.evaluate(() => window.log.lines);
  }
  // What a chat client would show of the room: the model's lines.
  shown() {
    return this.page.evaluate(
      (room) =>
        window.log.model.conversations
          .get(room)
          .lines.filter((line) => line.type === "said")
          .map((line) => `${line.from}: ${line.text}`),
      this.room,
    );
  }
  carrier() {
    return this.page.evaluate(() => window.session.state.carrier);
  }
  async uses(carrier) {
    await this.page.waitForFunction(
      (name) => window.session.state.phase === "open" && window.session.state.carrier === name,
      carrier,
    );
  }
  async network(conditions) {
    this.devtools ??= await this.page.context().newCDPSession(this.page);
    const free = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
    await this.devtools.send("Network.enable");
    await this.devtools.send("Network.emulateNetworkConditions", { ...free, ...conditions });
  }
}

export function eachOnce(lines) {
  const twice = lines.filter((line, i) => lines.indexOf(line) !== i);
  assert.deepEqual(twice, [], `told twice, of ${lines.join(" | ")}`);
}
