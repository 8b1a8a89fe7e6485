// SPDX-License-Identifier: GPL-3.0-or-later
//
// What tests of pages of other sites begin with: the servers, a site that the operator has listed and one that
// he has not, for one file of tests; and what a machine finds wrong with a page.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, afterEach, before } from "node:test";
import { HostSite } from "./host_site.mjs";
import { leaveAll } from "./setting.mjs";
import { World } from "./world.mjs";

// `more`: settings of the networks, see world.py. `isListed`: `host` may show rooms.
export function sites({ more = {}, isListed = true } = {}) {
  const [host, stranger, world] = [new HostSite(), new HostSite(), new World()];
  before(async () => {
    await Promise.all([host.start(), stranger.start()]);
    await world.start({ http: isListed ? { origins: [host.url] } : {}, more });
    for (const site of [host, stranger]) site.allow(world.url);
  });
  after(async () => {
    await world.stop();
    await Promise.all([host.stop(), stranger.stop()]);
  });
  afterEach(() => leaveAll(world));
  return { host, stranger, world };
}

const axe = readFileSync(
  createRequire(new URL("../../web/package.json", import.meta.url)).resolve("axe-core/axe.min.js"),
  "utf8",
);
// Where to leave pictures for somebody to look at; none if it is not set.
const pictures = process.env.HALLEY_PICTURES;
if (pictures) mkdirSync(pictures, { recursive: true });

export async function picture(one, name, options = {}) {
  if (pictures) await one.page.screenshot({ path: `${pictures}/${name.replaceAll(" ", "-")}.png`, ...options });
}

// `within`: a selector; what axe looks at. Its page must have been opened with bypassCSP.
export async function faultless(one, name, within = "main") {
  await picture(one, name, { fullPage: within !== "main" });
  await one.page.evaluate(axe);
  const faults = await one.page.evaluate(async (part) => {
    const options = { resultTypes: ["violations"], iframes: false };
    const { violations } = await globalThis.axe.run(part, options);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).slice(0, 2)}`);
  }, within);
  assert.deepEqual(faults, [], name);
  assert.equal(await one.page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, name);
}
