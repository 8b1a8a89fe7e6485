// SPDX-License-Identifier: GPL-3.0-or-later
//
// Somebody in a room at a client of his own, past the gateway: there also while that is not.
import { createConnection } from "node:net";
import { kinds, fresh } from "./world.mjs";

const patience = 15000; // ms; a busy machine

class Wire {
  heard = "";
  #wakes = new Set();

  constructor(port, host) {
    this.socket = createConnection(port, host);
    this.socket.setEncoding("utf8");
    this.socket.on("error", () => {}); // shows as something not heard
    this.socket.on("data", (data) => {
      this.heard += data;
      for (const line of data.matchAll(/PING (\S+)\r\n/g)) this.send(`PONG ${line[1]}\r\n`);
      for (const wake of this.#wakes) wake();
    });
  }
  // Sends, and resolves once `answer` is heard after it.
  async send(text, answer) {
    this.heard = "";
    this.socket.write(text);
    if (!answer) return;
    await new Promise((resolve, reject) => {
      const late = () => reject(new Error(`no ${answer} within ${patience} ms; heard ${this.heard}`));
      const timer = setTimeout(late, patience);
      const look = () => {
        if (!answer.test(this.heard)) return;
        clearTimeout(timer);
        this.#wakes.delete(look);
        resolve();
      };
      this.#wakes.add(look);
      look();
    });
  }
}

async function onIrc({ ports }, room, nick) {
  const wire = new Wire(ports.irc, "127.0.0.1");
  await wire.send(`NICK ${nick}\r\nUSER b 0 * :b\r\n`, / 001 /);
  await wire.send(`JOIN ${room}\r\n`, / 366 /);
  let said = 0;
  const says = (text) => {
    const token = `said${++said}`;
    return wire.send(`PRIVMSG ${room} :${text}\r\nPING ${token}\r\n`, new RegExp(`PONG .*${token}`));
  };
  return { nick, says, leaves: () => wire.socket.destroy() };
}

async function onXmpp({ ports, xmppHost }, name, nick) {
  const wire = new Wire(ports.xmpp, xmppHost);
  const room = `${name}@rooms.alpha.test`;
  const stream =
    "<stream:stream to='guest.alpha.test' version='1.0' xmlns='jabber:client' " +
    "xmlns:stream='http://etherx.jabber.org/streams'>";
  const sasl = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'";
  await wire.send(stream, /<\/stream:features>/);
  await wire.send(`<auth ${sasl} mechanism='ANONYMOUS'/>`, /<success/);
  await wire.send(stream, /<\/stream:features>/);
  const bind = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>";
  await wire.send(`<iq type='set' id='b1'>${bind}</iq>`, /<\/jid>/);
  const muc = "<x xmlns='http://jabber.org/protocol/muc'/>";
  await wire.send(`<presence to='${room}/${nick}'>${muc}</presence>`, /code=['"]110['"]/);
  const says = (text) =>
    wire.send(
      `<message type='groupchat' to='${room}'><body>${text}</body></message>`,
      new RegExp(`<body>${text}</body>`),
    );
  return { nick, says, leaves: () => wire.socket.destroy() };
}

// In the room when this resolves.
export function outsider(world, kind, room) {
  return (kind === kinds.irc ? onIrc : onXmpp)(world, room, fresh("out"));
}
