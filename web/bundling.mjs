// SPDX-License-Identifier: GPL-3.0-or-later
//
// How TypeScript becomes what the gateway serves: Rollup bundles, esbuild translates, terser shrinks, and each
// file is written with a .gz and a .br beside it.
import nodeResolve from "@rollup/plugin-node-resolve";
import { build, transform } from "esbuild";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { rollup } from "rollup";
import { minify } from "terser";

export const here = dirname(fileURLToPath(import.meta.url));
export const dist = join(here, "dist");
export const target = ["es2022", "chrome105", "firefox115", "safari16"];
const typescript = {
  name: "typescript",
  async transform(code, id) {
    if (!id.endsWith(".ts")) return null;
    const options = { loader: "ts", charset: "utf8", target };
    // Indentation inside templates is for us, not for the visitor.
    const { code: plain } = await transform(code.replace(/\n\s+/g, "\n"), options);
    return { code: plain, map: null };
  },
};

// A style sheet, with those it imports, or an image that comes with a part: its text.
const texts = {
  name: "texts",
  async transform(code, id) {
    if (id.endsWith(".svg")) return { code: `export default ${JSON.stringify(code.trim())};`, map: null };
    if (!id.endsWith(".css")) return null;
    const options = { entryPoints: [id], bundle: true, minify: true, write: false, target };
    const { outputFiles } = await build(options);
    return { code: `export default ${JSON.stringify(outputFiles[0].text.trim())};`, map: null };
  },
};

const shrink = {
  name: "shrink",
  async renderChunk(code) {
    // esbuild also shortens private names, terser finds more to leave out.
    const short = await transform(code, { minify: true, format: "esm", charset: "utf8", target });
    const options = { module: true, ecma: 2022, compress: { passes: 3, pure_getters: true }, format: { comments: false } };
    return { code: (await minify(short.code, options)).code, map: null };
  },
};

// A file named by its content has ".~" before the hash, and no other file has it: by this mark the gateway
// tells browsers to keep it for good (gateway/http/static_files.cpp).
export const isNamedByContent = (name) => name.includes(".~");
export const isLanguage = (name) => /(^|\/)[a-z]{2}\.~/.test(name);

// `entries`: {name: file}; `folder`: where the parts go, "" or with a slash at its end; `treeshake` and
// `manualChunks` are Rollup's.
export async function bundle(entries, { folder = "", plugins = [], treeshake, manualChunks } = {}) {
  const input = Object.fromEntries(Object.entries(entries).map(([name, at]) => [name, join(here, at)]));
  const resolve = nodeResolve({ exportConditions: ["production"] });
  const made = await rollup({
    input,
    plugins: [...plugins, resolve, typescript, texts, shrink],
    preserveEntrySignatures: "allow-extension",
    treeshake,
    onwarn(warning) {
      // A circle of modules that only call each other later is no fault.
      if (warning.code !== "CIRCULAR_DEPENDENCY") throw new Error(warning.message);
    },
  });
  const { output } = await made.generate({
    format: "es",
    entryFileNames: `${folder}[name].~[hash:8].js`,
    chunkFileNames: `${folder}[name].~[hash:8].js`,
    hashCharacters: "base36",
    experimentalMinChunkSize: 600, // a request costs more than bytes nobody needs
    manualChunks,
    compact: true,
  });
  return output;
}

// Writes a file of dist, and a .gz and a .br beside it; returns their sizes.
export function put(name, content) {
  const gz = gzipSync(content, { level: 9 });
  const br = brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    },
  });
  mkdirSync(dirname(join(dist, name)), { recursive: true });
  writeFileSync(join(dist, name), content);
  writeFileSync(join(dist, `${name}.gz`), gz);
  writeFileSync(join(dist, `${name}.br`), br);
  return { gz: gz.length, br: br.length };
}
