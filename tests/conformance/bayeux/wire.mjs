// SPDX-License-Identifier: GPL-3.0-or-later
//
// A Bayeux client with no opinion: it sends the messages it is given and returns what comes back, so
// that a check can do what no library would.
import http from "node:http";
import WebSocket from "ws";

export const types = ["websocket", "eventsource", "long-polling", "callback-polling"];
let counter = 0;
export const nextId = () => String(++counter);

// One request: {status, headers, text, json}. `body`: messages, or a string sent as it is.
export function post(url, body, { type = "application/json", headers = {}, signal } = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return request("POST", url, text, { "Content-Type": type, ...headers }, signal);
}
export const get = (url, headers = {}, signal) => request("GET", url, null, headers, signal);

export function request(method, url, text, headers, signal) {
  return new Promise((resolve, reject) => {
    const sent = http.request(url, { method, headers, signal, agent: false }, (answer) => {
      let got = "";
      answer.setEncoding("utf8");
      answer.on("error", reject);
      answer.on("data", (piece) => (got += piece));
      answer.on("end", () => {
        let json;
        try {
          json = JSON.parse(got);
        } catch {
          json = undefined;
        }
        resolve({ status: answer.statusCode, headers: answer.headers, text: got, json });
      });
    });
    sent.on("error", reject);
    sent.end(text ?? undefined);
  });
}

export class Raw {
  constructor(profile) {
    this.profile = profile;
    this.url = profile.url;
  }
  async send(...messages) {
    const answer = await post(this.url, messages, { headers: this.headers });
    return answer.json ?? [];
  }
  async handshake(more = {}) {
    const [reply] = await this.send({
      channel: "/meta/handshake",
      version: "1.0",
      supportedConnectionTypes: types,
      id: nextId(),
      ...this.profile.introduction(),
      ...more,
    });
    this.id = reply.clientId;
    return reply;
  }
  connectMessage(more = {}) {
    return {
      channel: "/meta/connect",
      clientId: this.id,
      connectionType: "long-polling",
      id: nextId(),
      ...more,
    };
  }
  // All messages of one connect; the reply is told apart with reply().
  connect(more = {}) {
    return this.send(this.connectMessage(more));
  }
  subscribe(subscription, more = {}) {
    return this.one({ channel: "/meta/subscribe", subscription, ...more });
  }
  publish(channel, data, more = {}) {
    return this.one({ channel, data, ...more });
  }
  async one(message) {
    const sent = { clientId: this.id, id: nextId(), ...message };
    const got = await this.send(sent);
    return got.find((each) => each.id === sent.id) ?? got[0];
  }
  disconnect() {
    return this.one({ channel: "/meta/disconnect" });
  }
  // Ready to receive: hands shaken, first connect done, subscribed.
  async begin(channel, more = {}) {
    await this.handshake(more);
    await this.connect({ advice: { timeout: 0 } });
    if (channel) {
      const reply = await this.subscribe(channel);
      if (!reply.successful) throw new Error(`subscribing to ${channel}: ${reply.error}`);
    }
    return this;
  }
  // Connects until one of the deliveries is as wished; returns that one and all others before it.
  async wait(wished, rounds = 10, more = {}) {
    const seen = [];
    for (let round = 0; round < rounds; ++round) {
      for (const message of await this.connect(more)) {
        if (message.channel === "/meta/connect") continue;
        seen.push(message);
        if (wished(message)) return { message, seen };
      }
    }
    throw new Error(`never came; came: ${JSON.stringify(seen).slice(0, 2000)}`);
  }
}

export const replyTo = (messages, channel) => messages.find((one) => one.channel === channel);
export const deliveries = (messages) => messages.filter((one) => !one.channel.startsWith("/meta/"));

// A WebSocket whose messages are read one after the other.
export class Socket {
  static async open(profile, options = {}) {
    const one = new Socket();
    one.profile = profile;
    one.frames = [];
    one.waiting = [];
    one.socket = new WebSocket(profile.url.replace(/^http/, "ws"), options);
    one.socket.on("message", (text) => {
      one.frames.push(...JSON.parse(text.toString()));
      for (const wake of one.waiting.splice(0)) wake();
    });
    one.closed = new Promise((resolve) => one.socket.on("close", (code) => resolve(code)));
    await new Promise((resolve, reject) => {
      one.socket.on("open", resolve);
      one.socket.on("error", reject);
    });
    return one;
  }
  send(...messages) {
    this.socket.send(JSON.stringify(messages));
  }
  // The first message not yet taken that is as wished.
  async take(wished, within = 15000) {
    const end = Date.now() + within;
    for (;;) {
      const at = this.frames.findIndex(wished);
      if (at >= 0) return this.frames.splice(at, 1)[0];
      const left = end - Date.now();
      if (left <= 0) throw new Error(`never came; came: ${JSON.stringify(this.frames)}`);
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, left);
        this.waiting.push(() => (clearTimeout(timer), resolve()));
      });
    }
  }
  async ask(message) {
    const id = nextId();
    this.send({ id, clientId: this.id, ...message });
    return this.take((one) => one.id === id && one.channel === message.channel && "successful" in one);
  }
  async handshake(more = {}) {
    const reply = await this.ask({
      channel: "/meta/handshake",
      version: "1.0",
      supportedConnectionTypes: types,
      ...this.profile.introduction(),
      ...more,
    });
    this.id = reply.clientId;
    return reply;
  }
  connect(more = {}) {
    return this.ask({ channel: "/meta/connect", connectionType: "websocket", ...more });
  }
  close() {
    this.socket.terminate();
  }
}

// The messages of Server-Sent Events, as they come, until `enough` says so.
export function events(url, enough, within = 15000) {
  return new Promise((resolve, reject) => {
    const got = [];
    const asked = http.get(url, { headers: { Accept: "text/event-stream" }, agent: false }, (answer) => {
      let rest = "";
      answer.setEncoding("utf8");
      answer.on("data", (piece) => {
        rest += piece.replaceAll("\r", "");
        for (let end; (end = rest.indexOf("\n\n")) >= 0; rest = rest.slice(end + 2)) {
          const data = rest.slice(0, end).match(/^data: ?(.*)$/m);
          if (data) got.push(...JSON.parse(data[1]));
        }
        if (enough(got, answer)) asked.destroy(), clearTimeout(timer), resolve({ got, answer });
      });
      if (enough(got, answer)) asked.destroy(), clearTimeout(timer), resolve({ got, answer });
    });
    asked.on("error", () => {});
    const timer = setTimeout(() => (asked.destroy(), reject(new Error(JSON.stringify(got)))), within);
  });
}

export const form = (...values) =>
  values.map((one) => `message=${encodeURIComponent(JSON.stringify(one))}`).join("&");
