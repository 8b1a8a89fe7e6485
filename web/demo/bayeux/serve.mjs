// SPDX-License-Identifier: GPL-3.0-or-later
//
// The pages on a port of their own: another origin than the gateway's, which must name it in
// http.origins. node serve.mjs [PORT] [GATEWAY]
import { createReadStream, existsSync } from "node:fs";
import http from "node:http";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const [port = "8081", gateway = "http://localhost:8080"] = process.argv.slice(2);
const kinds = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

http
  .createServer((asked, answer) => {
    const path = normalize(new URL(asked.url, "http://x").pathname);
    const file = path.startsWith("/cometd/")
      ? join(here, "node_modules", path)
      : join(here, path === "/" ? "index.html" : path);
    if (path.includes("..") || !kinds[extname(file)] || !existsSync(file)) {
      answer.writeHead(404).end();
      return;
    }
    answer.writeHead(200, { "Content-Type": `${kinds[extname(file)]}; charset=utf-8` });
    createReadStream(file).pipe(answer);
  })
  .listen(Number(port), function () {
    console.log(`http://localhost:${this.address().port}/?gateway=${encodeURIComponent(gateway)}`);
  });
