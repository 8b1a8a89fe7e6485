// SPDX-License-Identifier: GPL-3.0-or-later
//
// Server-rendered start, the package as others install it, and the code of its first page.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after } from "node:test";
import { LibraryWorld } from "./library.mjs";
import { Installed } from "./packages.mjs";
import { setting } from "./setting.mjs";
import { fresh } from "./world.mjs";

const { build } = createRequire(new URL("../../web/package.json", import.meta.url))("esbuild");
const { world, test } = setting({ world: new LibraryWorld() });
const client = new Installed("client");
after(() => client.end());

test("what happens between the server's rendering and the page's first question is there", async () => {
  const room = `#${fresh("render")}`;
  const nick = fresh("ada");
  const bo = await world.talker(room, fresh("bo"));
  // What a server does before it answers with the page.
  const answer = await fetch(`${world.url}/chat/v1/sessions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ network: "irc", nick, rooms: [room] }),
  });
  assert.equal(answer.status, 201);
  const hello = await answer.json();
  await bo.until("she is in", () => bo.events.some((e) => e.ev === "joined" && e.from === nick));
  await bo.says("while the page is on its way");
  const context = await world.browser.newContext();
  const ada = await world.tab(context, {});
  await ada.page.evaluate((told) => window.session.adopt(told), hello);
  await ada.isIn(room);
  await ada.reads(`${bo.nick}: while the page is on its way`);
  await bo.says("later");
  await ada.reads(`${bo.nick}: later`);
  assert.deepEqual(await ada.lines(), [
    `${bo.nick}: while the page is on its way`,
    `${bo.nick}: later`,
  ]);
  ada.nick = nick;
  await ada.saysAndIsHeard("hello");
  await bo.reads(`${nick}: hello`);
  await context.close();
});

test("the package holds what its exports name, types included, and no sources", () => {
  client.isWhole();
});

test("the first page's program for Node runs as it stands there", async () => {
  const room = `#${fresh("start")}`;
  const nick = fresh("ada");
  const bo = await world.talker(room, fresh("bo"));
  const code = client
    .example("hello.js")
    .replaceAll("http://localhost:8080", world.url)
    .replaceAll("#halley", room)
    .replaceAll('"ada"', JSON.stringify(nick));
  client.write("hello.js", code);
  const program = spawn(process.execPath, ["hello.js"], { cwd: client.folder, stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  program.stdout.on("data", (part) => (printed += part));
  const ended = new Promise((resolve) => program.on("exit", resolve));
  await bo.reads(`${nick}: Hello from Node`);
  await bo.says("bye");
  assert.equal(await ended, 0);
  assert.match(printed, new RegExp(`<${bo.nick}> bye`));
  await bo.until("left", () => bo.events.some((e) => e.ev === "left" && e.from === nick));
});

test("the first page's program for a page has the types it says, and runs bundled", async () => {
  client.write("page.ts", client.example("page.ts"));
  client.hasTypes("page.ts");
  const room = `#${fresh("page")}`;
  const nick = fresh("ada");
  const bo = await world.talker(room, fresh("bo"));
  const code = client.example("page.ts").replaceAll("#halley", room).replaceAll('nick: "ada"', `nick: "${nick}"`);
  await build({
    entryPoints: [client.write("bundled.ts", code)],
    bundle: true,
    format: "esm",
    splitting: true,
    outdir: client.folder,
    outExtension: { ".js": ".mjs" },
    logLevel: "error",
  });
  const context = await world.browser.newContext();
  const page = await context.newPage();
  const printed = [];
  page.on("console", (message) => printed.push(message.text()));
  // The site it stands on is the gateway's own: base and worker are written that way.
  await page.route("**/site/**", (route) => {
    const { pathname } = new URL(route.request().url());
    const name = pathname.slice("/site/".length);
    if (!name) return route.fulfill({ contentType: "text/html", body: '<script type="module" src="bundled.mjs"></script>' });
    return route.fulfill({ contentType: "text/javascript", path: join(client.folder, name) });
  });
  await page.route("**/halley-client/dist/worker.js", (route) =>
    route.fulfill({ contentType: "text/javascript", path: join(client.at, "dist/worker.js") }));
  await page.goto(`${world.url}/site/`);
  await bo.until("she is in", () => bo.events.some((e) => e.ev === "joined" && e.from === nick));
  await page.evaluate((to) => import("/site/bundled.mjs").then(({ say }) => say(to, "from the bundle")), room);
  await bo.reads(`${nick}: from the bundle`);
  assert.ok(printed.some((line) => line.startsWith("open")), printed.join());
  await context.close();
});
