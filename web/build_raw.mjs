// SPDX-License-Identifier: GPL-3.0-or-later
//
// What pages of other people's clients load from the gateway, into web/dist under names that never change.
// Fails over the budget.
import { build } from "esbuild";
import { join } from "node:path";
import { here, put, target } from "./bundling.mjs";

const budget = 2 * 1024; // bytes, gzipped

const { outputFiles } = await build({
  entryPoints: [join(here, "raw/resuming_websocket.ts")],
  format: "esm",
  minify: true,
  charset: "utf8",
  target,
  write: false,
  legalComments: "none",
});
const { gz, br } = put("resuming_websocket.js", outputFiles[0].contents);
console.log(`raw resuming_websocket.js ${outputFiles[0].contents.length} bytes, gzip ${gz} of ${budget}, br ${br}`);
if (gz > budget) process.exit(1);
