// SPDX-License-Identifier: GPL-3.0-or-later
//
// A package of web/ as others have it: packed, and installed in an empty folder.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const web = fileURLToPath(new URL("../../web", import.meta.url));
const tsc = join(web, "node_modules/typescript/bin/tsc");

export class Installed {
  // `name`: its folder in web/, which must be built: packing here would build under the feet of others.
  constructor(name) {
    this.source = join(web, name);
    this.folder = mkdtempSync(join(tmpdir(), `halley-${name}-`));
    const npm = (...words) => execFileSync("npm", words, { cwd: this.folder, stdio: "pipe" }).toString();
    const [packed] = JSON.parse(npm("pack", this.source, "--ignore-scripts", "--json"));
    this.files = packed.files.map(({ path }) => path);
    writeFileSync(join(this.folder, "package.json"), '{"type":"module","private":true}');
    npm("install", `./${packed.filename}`, "--offline", "--no-audit", "--no-fund");
    this.at = join(this.folder, "node_modules", packed.name);
  }
  end() {
    rmSync(this.folder, { recursive: true });
  }

  // It has what its exports name, types included, its licence, and no sources.
  isWhole() {
    const { exports } = JSON.parse(readFileSync(join(this.at, "package.json"), "utf8"));
    const named = Object.values(exports).flatMap((one) => (typeof one === "string" ? one : Object.values(one)));
    for (const path of named) assert.ok(this.files.includes(path.slice(2)), path);
    assert.ok(this.files.includes("dist/LICENSE"));
    assert.deepEqual(this.files.filter((path) => /(?<!\.d)\.ts$/.test(path)), []);
  }

  // The block of its README that begins with a comment naming its file.
  example(name) {
    const text = readFileSync(join(this.at, "README.md"), "utf8");
    const blocks = text.matchAll(/```(?:js|ts)\n\/\/ (\S+)\n([\s\S]*?)```/g);
    const found = [...blocks].find(([, one]) => one === name);
    assert.ok(found, `README.md has no ${name}`);
    return found[2];
  }
  write(name, text) {
    writeFileSync(join(this.folder, name), text);
    return join(this.folder, name);
  }

  // As a program that uses it would be checked.
  hasTypes(name) {
    const flags = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--lib", "es2022,dom"];
    try {
      execFileSync(process.execPath, [tsc, ...flags, "--types", "", name], { cwd: this.folder });
    } catch (error) {
      assert.fail(String(error.stdout));
    }
  }
}
