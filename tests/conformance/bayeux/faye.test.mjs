// SPDX-License-Identifier: GPL-3.0-or-later
//
// The same checks on Faye's own server: they pass where it does what Bayeux asks, and fail where it
// does not have it, so neither is built into them.
import assert from "node:assert/strict";
import http from "node:http";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { endSoon, faye } from "./world.mjs";

process.env.PATIENCE ??= "15000";
const { checks } = await import("./kit.mjs");

const { NodeAdapter } = createRequire(import.meta.url)("faye");

// What Faye 1.4 does otherwise, and so fails.
const missing = new Map([
  ["BX02", "it takes any connection type"],
  ["BX03", "it takes what comes with a handshake"],
  ["BX05", "it reads one value of a form"],
  ["BX07", "it holds the first connect"],
  ["BX10", "it leaves the first connect unanswered"],
  ["BX19", "who subscribes to /** gets what others send to services"],
  ["BX20", "it has no services"],
  ["BX21", "it has no acknowledgements"],
  ["BX23", "it has no acknowledgements"],
  ["BX24", "it leaves the connect unanswered"],
  ["BX29", "it serves every origin"],
  ["BX30", "it does not escape what could end a script"],
  ["BX33", "it takes NUL and any depth"],
  ["BX34", "it holds all connects of a browser"],
  ["BX36", "it has nothing lazy"],
]);

describe("Bayeux on Faye's server", { concurrency: 4 }, () => {
  const server = http.createServer();
  const adapter = new NodeAdapter({ mount: "/faye", timeout: 3 });
  let url;
  before(async () => {
    adapter.attach(server);
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${server.address().port}`;
  });
  after(() => (adapter.close(), server.closeAllConnections(), server.close(), endSoon()));
  for (const [id, title, run] of checks) {
    test(`${id} ${missing.has(id) ? `fails: ${missing.get(id)}` : title}`, async () => {
      if (missing.has(id)) await assert.rejects(async () => run(faye(url)));
      else await run(faye(url));
    });
  }
});
