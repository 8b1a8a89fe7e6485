// SPDX-License-Identifier: GPL-3.0-or-later
//
// The official clients, as their users would use them, behind one shape for the tests.
import { createRequire } from "node:module";
import { adapt } from "cometd-nodejs-client";
import * as cometd from "cometd/cometd.js";
import { AckExtension } from "cometd/AckExtension.js";

const require = createRequire(import.meta.url);
export const Faye = require("faye");

const within = (promise, what, ms = 30000) => {
  let timer;
  const over = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not after ${ms} ms`)), ms);
  });
  return Promise.race([promise, over]).finally(() => clearTimeout(timer));
};

// What a subscription was told, and waiting for something of it.
class Heard {
  all = [];
  wakes = new Set();
  take(data) {
    this.all.push(data);
    for (const wake of this.wakes) wake();
  }
  wait(wished, what = "a delivery") {
    const found = () => this.all.find(wished);
    let wake;
    const came = new Promise((resolve) => {
      wake = () => found() && resolve(found());
      this.wakes.add(wake);
      wake();
    });
    return within(came, `${what}; heard ${JSON.stringify(this.all).slice(0, 1500)}`).finally(() =>
      this.wakes.delete(wake),
    );
  }
  says(text) {
    return this.wait((data) => data.ev === "said" && data.text === text, text);
  }
  count(text) {
    return this.all.filter((data) => data.ev === "said" && data.text === text).length;
  }
}

let adapted = false;

export class CometdClient {
  constructor(url, chat, { websocket = true, ack = false } = {}) {
    if (!adapted) adapt();
    adapted = true;
    this.client = new cometd.CometD();
    this.client.configure({ url: `${url}/cometd`, logLevel: "error", maxBackoff: 2000, maxNetworkDelay: 20000 });
    if (!websocket) this.client.unregisterTransport("websocket");
    if (ack) this.client.registerExtension("ack", new AckExtension());
    this.chat = chat;
    this.handshakes = 0;
    this.heard = new Map();
    // CometD forgets subscriptions with a new handshake: they are made in this listener.
    this.client.addListener("/meta/handshake", (reply) => {
      if (!reply.successful) return;
      ++this.handshakes;
      for (const channel of this.heard.keys()) this.ask(channel);
    });
  }
  begin() {
    return within(new Promise((resolve, reject) => {
      this.client.handshake({ ext: { chat: this.chat } }, (reply) =>
        reply.successful ? resolve(reply) : reject(new Error(reply.error)));
    }), "the handshake");
  }
  ask(channel, done = () => {}) {
    this.client.subscribe(channel, (message) => this.heard.get(channel).take(message.data), {}, done);
  }
  async subscribe(channel) {
    const heard = new Heard();
    this.heard.set(channel, heard);
    const reply = await within(new Promise((resolve) => this.ask(channel, resolve)), `subscribing ${channel}`);
    if (!reply.successful) throw new Error(reply.error);
    return heard;
  }
  async publish(channel, data) {
    const reply = await within(new Promise((resolve) => this.client.publish(channel, data, resolve)), "publishing");
    if (!reply.successful) throw new Error(reply.error ?? JSON.stringify(reply));
    return reply;
  }
  call(target, data, timeout = 20000) {
    return within(new Promise((resolve) => this.client.remoteCall(target, data, timeout, resolve)), target);
  }
  transport() {
    return this.client.getTransport()?.type;
  }
  end() {
    return within(new Promise((resolve) => this.client.disconnect(resolve)), "leaving").catch(() => {});
  }
}

export class FayeClient {
  constructor(url, chat, { only } = {}) {
    this.client = new Faye.Client(`${url}/cometd`, { timeout: 10, retry: 1 });
    // It shakes hands by long polling in any case, and then takes the best that is left.
    if (only === "long-polling") this.client.disable("websocket");
    this.handshakes = 0;
    this.client.addExtension({
      outgoing(message, go) {
        if (message.channel === "/meta/handshake") message.ext = { ...message.ext, chat };
        go(message);
      },
      incoming: (message, go) => {
        if (message.channel === "/meta/handshake" && message.successful) ++this.handshakes;
        go(message);
      },
    });
  }
  async begin() {
    await within(new Promise((resolve) => this.client.connect(resolve)), "connecting");
  }
  async subscribe(channel) {
    const heard = new Heard();
    const subscription = this.client.subscribe(channel, (data) => heard.take(data));
    await within(new Promise((resolve, reject) => subscription.then(resolve, reject)), `subscribing ${channel}`);
    return heard;
  }
  async publish(channel, data) {
    await within(new Promise((resolve, reject) => this.client.publish(channel, data).then(resolve, reject)), "publishing");
  }
  async end() {
    this.client.disconnect();
  }
}
