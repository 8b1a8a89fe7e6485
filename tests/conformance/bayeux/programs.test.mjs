// SPDX-License-Identifier: GPL-3.0-or-later
//
// Programs in three languages publish without being clients; without the key nobody does.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Raw } from "./wire.mjs";
import { fresh, halley, World } from "./world.mjs";

const here = join(dirname(fileURLToPath(import.meta.url)), "programs");
const run = promisify(execFile);
const key = "a-key-for-programs-1";

describe("publishing without a client", () => {
  const world = new World();
  before(() => world.start());
  after(() => world.stop());

  for (const [program, file] of [["sh", "publish.sh"], ["/usr/bin/python3", "publish.py"], ["php", "publish.php"]])
    for (const network of ["irc", "xmpp"])
      test(`${program} in three lines, to ${network}`, async () => {
        const channel = `/chat/${network}/${fresh("room")}`;
        const raw = await new Raw(halley(world.url)).begin(channel);
        const text = `from ${file}`;
        const { stdout } = await run(program, [join(here, file), world.url, key, channel, text]);
        assert.equal(JSON.parse(stdout)[0].successful, true, stdout);
        const { message } = await raw.wait((one) => one.data?.text === text);
        assert.equal(message.data.from, "announcer");
        const wrong = await run(program, [join(here, file), world.url, "another-key-000000", channel, "no"]);
        assert.equal(JSON.parse(wrong.stdout)[0].successful, false);
      });
});
