// SPDX-License-Identifier: GPL-3.0-or-later
//
// Between a visitor and the gateway: counts what goes through, and can be cut like a cable. The
// devtools of a page cannot take the network from the worker that its tabs share.
import { createServer, request as ask } from "node:http";

export class Relay {
  answers = []; // { url, bytes } of each request, in order; bytes as they went over the wire
  #sockets = new Set();
  #isCut = false;
  #cutAt = 0;
  #onRefused = new Set();

  // To the gateway at `url`. The visitor goes to `this.url`.
  async start(url) {
    this.to = new URL(url);
    this.server = createServer((from, answer) => this.#pass(from, answer));
    this.server.on("upgrade", (from, socket, early) => this.#passUpgrade(from, socket, early));
    this.server.on("connection", (socket) => this.#hold(socket));
    await new Promise((then) => this.server.listen(0, "127.0.0.1", then));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }
  stop() {
    this.cut();
    this.server.close();
  }
  cut() {
    this.#isCut = true;
    this.#cutAt = Date.now();
    for (const socket of this.#sockets) socket.destroy();
  }
  mend() {
    this.#isCut = false;
  }

  // How long it has been cut, ms.
  get lostFor() {
    return Date.now() - this.#cutAt;
  }
  // The next try to get through while it is cut.
  refuses() {
    return new Promise((then) => this.#onRefused.add(then));
  }

  #hold(socket) {
    if (this.#isCut) {
      for (const told of this.#onRefused) told();
      this.#onRefused.clear();
      return socket.destroy();
    }
    if (this.#sockets.has(socket)) return; // kept alive, and used again
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => {});
  }
  #ask(from) {
    const { method, url: path, headers } = from;
    const { hostname: host, port } = this.to;
    const on = ask({ host, port, method, path, headers });
    on.on("socket", (socket) => this.#hold(socket));
    return on;
  }
  #count(from, { rawHeaders }) {
    const answer = { url: from.url, bytes: rawHeaders.join(": ").length + 20 };
    this.answers.push(answer);
    return answer;
  }
  #pass(from, answer) {
    const on = this.#ask(from);
    on.on("error", () => answer.destroy());
    on.on("response", (got) => {
      const counted = this.#count(from, got);
      answer.writeHead(got.statusCode, got.headers);
      got.on("data", (data) => (counted.bytes += data.length));
      got.on("error", () => answer.destroy());
      got.pipe(answer);
    });
    from.pipe(on);
  }
  #passUpgrade(from, socket, early) {
    const on = this.#ask(from);
    on.on("error", () => socket.destroy());
    on.on("response", () => socket.destroy()); // refused
    on.on("upgrade", (got, further, first) => {
      this.#count(from, got);
      const { rawHeaders } = got;
      let head = `HTTP/1.1 101 Switching Protocols\r\n`;
      for (let i = 0; i < rawHeaders.length; i += 2) head += `${rawHeaders[i]}: ${rawHeaders[i + 1]}\r\n`;
      socket.write(`${head}\r\n`);
      socket.write(first);
      further.write(early);
      socket.pipe(further).pipe(socket);
      further.on("close", () => socket.destroy());
      socket.on("close", () => further.destroy());
    });
    on.end();
  }
}
