// SPDX-License-Identifier: GPL-3.0-or-later
//
// Those who talk and come while a page is measured: plain clients past everything that is compared.
import { createConnection } from "node:net";

const patience = 120000; // ms for a server to answer

class Wire {
  heard = "";
  #watchers = new Set();

  constructor(port, host) {
    this.socket = createConnection(port, host);
    this.socket.setEncoding("utf8");
    this.socket.setNoDelay();
    this.socket.on("error", () => {}); // shows as something not heard
    this.socket.on("data", (data) => {
      this.heard = (this.heard + data).slice(-65536);
      for (const [, token] of data.matchAll(/(?:^|\n)PING (\S+)\r\n/g)) this.socket.write(`PONG ${token}\r\n`);
      for (const watch of [...this.#watchers]) watch(data);
    });
  }
  send(text) {
    this.heard = "";
    this.socket.write(text);
  }
  hears(pattern) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${pattern}: ${this.heard.slice(-300)}`)), patience);
      const watch = () => {
        const found = pattern.exec(this.heard);
        if (!found) return;
        clearTimeout(timer);
        this.#watchers.delete(watch);
        resolve(found);
      };
      this.#watchers.add(watch);
      watch();
    });
  }
  hearsText(text) {
    return this.hears({ exec: (heard) => heard.includes(text) || null });
  }
  end() {
    this.socket.destroy();
  }
}

async function register(port, nick) {
  const wire = new Wire(port, "127.0.0.1");
  wire.send(`NICK ${nick}\r\nUSER u 0 * :u\r\n`);
  await wire.hears(/ 001 /);
  return wire;
}

export class IrcPeople {
  network = "irc";
  constructor({ irc }) {
    this.port = irc;
  }
  room(name) {
    return `#${name}`;
  }
  async enter(room) {
    this.where = room;
    const stem = `t${Math.floor(Math.random() * 1e6)}x`;
    // InspIRCd reads only so much of one client at a time: ten talk at once.
    this.talkers = await Promise.all(Array.from({ length: 10 }, (_, i) => register(this.port, stem + i)));
    for (const wire of this.talkers) {
      wire.send(`JOIN ${room}\r\n`);
      await wire.hears(/ 366 /);
    }
    [this.wire] = this.talkers;
  }
  // Somebody who only listens, as the page will: a server has more to do for two than for one.
  async listener() {
    const wire = await register(this.port, `l${Math.floor(Math.random() * 1e6)}x`);
    wire.send(`JOIN ${this.where}\r\n`);
    await wire.hears(/ 366 /);
    (this.others ??= []).push(wire);
    return wire;
  }
  // The room tells so many of its last lines to who enters.
  async keeps(lines) {
    this.wire.send(`MODE ${this.where} +H ${lines}:1h\r\n`);
    await this.wire.hears(/ MODE \S+ :?\+H/);
  }
  async awaitsAndGreets(nick, greeting) {
    await this.wire.hears(new RegExp(`:${nick}!\\S+ JOIN`));
    await this.says(greeting);
  }
  // Resolves once the server has passed it all on; the last line comes last.
  async says(...lines) {
    const words = (some) => some.map((line) => `PRIVMSG ${this.where} :${line}\r\n`).join("");
    const share = Math.ceil((lines.length - 1) / this.talkers.length);
    const others = this.talkers.map(async (wire, i) => {
      const own = lines.slice(0, -1).slice(i * share, (i + 1) * share);
      if (!own.length) return;
      wire.send(`${words(own)}PING :so-far\r\n`);
      await wire.hears(/PONG \S+ :?so-far/);
    });
    await Promise.all(others);
    this.wire.send(`${words(lines.slice(-1))}PING :all\r\n`);
    await this.wire.hears(/PONG \S+ :?all/);
  }
  // Resolves when everybody is connected; what it returns makes them come in within a second.
  async crowd(count) {
    const stem = `c${Math.floor(Math.random() * 1e6)}x`;
    const all = [];
    for (let i = 0; i < count; i += 100) {
      const some = Array.from({ length: Math.min(100, count - i) }, (_, k) => register(this.port, `${stem}${i + k}`));
      all.push(...(await Promise.all(some)));
    }
    this.others = all;
    return async () => {
      const waves = 50;
      const each = Math.ceil(count / waves);
      const began = performance.now();
      for (let wave = 0; wave < waves; wave++) {
        for (const wire of all.slice(wave * each, (wave + 1) * each)) wire.send(`JOIN ${this.where}\r\n`);
        const due = began + ((wave + 1) * 1000) / waves;
        await new Promise((then) => setTimeout(then, Math.max(0, due - performance.now())));
      }
      await all.at(-1).hears(/ 366 /);
    };
  }
  leave() {
    for (const wire of [...(this.talkers ?? []), ...(this.others ?? [])]) wire.end();
  }
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

export class XmppPeople {
  network = "xmpp";
  constructor({ xmpp, xmppHost, domain }) {
    Object.assign(this, { port: xmpp, host: xmppHost, domain });
  }
  room(name) {
    return name;
  }
  async enter(room) {
    this.where = `${room}@rooms.${this.domain}`;
    this.wire = await this.#guest("talker");
  }
  async listener() {
    return (this.other = await this.#guest("listener"));
  }
  async #guest(nick) {
    const wire = new Wire(this.port, this.host);
    const stream = `<stream:stream to='guest.${this.domain}' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`;
    wire.send(stream);
    await wire.hears(/<\/stream:features>/);
    wire.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>");
    await wire.hears(/<success/);
    wire.send(stream);
    await wire.hears(/<\/stream:features>/);
    wire.send("<iq type='set' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
    await wire.hears(/<\/jid>/);
    wire.send(`<presence to='${this.where}/${nick}'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
    await wire.hears(/code=['"]110['"]/);
    return wire;
  }
  keeps() {} // every room does
  async awaitsAndGreets(nick, greeting) {
    await this.wire.hears(new RegExp(`<presence[^>]*/${nick}['"]`));
    this.says(greeting);
  }
  async says(...lines) {
    const text = escaped(lines.at(-1));
    const stanza = (line) => `<message type='groupchat' to='${this.where}'><body>${escaped(line)}</body></message>`;
    this.wire.send(lines.map(stanza).join(""));
    if (!text.startsWith("!")) await this.wire.hearsText(`<body>${text}<`);
  }
  async crowd(count) {
    return async () => {
      void this.says(`!crowd ${count}`);
      await this.wire.hears(new RegExp(`/crowd${count}['"]`));
    };
  }
  leave() {
    this.wire?.end();
    this.other?.end();
  }
}
