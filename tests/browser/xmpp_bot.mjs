// SPDX-License-Identifier: GPL-3.0-or-later
//
// Somebody at a plain XMPP client, who sends stanzas exactly as a test writes them.
import { createConnection } from "node:net";

export class XmppBot {
  #heard = "";
  #waiting = [];

  // `account` of alpha.test: "ada", whom world.py makes.
  static async connect(world, account = "ada", password = "secret") {
    const one = new XmppBot();
    one.wire = createConnection(world.ports.xmpp, world.xmppHost);
    one.wire.setEncoding("utf8");
    one.wire.on("data", (data) => one.#hear(data));
    const open = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='alpha.test' version='1.0'>";
    const secret = Buffer.from(`\0${account}\0${password}`).toString("base64");
    one.send(open);
    await one.hears(/<\/stream:features>/);
    one.send(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${secret}</auth>`);
    await one.hears(/<success/);
    one.send(open);
    await one.hears(/<\/stream:features>/);
    one.send("<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
    one.jid = (await one.hears(/<jid>([^<]*)<\/jid>/))[1];
    one.send("<presence/>");
    return one;
  }

  send(stanza) {
    this.wire.write(stanza);
  }

  // What comes from now on and fits; what fitted once is not found again.
  hears(what) {
    return new Promise((resolve) => {
      this.#waiting.push({ what, resolve });
      this.#look();
    });
  }

  async enters(room, nick) {
    this.send(`<presence to='${room}@rooms.alpha.test/${nick}'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>`);
    await this.hears(/code=.110/);
  }

  // A question to a room, which is answered when this resolves.
  async asks(room, type, payload, id = `q${Math.random()}`) {
    this.send(`<iq type='${type}' id='${id}' to='${room}@rooms.alpha.test'>${payload}</iq>`);
    await this.hears(new RegExp(`<iq[^>]*id=.${id}.`));
  }

  end() {
    this.wire.destroy();
  }

  #hear(data) {
    this.#heard += data;
    this.#look();
  }

  #look() {
    this.#waiting = this.#waiting.filter(({ what, resolve }) => {
      const found = what.exec(this.#heard);
      if (!found) return true;
      this.#heard = this.#heard.slice(found.index + found[0].length);
      resolve(found);
      return false;
    });
  }
}
