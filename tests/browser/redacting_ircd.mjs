// SPDX-License-Identifier: GPL-3.0-or-later
//
// An IRC server that knows message ids and redaction, which none that Debian packages does: just enough
// of it for a room, who leads it, and what he removes from it.
import { createServer } from "node:net";

const caps = "message-tags echo-message server-time draft/message-redaction";

export class RedactingIrcd {
  #rooms = new Map(); // name -> clients; the first leads it
  #clients = new Set();
  #ids = 0;

  async start() {
    this.server = createServer((wire) => this.#take({ wire, nick: "", registered: false }));
    await new Promise((then) => this.server.listen(0, "127.0.0.1", then));
    this.address = `127.0.0.1:${this.server.address().port}`;
    return this;
  }
  stop() {
    for (const { wire } of this.#clients) wire.destroy();
    this.server.close();
  }

  #take(one) {
    this.#clients.add(one);
    let rest = "";
    one.wire.setEncoding("utf8");
    one.wire.on("error", () => {});
    one.wire.on("close", () => this.#forget(one));
    one.wire.on("data", (data) => {
      const lines = (rest + data).split("\r\n");
      rest = lines.pop();
      for (const line of lines) {
        const [, word = "", text = ""] = /^(?:@\S+ )?(\S+) ?(.*)$/.exec(line) ?? [];
        this.#verbs[word]?.call(this, one, text);
      }
    });
  }
  #forget(one) {
    this.#clients.delete(one);
    for (const [name, people] of this.#rooms) this.#rooms.set(name, people.filter((other) => other !== one));
  }
  #say(one, line) {
    one.wire.write(`${line}\r\n`);
  }
  #tell(one, text) {
    this.#say(one, `:redacting.test ${text}`);
  }
  #tellRoom(name, line) {
    for (const other of this.#rooms.get(name) ?? []) this.#say(other, line);
  }
  #register(one) {
    if (one.registered || !one.nick || !one.hasUser || !one.isDone) return;
    one.registered = true;
    const [{ nick }] = [one];
    this.#tell(one, `001 ${nick} :Welcome ${nick}!u@host`);
    this.#tell(one, `004 ${nick} redacting.test test-1 i bo`);
    this.#tell(one, `005 ${nick} PREFIX=(o)@ CHANTYPES=# CHANMODES=b,k,l,imnt CASEMAPPING=ascii :are supported`);
    this.#tell(one, `422 ${nick} :No message of the day`);
  }

  #verbs = {
    CAP(one, text) {
      const [verb, list = ""] = text.split(/ :?(.*)/);
      if (verb === "LS") this.#tell(one, `CAP * LS :${caps}`);
      else if (verb === "REQ") this.#tell(one, `CAP * ACK :${list}`);
      else if (verb === "END") one.isDone = true;
      this.#register(one);
    },
    NICK(one, nick) {
      one.nick ||= nick.replace(":", "");
      this.#register(one);
    },
    USER(one) {
      one.hasUser = true;
      this.#register(one);
    },
    PING(one, text) {
      this.#tell(one, `PONG redacting.test ${text.startsWith(":") ? text : `:${text}`}`);
    },
    JOIN(one, name) {
      const people = [...(this.#rooms.get(name) ?? []), one];
      this.#rooms.set(name, people);
      this.#tellRoom(name, `:${one.nick}!u@host JOIN ${name}`);
      const nicks = people.map(({ nick }, i) => (i ? nick : `@${nick}`)).join(" ");
      this.#tell(one, `353 ${one.nick} = ${name} :${nicks}`);
      this.#tell(one, `366 ${one.nick} ${name} :End of names`);
    },
    PRIVMSG(one, text) {
      this.#tellRoom(text.split(" ")[0], `@msgid=m${++this.#ids} :${one.nick}!u@host PRIVMSG ${text}`);
    },
    REDACT(one, text) {
      this.#tellRoom(text.split(" ")[0], `:${one.nick}!u@host REDACT ${text}`);
    },
    MODE(one, text) {
      const [name, ...changes] = text.split(" ");
      if (changes[1]) this.#tellRoom(name, `:${one.nick}!u@host MODE ${text}`);
      else if (!changes.length) this.#tell(one, `324 ${one.nick} ${name} +nt`);
    },
    KICK(one, text) {
      const [name, nick] = text.split(" ");
      this.#tellRoom(name, `:${one.nick}!u@host KICK ${text}`);
      this.#rooms.set(name, this.#rooms.get(name).filter((other) => other.nick !== nick));
    },
    WHOIS(one, nick) {
      this.#tell(one, `318 ${one.nick} ${nick} :End of whois`);
    },
    QUIT(one) {
      one.wire.end();
    },
  };
}
