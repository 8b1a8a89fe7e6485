#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The checks BX01..BX36 of a Bayeux server, seen from outside. As a program:
//
//   kit.mjs URL [halley|faye] [BXnn ...]      prints what passes and what does not
//
// For another server write a profile as in world.mjs.
import { checks as carriers } from "./checks_carriers.mjs";
import { checks as connects } from "./checks_connects.mjs";
import { checks as messages } from "./checks_messages.mjs";
import * as profiles from "./world.mjs";

// A server that never answers fails the check, too.
const patience = Number(process.env.PATIENCE ?? 40000);
const bounded = (run) => async (profile) => {
  let timer;
  const over = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${patience} ms`)), patience);
  });
  try {
    await Promise.race([run(profile), over]);
  } finally {
    clearTimeout(timer);
  }
};

export const checks = [...messages, ...connects, ...carriers]
  .map(([id, title, run]) => [id, title, bounded(run)])
  .sort(([a], [b]) => (a < b ? -1 : 1));

async function main([url, name = "halley", ...only]) {
  let failed = 0;
  for (const [id, title, run] of checks) {
    if (only.length > 0 && !only.includes(id)) continue;
    try {
      await run(profiles[name](url));
      console.log(`pass ${id} ${title}`);
    } catch (error) {
      ++failed;
      console.log(`FAIL ${id} ${title}\n       ${String(error.message).split("\n")[0]}`);
    }
  }
  process.exit(failed === 0 ? 0 : 1); // connects may still be held
}

if (import.meta.url === `file://${process.argv[1]}`) await main(process.argv.slice(2));
