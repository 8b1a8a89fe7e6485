// SPDX-License-Identifier: GPL-3.0-or-later
//
// client/dist: the session library as a package. ES modules that share their parts, a worker in one
// file, and types. Fails when the library, everything it may load on demand included, is over its
// budget.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const client = join(here, "client");
const dist = join(client, "dist");
const budgets = { library: 12 * 1024, model: 8 * 1024, worker: 12 * 1024 }; // bytes, gzipped

const options = {
  bundle: true,
  format: "esm",
  target: ["es2022", "chrome105", "firefox115", "safari16", "node20"],
  legalComments: "none",
  tsconfigRaw: "{}", // modules are strict without saying so in every part
  absWorkingDir: client,
};

async function weight(name) {
  const only = { ...options, entryPoints: [join(client, name)], minify: true, write: false };
  const { outputFiles } = await build(only);
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}

function declarations() {
  const tsc = join(here, "node_modules/typescript/bin/tsc");
  const flags = ["--declaration", "--emitDeclarationOnly", "--noEmit", "false"];
  const project = ["-p", join(client, "tsconfig.json"), "--outDir", join(dist, "types")];
  const { status } = spawnSync(process.execPath, [tsc, ...project, ...flags], { stdio: "inherit" });
  if (status !== 0) process.exit(1);
  for (const name of readdirSync(join(dist, "types"), { recursive: true })) {
    if (!name.endsWith(".d.ts")) continue;
    const path = join(dist, "types", name);
    // As those who import the package see it there are no sources.
    writeFileSync(path, readFileSync(path, "utf8").replace(/(["']\.{1,2}\/[^"']*)\.ts(["'])/g, "$1.js$2"));
  }
}

rmSync(dist, { recursive: true, force: true });
await build({
  ...options,
  entryPoints: [join(client, "library.ts"), join(client, "model.ts")],
  outdir: dist,
  splitting: true,
  chunkNames: "part-[hash]",
});
await build({
  ...options,
  entryPoints: [join(client, "tabs/worker.ts")],
  outfile: join(dist, "worker.js"),
  minify: true,
});
declarations();
cpSync(join(here, "../LICENSE"), join(dist, "LICENSE"));

let isOver = false;
for (const [name, budget] of Object.entries(budgets)) {
  const bytes = await weight(name === "worker" ? "tabs/worker.ts" : `${name}.ts`);
  console.log(`${name}: ${bytes} bytes gzipped of ${budget}`);
  if (bytes > budget) isOver = true;
}
if (isOver) {
  console.error("The library is over its budget.");
  process.exit(1);
}
