// SPDX-License-Identifier: GPL-3.0-or-later
//
// What other sites load, into web/dist: embed.js, embed-classic.js and badge.js under names that never change,
// their parts in embed/ named by their content, and the pages for frames. embed.js only fetches the parts
// of its own build, so that no kept copy ever meets parts of another. The same as a package in embed/dist.
// Fails over the budgets.
//
// What somebody's browser fetches: "shown" until he sees the room, "talking" once he has joined, over
// WebSocket; what is fetched for who asks (answering and reacting, another carrier, another language) has
// budgets of its own.
import { build, transform } from "esbuild";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { bundle, here, isLanguage, put, target } from "./bundling.mjs";

// Bytes, gzipped; "part" is each of the others.
const budgets = { shown: 24 * 1024, talking: 45 * 1024, part: 3 * 1024, badge: 3 * 1024, language: 12 * 1024 };

// What a module without imports exports.
async function exportsOf(path) {
  const { code } = await transform(readFileSync(join(here, path), "utf8"), { loader: "ts", format: "esm" });
  return import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);
}

// halley:words/de is what embed/taken.ts names of app/words/de.ts.
const { taken } = await exportsOf("embed/taken.ts");
const words = {
  name: "words",
  resolveId: (id) => (id.startsWith("halley:words/") ? id : null),
  async load(id) {
    if (!id.startsWith("halley:words/")) return null;
    const tag = id.slice("halley:words/".length);
    const { en, catalogue } = await exportsOf(`app/words/${tag}.ts`);
    const { enLater } = tag === "en" ? await exportsOf("app/words/en_later.ts") : {};
    const { first = en, later = enLater } = catalogue ?? {};
    const picked = Object.entries(taken).map(([group, names]) => [
      group,
      Object.fromEntries(
        names.map((name) => {
          const sentence = first[group]?.[name] ?? later[group]?.[name];
          if (typeof sentence !== "string") throw new Error(`app/words/${tag}.ts has no ${group}.${name}`);
          return [name, sentence];
        }),
      ),
    ]);
    return `export default ${JSON.stringify(Object.fromEntries(picked))};`;
  },
};

const output = await bundle(
  { main: "embed/main.ts", frame: "embed/frame.ts" },
  { folder: "embed/", plugins: [words] },
);
const fileOf = (name) => output.find((one) => one.isEntry && one.name === name).fileName;
const files = new Map(output.map((one) => [one.fileName, one.code]));
files.set("embed.js", `import "./${fileOf("main")}";\n`);
const page = readFileSync(join(here, "embed/embed.html"), "utf8");
files.set("embed.html", page.replace("/frame.js", `/${fileOf("frame")}`));
files.set("badge.html", readFileSync(join(here, "embed/badge.html"), "utf8"));

// Scripts of the old kind, which may stand anywhere.
for (const [name, entry] of [["embed-classic.js", "embed/classic.ts"], ["badge.js", "embed/badge.ts"]]) {
  const { outputFiles } = await build({
    entryPoints: [join(here, entry)],
    bundle: true,
    format: "iife",
    minify: true,
    charset: "utf8",
    target,
    write: false,
    legalComments: "none",
  });
  files.set(name, outputFiles[0].text);
}

// What the package has is the modules; the pages and the old scripts are the gateway's.
const packaged = join(here, "embed/dist");
rmSync(packaged, { recursive: true, force: true });
for (const [name, text] of files) {
  if (!/^(embed\/.*\.js|embed\.js|badge\.js)$/.test(name)) continue;
  mkdirSync(dirname(join(packaged, name)), { recursive: true });
  writeFileSync(join(packaged, name), text);
}
cpSync(join(here, "embed/types"), packaged, { recursive: true });
cpSync(join(here, "../LICENSE"), join(packaged, "LICENSE"));

// The chunks that come with these, and those that these import.
function withImports(names, all = new Set()) {
  for (const name of names) {
    const chunk = output.find((one) => one.fileName === name);
    if (!all.has(name)) withImports(chunk.imports, all.add(name));
  }
  return all;
}
const chunkOf = (name) => output.find((one) => one.name === name).fileName;
const shown = withImports([fileOf("main")]);
const talking = withImports([...shown, chunkOf("inside"), chunkOf("make_hub"), chunkOf("over_channel")]);

const sum = { shown: 0, talking: 0 };
const over = [];
for (const [name, text] of files) {
  const content = Buffer.from(text);
  const { gz, br } = put(name, content);
  const when = name === "embed.js" || shown.has(name) ? "shown" : talking.has(name) ? "talking" : "later";
  console.log(`embed ${when.padEnd(8)} ${name.padEnd(34)} ${content.length} bytes, gzip ${gz}, br ${br}`);
  if (when === "shown") sum.shown += gz;
  if (when !== "later") sum.talking += gz;
  const budget = isLanguage(name) ? budgets.language : name === "badge.js" ? budgets.badge : budgets.part;
  if (when === "later" && gz > budget) over.push(name);
}
for (const when of ["shown", "talking"]) {
  console.log(`embed, ${when}: ${sum[when]} bytes gzipped of ${budgets[when]}`);
  if (sum[when] > budgets[when]) over.push(`embed.js until ${when}`);
}
if (over.length) {
  console.error(`Over the budget: ${over.join(", ")}.`);
  process.exit(1);
}
