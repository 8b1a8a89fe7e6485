// SPDX-License-Identifier: GPL-3.0-or-later
//
// The pages that are compared: how each is started, how somebody gets into a room with it, and where
// its lines are.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as listen } from "node:net";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");

async function freePort() {
  const server = listen().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

async function answers(url) {
  for (let tries = 0; tries < 300; tries++) {
    if (await fetch(url).catch(() => undefined)) return;
    await new Promise((then) => setTimeout(then, 100));
  }
  throw new Error(`${url} does not answer`);
}

export class Halley {
  constructor(servers, network) {
    this.servers = servers;
    this.network = network;
    this.name = `Halley on ${network === "irc" ? "IRC" : "XMPP"}`;
    this.line = ".row.said .text";
  }
  async start() {
    return this.servers.url;
  }
  address(gateway, room, nick) {
    return `${gateway}/r/${this.network}/${encodeURIComponent(room)}?nick=${nick}`;
  }
  // Runs in the page before anything else of it: sends the form as soon as there is one.
  signIn = () => {
    const look = () => document.querySelector('halley-sign-in button[type="submit"]')?.click();
    new MutationObserver((_, all) => {
      if (document.querySelector(".head h1")) all.disconnect();
      else look();
    }).observe(document, { childList: true, subtree: true });
  };
  stop() {}
}

// The room in a page of another site: two lines of HTML, served by a server of files of its own.
export class Embed extends Halley {
  constructor(servers, network) {
    super(servers, network);
    this.name = `The embed on ${network === "irc" ? "IRC" : "XMPP"}`;
    this.within = "halley-room";
  }
  async start() {
    this.server = createServer((request, answer) => {
      const asked = new URL(request.url, "http://x").searchParams;
      const [gateway, room, nick] = ["gateway", "room", "nick"].map((name) => asked.get(name));
      answer.writeHead(200, { "content-type": "text/html" });
      answer.end(`<!doctype html><html lang="en"><meta charset="utf-8"><title>A site</title><link rel="icon" href="data:,">
        <script type="module" src="${gateway}/embed.js"></script>
        <halley-room network="${this.network}" room="${room}" nick="${nick}" height="800"></halley-room></html>`);
    });
    this.server.listen(this.servers.site, "127.0.0.1");
    await once(this.server, "listening");
    return this.servers.url;
  }
  address(gateway, room, nick) {
    return `http://127.0.0.1:${this.servers.site}/?${new URLSearchParams({ gateway, room, nick })}`;
  }
  signIn = () => {
    const look = () => {
      const root = document.querySelector("halley-room")?.shadowRoot;
      if (root?.querySelector("textarea")) return;
      root?.querySelector(".join:enabled")?.click();
      requestAnimationFrame(look);
    };
    look();
  };
  stop() {
    this.server?.close();
  }
}

export class TheLounge {
  name = "The Lounge 4.5.2";
  network = "irc";
  line = '.msg[data-type="message"] .content';
  constructor(servers) {
    this.servers = servers;
  }
  async start() {
    this.home = mkdtempSync(join(tmpdir(), "halley-lounge-"));
    const port = await freePort();
    const defaults = {
      name: "IRC", host: "127.0.0.1", port: this.servers.irc, password: "", tls: false,
      rejectUnauthorized: false, nick: "guest%%%%", username: "guest", realname: "", join: "#x",
      leaveMessage: "",
    };
    const settings = { public: true, host: "127.0.0.1", port, lockNetwork: true, prefetch: false, defaults };
    writeFileSync(join(this.home, "config.js"), `module.exports = ${JSON.stringify(settings)};\n`);
    // It wants a newer Node than the system's.
    const own = ["x64", "arm64"].map((kind) => join(modules, `node-linux-${kind}/bin/node`)).find(existsSync);
    this.process = spawn(own ?? process.execPath, [join(modules, "thelounge/index.js"), "start"], {
      env: { ...process.env, THELOUNGE_HOME: this.home },
      stdio: "ignore",
    });
    const url = `http://127.0.0.1:${port}`;
    await answers(url);
    return url;
  }
  address(url, room, nick) {
    return `${url}/?nick=${nick}&channels=${encodeURIComponent(room)}&join=${encodeURIComponent(room)}`;
  }
  signIn = () => {
    const wanted = new URL(location.href).searchParams;
    const set = (field, text) => {
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    };
    new MutationObserver((_, all) => {
      const form = document.querySelector("#connect form");
      const nick = form?.querySelector('[name="nick"]');
      const rooms = form?.querySelector('[name="join"]');
      if (!nick || !rooms) return;
      all.disconnect();
      // Behind its own filling in of the form.
      queueMicrotask(() => {
        set(nick, wanted.get("nick"));
        set(rooms, wanted.get("join"));
        form.querySelector('button[type="submit"]').click();
      });
    }).observe(document, { childList: true, subtree: true });
  };
  async stop() {
    this.process?.kill();
    if (this.home) rmSync(this.home, { recursive: true, force: true });
  }
}

const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml" };

// On Prosody's own WebSocket, from a server of files that has everything in brotli beforehand. There is
// no form: it signs in by itself, which is what its makers offer for a page of one room.
export class Converse {
  name = "Converse.js 14.0.0";
  network = "xmpp";
  line = "converse-chat-message .chat-msg__text";
  constructor(servers) {
    this.servers = servers;
  }
  async start() {
    const packed = new Map();
    this.server = createServer((request, answer) => {
      const { pathname } = new URL(request.url, "http://x");
      const path = join(modules, "converse.js/dist", pathname.slice(1));
      const isPage = pathname === "/";
      if (!isPage && !existsSync(path)) return answer.writeHead(404).end();
      if (!packed.has(pathname) || isPage) {
        packed.set(pathname, brotliCompressSync(isPage ? this.html(request.url) : readFileSync(path)));
      }
      const type = types[isPage ? ".html" : extname(path)] ?? "application/octet-stream";
      answer.writeHead(200, { "content-type": type, "content-encoding": "br" }).end(packed.get(pathname));
    });
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    const url = `http://127.0.0.1:${this.server.address().port}`;
    for (const name of ["converse.min.js", "converse.min.css"]) await fetch(`${url}/${name}`).then((it) => it.arrayBuffer());
    return url;
  }
  html(url) {
    const asked = new URL(url, "http://x").searchParams;
    const { xmppHost, xmppHttp, domain } = this.servers;
    const options = {
      authentication: "anonymous", auto_login: true, jid: `guest.${domain}`, view_mode: "fullscreen",
      websocket_url: `ws://${xmppHost}:${xmppHttp}/xmpp-websocket`, discover_connection_methods: false,
      auto_join_rooms: [{ jid: `${asked.get("room")}@rooms.${domain}`, nick: asked.get("nick") }],
      nickname: asked.get("nick"), assets_path: "/", loglevel: "error", muc_show_logs_before_join: true,
    };
    return `<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,">
      <link rel="stylesheet" href="/converse.min.css"></head>
      <body class="converse-fullscreen"><div id="conversejs-bg"></div>
      <script type="module">import "/converse.min.js"; converse.initialize(${JSON.stringify(options)});</script></body></html>`;
  }
  address(url, room, nick) {
    return `${url}/?room=${encodeURIComponent(room)}&nick=${nick}`;
  }
  signIn = () => {};
  stop() {
    this.server?.close();
  }
}
