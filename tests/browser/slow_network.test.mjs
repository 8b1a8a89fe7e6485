// SPDX-License-Identifier: GPL-3.0-or-later
//
// Somebody writes faster than the network takes it.
import assert from "node:assert/strict";
import { after, afterEach, before, test as anyTest } from "node:test";
import { bot, endBots, fresh, kinds, World } from "./world.mjs";

// A hang fails by its name.
const test = (name, body) => anyTest(name, { timeout: 120000 }, body);

const slowly = { flood_rate: 0.5, flood_burst: 6 };
const world = new World();
before(() => world.start({ more: { irc: slowly, plain: slowly } }));
after(() => world.stop());
afterEach(async () => {
  endBots();
  await world.everybodyLeaves();
});

const networks = [kinds.irc, { network: "plain", title: "Plain IRC", room: (name) => `#${name}` }];

for (const kind of networks) {
  test(`${kind.title}: who writes too fast is told when his message goes out, until it has`, async () => {
    const room = kind.room(fresh("slow"));
    const ada = await world.inRoom(kind, room);
    const wire = await bot(world, room, fresh("bot"), "", kind.network);
    const heard = new Promise((then) => {
      let all = "";
      wire.on("data", (data) => {
        all += data;
        if (all.includes(":line 9")) then();
      });
    });
    await ada.sees(".person >> nth=1");
    for (let i = 0; i < 10; i++) await ada.says(`line ${i}`);
    await ada.sees(".composer .slow", "Slow down: your message will go out in");
    // It counts down.
    const seconds = async () => Number(/in (\d+) s/.exec((await ada.text(".composer .slow [aria-hidden]")) ?? "")?.[1] ?? 0);
    const first = await seconds();
    const passes = (than) => ada.page.waitForFunction(
      (limit) => Number(/in (\d+) s/.exec(document.querySelector(".composer .slow [aria-hidden]")?.textContent ?? "")?.[1] ?? 0) < limit, than);
    assert.ok(first > 1, `${first}`);
    await passes(first);
    await ada.seesNo(".composer .slow");
    await heard;
    await ada.sees('.row.said:not(.sending):not(.failed) .text:has-text("line 9")');
    assert.equal(await ada.count(".row.failed"), 0);
  });
}
