// SPDX-License-Identifier: GPL-3.0-or-later
//
// web/dist: one page, its script, which brings the style sheet along, the session script, which is
// also the worker that keeps the session of all tabs open, and the parts that are fetched when
// somebody asks for them (settings, languages, moderation). All named by their content, each with a
// .gz and a .br beside it for the gateway to serve as they are. Rollup bundles, because it leaves what
// the parts share in the first scripts instead of making a request of it; esbuild translates, terser
// shrinks.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { minify } from "terser";
import { bundle, dist, here, isLanguage, put } from "./bundling.mjs";

const budgets = {
  usable: 50 * 1024, // bytes gzipped until somebody has joined, reads and can write
  visit: 50 * 1024, // with what is fetched unasked a moment later; in brotli, as browsers take it
  language: 12 * 1024, // gzipped, each
};

const output = await bundle(
  { app: "app/main.ts" },
  {
    // Or a part of the library that only a later part uses would come with the first script.
    treeshake: { moduleSideEffects: (id) => !/client\/(?!tabs\/worker)/.test(id) },
    // With all it needs and nothing of the page, or it would not run in a worker.
    manualChunks: (id) => (id.endsWith("tabs/worker.ts") ? "session" : undefined),
  },
);
const named = (name) => output.find((chunk) => chunk.name === name);
const app = named("app");
const session = named("session");
if (session.imports.length) throw new Error(`the worker would load ${session.imports}`);

const files = new Map(output.map((chunk) => [chunk.fileName, Buffer.from(chunk.code)]));
const page = readFileSync(join(here, "app/index.html"), "utf8")
  .replaceAll("app.js", app.fileName)
  .replaceAll("session.js", session.fileName)
  .replace(/\n\s*/g, "")
  // HTML, 13.1.2.3: quotes may be left out; the gateway looks for one element as it is written.
  .replace(/<script type="application.*?>|="([\w#:.,\/~-]+)"/g, (all, value) => (value ? `=${value}` : all))
  .replace(/<head>|<\/head>|<\/body>|<\/html>/g, ""); // HTML, 13.1.2.4: they may be left out
files.set("index.html", Buffer.from(page));
// A service worker is at one address for good, and has what lies beside and below it.
files.set("bell.js", Buffer.from((await minify(readFileSync(join(here, "app/bell.js"), "utf8"))).code));
files.set("old.js", readFileSync(join(here, "app/old.js"))); // as it is: a translation could be too new
files.set("favicon.svg", readFileSync(join(here, "app/favicon.svg")));

// What a visitor's browser fetches without being asked, and when. The gateway puts the networks into
// the page and gives it uncompressed: counted with room for three of them.
const plain = new Set(["index.html"]);
const networks = 450;
const first = new Set(["index.html", app.fileName, ...app.imports]);
const second = new Set([named("second").fileName, ...named("second").imports]);
const when = (name) => (first.has(name) ? "first" : second.has(name) ? "second" : "later");

rmSync(dist, { recursive: true, force: true });
const total = { first: { gz: 0, br: 0 }, second: { gz: 0, br: 0 }, later: { gz: 0, br: 0 } };
let isOver = false;
for (const [name, content] of files) {
  const { gz, br } = put(name, content);
  const isPlain = plain.has(name);
  total[when(name)].gz += isPlain ? content.length + networks : gz;
  total[when(name)].br += isPlain ? content.length + networks : br;
  if (isLanguage(name) && gz > budgets.language) isOver = true;
  const sizes = `${content.length} bytes, gzip ${gz}, br ${br}`;
  console.log(`${when(name).padEnd(6)} ${name.padEnd(28)} ${sizes}`);
}
const usable = total.first;
const visit = { gz: usable.gz + total.second.gz, br: usable.br + total.second.br };
console.log(`until usable: ${usable.gz} bytes gzipped of ${budgets.usable}, ${usable.br} in brotli`);
console.log(`a whole visit: ${visit.gz} bytes gzipped, ${visit.br} in brotli of ${budgets.visit}`);
if (usable.gz > budgets.usable || visit.br > budgets.visit || isOver) {
  console.error(isOver ? "A catalogue is over its budget." : "A first visit is over its budget.");
  // Who only installs is not stopped by a few bytes: the compressors of other versions of Node.js differ by as many.
  if (process.env.HALLEY_BUDGETS !== "told") process.exit(1);
}
