// SPDX-License-Identifier: GPL-3.0-or-later
//
// A site of somebody else, on another origin than the gateway's, whose pages are strict: no script and no
// style but those of files, and nothing from anywhere but itself and the gateway.
import { existsSync, readFileSync } from "node:fs";
import http from "node:http";

const css = `body { margin: 0; font: 16px/1.5 serif; background: #fff; color: #222 }
  main { max-width: 720px; margin: 0 auto; padding: 16px }
  halley-room, iframe { display: block; width: 100%; height: 480px; border: 0 }
  .badge { display: inline-block; width: 240px; height: 20px; vertical-align: middle }
  .purple halley-room { --halley-canvas: #f5f0ff; --halley-radius: 0; --halley-font: serif }
  .purple halley-room::part(header) { background: rgb(80, 0, 120); color: rgb(255, 255, 255) }`;

export class HostSite {
  pages = new Map();
  files = ""; // a folder of scripts that it serves itself, at /files/

  async start() {
    this.server = http.createServer((asked, answer) => {
      const { pathname } = new URL(asked.url, "http://x");
      if (pathname === "/style.css") return answer.writeHead(200, { "Content-Type": "text/css" }).end(css);
      if (pathname === "/favicon.ico") return answer.writeHead(204).end();
      const file = this.files + pathname.replace("/files", "");
      if (/^\/files\/(embed\/)?[\w.~-]+\.js$/.test(pathname) && existsSync(file)) {
        return answer.writeHead(200, { "Content-Type": "text/javascript" }).end(readFileSync(file));
      }
      const page = this.pages.get(pathname);
      if (page === undefined) return answer.writeHead(404).end();
      answer.writeHead(200, {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": this.policy,
        "Cache-Control": "no-store",
      });
      answer.end(page);
    });
    await new Promise((done) => this.server.listen(0, "localhost", done));
    this.url = `http://localhost:${this.server.address().port}`;
    return this;
  }

  // The gateway that its pages may load from and talk to.
  allow(gateway) {
    const ws = gateway.replace("http", "ws");
    this.gateway = gateway;
    this.policy =
      `default-src 'none'; style-src 'self'; script-src 'self' ${gateway}; ` +
      `connect-src ${gateway} ${ws}; frame-src ${gateway}; img-src ${gateway} data:`;
  }

  stop() {
    this.server.closeAllConnections?.();
    return new Promise((done) => this.server.close(done));
  }

  // A page of this body; returns its path.
  page(body, { lang = "en", dir = "ltr", kind = "" } = {}) {
    const path = `/p${this.pages.size}`;
    this.pages.set(
      path,
      `<!doctype html><html lang="${lang}" dir="${dir}"><head><meta charset="utf-8"><title>A site</title>
      <meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/style.css">
      </head><body class="${kind}"><main><h1>A site</h1>${body}<p>The end of the page.</p></main></body></html>`,
    );
    return path;
  }

  // Two lines of HTML, as the README has them.
  embed(attributes, options) {
    return this.page(
      `<script type="module" src="${this.gateway}/embed.js"></script>\n<halley-room ${attributes}></halley-room>`,
      options,
    );
  }
}

// Somebody on that site, whose pages may ask the gateway as well.
export async function guest(world, host, options) {
  const one = await world.person(options);
  one.others.add(host.gateway);
  if (one.relay) one.others.add(one.relay.url);
  one.url = host.url;
  one.enters = async (path, nick) => {
    await one.visit(path);
    await one.page.fill("halley-room [name=nick]", nick);
    await one.page.press("halley-room [name=nick]", "Enter");
    await one.page.waitForSelector("halley-room textarea");
    one.nick = nick;
  };
  one.writes = async (text) => {
    await one.page.fill("halley-room textarea", text);
    await one.page.press("halley-room textarea", "Enter");
  };
  one.hears = (text) => one.page.waitForSelector(`halley-room .row.said .text:has-text(${JSON.stringify(text)})`);
  return one;
}
