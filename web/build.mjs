// SPDX-License-Identifier: GPL-3.0-or-later
//
// web/dist: one page, one script, one style sheet, the latter two named by their content, each with
// a .gz and a .br beside it for the gateway to serve as they are.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const first = 50 * 1024; // bytes a first visit may cost, gzipped

const { outputFiles } = await build({
  entryPoints: [join(here, "app/main.ts"), join(here, "app/app.css")],
  outdir: dist,
  entryNames: "[name]",
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome105", "firefox115", "safari16"],
  conditions: ["production"],
  legalComments: "none",
  write: false,
});

const named = {};
const files = new Map();
for (const { path, contents } of outputFiles) {
  const kind = path.endsWith(".css") ? "css" : "js";
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 10);
  named[kind] = `app-${hash}.${kind}`;
  files.set(named[kind], Buffer.from(contents));
}
const page = readFileSync(join(here, "app/index.html"), "utf8")
  .replace("app.css", named.css)
  .replaceAll("app.js", named.js);
files.set("index.html", Buffer.from(page));
files.set("favicon.svg", readFileSync(join(here, "app/favicon.svg")));

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
let total = 0;
for (const [name, content] of files) {
  const gz = gzipSync(content, { level: 9 });
  const br = brotliCompressSync(content, {
    params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
  });
  writeFileSync(join(dist, name), content);
  writeFileSync(join(dist, `${name}.gz`), gz);
  writeFileSync(join(dist, `${name}.br`), br);
  total += gz.length;
  console.log(`${name.padEnd(20)} ${content.length} bytes, gzip ${gz.length}, br ${br.length}`);
}
console.log(`first load: ${total} bytes gzipped of ${first}`);
if (total > first) {
  console.error("The first load is over its budget.");
  process.exit(1);
}
