// SPDX-License-Identifier: GPL-3.0-or-later
//
// sockjs-client in Chromium over each of its carriers, also those that no program but a browser can
// use: pages, scripts and forms. On three shards.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { World } from "./raw_world.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const { chromium } = createRequire(join(here, "../../web/package.json"))("playwright-core");

const world = new World();
world.environment.HALLEY_SHARDS = "3";
let chrome;
let page;
before(async () => {
  await world.start("ngircd");
  chrome = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run"],
  });
  page = await chrome.newPage();
  page.setDefaultTimeout(60000);
  await page.goto(`${world.url}/`);
});
after(async () => {
  await chrome?.close();
  await world.stop();
});

for (const carrier of ["websocket", "xhr-streaming", "eventsource", "iframe-eventsource", "htmlfile",
  "iframe-htmlfile", "xhr-polling", "iframe-xhr-polling", "jsonp-polling"])
  test(`a page enters and is answered, ${carrier}`, async () => {
    const nick = carrier.replaceAll("-", "");
    const heard = await page.evaluate(
      ([transports, name]) =>
        new Promise((resolve, reject) => {
          const socket = new window.SockJS("/webirc/kiwiirc", null, { transports });
          const all = [];
          socket.onopen = () => {
            for (const line of ["", " CAP LS 302", ` NICK ${name}`, ` USER ${name} 0 * :r`, " CAP END"])
              socket.send(`:1${line}`);
          };
          socket.onmessage = ({ data }) => {
            all.push(data);
            if (data.includes(` 422 ${name} `) || data.includes(` 376 ${name} `))
              socket.send(":1 PING :größer \u2028 </script>\"\\%41");
            if (!data.includes(" PONG ")) return;
            socket.onclose = null;
            const by = socket.transport;
            socket.close();
            resolve([by, data.slice(data.indexOf(" PONG ")), all.filter((one) => one.includes(" 001 ")).length]);
          };
          setTimeout(() => reject(new Error(`${socket.transport} has heard ${all}`)), 60000);
          socket.onclose = ({ code, reason }) => reject(new Error(`${code} ${reason}, after ${all}`));
        }),
      [carrier, nick],
    );
    assert.equal(heard[0], carrier);
    assert.ok(heard[1].endsWith(":größer \u2028 </script>\"\\%41"), heard[1]);
    assert.equal(heard[2], 1, "the welcome, once");
  });
