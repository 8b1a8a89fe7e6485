// SPDX-License-Identifier: GPL-3.0-or-later
//
// The servers and the gateway behind other people's clients, for one file of tests.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import WebSocket from "ws";

// The clients were written for browsers.
globalThis.WebSocket ??= WebSocket;

const here = dirname(fileURLToPath(import.meta.url));
const patience = 60000;

export class World {
  environment = {};
  async start(...servers) {
    this.process = spawn("/usr/bin/python3", [join(here, "raw_world.py"), ...servers], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, ...this.environment },
    });
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
    Object.assign(this, await this.answer());
    this.webSocket = this.url.replace("http:", "ws:");
    this.port = Number(new URL(this.url).port);
    return this;
  }

  async answer() {
    const { value, done } = await this.lines.next();
    assert.ok(!done, "the servers could not be started; see above");
    return JSON.parse(value);
  }

  async tell(...words) {
    this.process.stdin.write(`${JSON.stringify(words)}\n`);
    return this.answer();
  }

  async stop() {
    const ended = new Promise((resolve) => this.process.on("exit", resolve));
    this.process.stdin.end();
    await ended;
  }
}

// Everything that has happened, to be waited for in any order.
export class Diary extends EventEmitter {
  entries = [];
  add(entry) {
    this.entries.push(entry);
    this.emit("entry");
  }
  async sees(fits, what) {
    const found = () => this.entries.find(fits);
    const signal = AbortSignal.timeout(patience);
    while (!found()) {
      await new Promise((resolve, reject) => {
        const fail = () => reject(new Error(`waited in vain for ${what}`));
        signal.addEventListener("abort", fail, { once: true });
        this.once("entry", () => {
          signal.removeEventListener("abort", fail);
          resolve();
        });
      });
    }
    return found();
  }
}

// Starts a client of @xmpp/client and waits until its stream management is on. COMPAT(xmpp.js 0.14):
// it counts what arrives before that, and the server then ends the stream.
export async function startManaged(one) {
  const managed = new Promise((resolve) =>
    one.on("nonza", (nonza) => {
      if (nonza.is("enabled") || nonza.is("failed")) resolve();
    }),
  );
  const jid = await one.start();
  await managed;
  return String(jid);
}
