// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a file of tests begins with: the servers, people who all leave after each test, and a limit, so that what
// hangs fails by its name.
import { after, afterEach, before, test } from "node:test";
import { endBots, World } from "./world.mjs";

// `limit`: ms of each test; `world`: one of another kind; the rest is what World.start() takes.
export function setting({ limit = 120000, world = new World(), ...more } = {}) {
  before(() => world.start(more));
  after(() => world.stop());
  afterEach(() => leaveAll(world));
  return { world, test: (name, body) => test(name, { timeout: limit }, body) };
}

export async function leaveAll(world) {
  endBots();
  await world.everybodyLeaves();
}
