// SPDX-License-Identifier: GPL-3.0-or-later
//
// A minute without a connection, within the grace time as it is by default.
import assert from "node:assert/strict";
import { setting } from "./setting.mjs";
import { fresh, kinds } from "./world.mjs";

const minute = 60 * 1000; // ms
const { world, test } = setting({ limit: 4 * minute, sessions: { grace_s: 120 } });

const shown = (one) =>
  one.page.locator(".row.said").evaluateAll((rows) =>
    rows.map((row) => ({
      text: row.querySelector(".text").textContent.trim(),
      at: Date.parse(row.querySelector("time").dateTime),
    })),
  );

for (const kind of Object.values(kinds)) {
  test(`${kind.title}, story 10: after a minute without a connection every line is there, in order, with its time`, async () => {
    const room = kind.room(fresh("minute"));
    const ada = await world.inRoom(kind, room, fresh("ann"), { relayed: true });
    const bo = await world.inRoom(kind, room);
    await ada.sees(".person", bo.nick);
    ada.forgiven = /ERR_|WebSocket/;
    ada.relay.cut();
    await ada.sees(".bar", "Connection lost.");
    await ada.says("written in the dark");
    const said = [];
    // A line for each time the page tries to come back.
    while (ada.relay.lostFor < minute) {
      await ada.relay.refuses();
      said.push(`line ${said.length + 1}`);
      await bo.saysAndIsHeard(said.at(-1));
    }
    await ada.sees(".bar", "The chat service can't be reached. We keep trying.");
    await ada.sees(".row.sending", "written in the dark");
    ada.relay.mend();
    await ada.seesNo(".bar");
    await bo.reads("written in the dark");
    await ada.reads(said.at(-1));
    await ada.seesNo(".row.sending");
    const others = (lines) => lines.filter(({ text }) => text !== "written in the dark");
    const mine = await shown(ada);
    const theirs = await shown(bo);
    assert.deepEqual(others(mine).map(({ text }) => text), said);
    assert.equal(mine.length, said.length + 1);
    for (const [i, { at }] of others(theirs).entries()) {
      const told = others(mine)[i].at;
      assert.ok(Math.abs(at - told) < 2000, `${said[i]}: ${new Date(told)}, not ${new Date(at)}`);
    }
    assert.equal(await ada.count(".row.gap"), 0);
    assert.equal(await bo.count(".row.fold, .row.info"), 0); // nobody noticed
  });
}
