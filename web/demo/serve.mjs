// SPDX-License-Identifier: GPL-3.0-or-later
//
// The demo pages on a port of their own: a site as a visitor of the gateway would have it, on another origin,
// which the gateway must name in http.origins. node serve.mjs [PORT] [GATEWAY]
import { existsSync, readFileSync } from "node:fs";
import http from "node:http";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const [port = "8081", gateway = "http://127.0.0.1:8080"] = process.argv.slice(2);
const kinds = { ".html": "text/html", ".css": "text/css", ".svg": "image/svg+xml" };
// What a careful site allows: itself and the gateway, nothing inline.
const policy = [
  "default-src 'none'",
  "style-src 'self'",
  `img-src 'self' ${gateway}`,
  `script-src ${gateway}`,
  `connect-src ${gateway} ${gateway.replace(/^http/, "ws")}`,
  `frame-src ${gateway}`,
  "base-uri 'none'",
].join("; ");

http
  .createServer((asked, answer) => {
    const path = normalize(new URL(asked.url, "http://x").pathname);
    const file = join(here, path === "/" ? "index.html" : path);
    const kind = kinds[extname(file)];
    if (!kind || dirname(file) !== here || !existsSync(file)) return answer.writeHead(404).end();
    answer.writeHead(200, { "Content-Type": `${kind}; charset=utf-8`, "Content-Security-Policy": policy });
    answer.end(readFileSync(file, "utf8").replaceAll("https://chat.example.org", gateway));
  })
  .listen(Number(port), "127.0.0.1", function () {
    console.log(`http://127.0.0.1:${this.address().port}/`);
  });
