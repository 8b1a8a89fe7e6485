// SPDX-License-Identifier: GPL-3.0-or-later
//
// The real servers behind the gateway, for one file of tests; and what the checks need to know of it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import net from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
let numbers = 0;
export const fresh = (stem) => `${stem}${process.pid % 10000}x${++numbers}`;

// Clients of others keep their process alive with timers and connections that nobody can close.
export const endSoon = () => setTimeout(() => process.exit(), 3000).unref();

export class World {
  async start() {
    this.servers = spawn("/usr/bin/python3", [join(here, "world.py")], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.lines = createInterface({ input: this.servers.stdout })[Symbol.asyncIterator]();
    const { url, page_port } = JSON.parse(await this.answer());
    this.url = url;
    this.pagePort = page_port;
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
    const ended = new Promise((resolve) => this.servers.on("exit", resolve));
    this.servers.stdin.end();
    await ended;
    endSoon();
  }
}

// A way to the gateway that can be cut.
export class Tunnel {
  pairs = new Set();
  async start(url) {
    const { port } = new URL(url);
    this.server = net.createServer((browser) => {
      if (this.broken) return browser.destroy();
      const gateway = net.connect(Number(port), "127.0.0.1");
      const pair = [browser, gateway];
      this.pairs.add(pair);
      const end = () => (this.pairs.delete(pair), browser.destroy(), gateway.destroy());
      for (const socket of pair) socket.on("error", end).on("close", end);
      browser.pipe(gateway).pipe(browser);
    });
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }
  cut() {
    this.broken = true;
    for (const [browser, gateway] of this.pairs) browser.destroy(), gateway.destroy();
  }
  mend() {
    this.broken = false;
  }
  stop() {
    this.cut();
    this.server.close();
  }
}

// What the checks (kit.mjs) must know of a server: addresses, times, and how one talks there.
export const halley = (url) => ({
  url: `${url}/cometd`,
  hold: 3000,
  expiry: 4000,
  ackBound: 256 * 1024,
  acknowledges: true,
  room: () => `/chat/irc/${fresh("kit")}`,
  say: (text) => ({ text }),
  heard: (message) => message.data?.ev === "said" && message.data.text,
  introduction: (ext = {}) => ({ ext: { chat: { nick: fresh("k") }, ...ext } }),
  service: "/service/irc/ping",
  serviceData: {},
  goodOrigin: "http://page.test",
  publishKey: "a-key-for-programs-1",
  lazy: {
    channel: (room) => room,
    cause: (other, room) =>
      other.publish("/service/irc/typing", { to: `#${room.split("/").pop()}`, state: "active" }),
    is: (message) => message.data.ev === "typing",
  },
});

// Faye's own server, with one plain channel for each room.
export const faye = (url) => ({
  url: `${url}/faye`,
  hold: 3000,
  expiry: 4000,
  ackBound: 256 * 1024,
  acknowledges: false,
  room: () => `/kit/${fresh("room")}`,
  say: (text) => ({ text }),
  heard: (message) => message.data?.text,
  introduction: (ext) => (ext ? { ext } : {}),
  service: "/service/echo",
  serviceData: {},
  goodOrigin: "http://page.test",
});
