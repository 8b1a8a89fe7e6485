// SPDX-License-Identifier: GPL-3.0-or-later
//
// The stories that are about numbers, on IRC, where a crowd costs least. What depends on how fast the
// machine is, is compared with the same page at rest; tests/load/web_clients prints the times.
import assert from "node:assert/strict";
import { setting } from "./setting.mjs";
import { bot, fresh, kinds } from "./world.mjs";

const patience = 120000; // ms
const { world, test } = setting({ limit: 5 * patience });

// The ms from each key to the frame that shows its letter; all but the slowest twentieth are below.
async function keyLatency(one, keys) {
  await one.page.evaluate(() => {
    const field = document.querySelector("halley-composer textarea");
    globalThis.latencies = [];
    field.onkeydown = ({ timeStamp }) =>
      requestAnimationFrame(() => setTimeout(() => globalThis.latencies.push(performance.now() - timeStamp), 0));
    field.focus();
  });
  for (let i = 0; i < keys; i++) await one.page.keyboard.press("abcdefgh"[i % 8], { delay: 15 });
  await one.page.waitForFunction((count) => globalThis.latencies.length >= count, keys, { timeout: patience });
  const all = await one.page.evaluate(() => globalThis.latencies.sort((a, b) => a - b));
  return all[Math.floor(all.length * 0.95)];
}

test("story 17: typing stays quick while 200 lines a second arrive", async () => {
  const room = `#${fresh("keys")}`;
  const ada = await world.inRoom(kinds.irc, room);
  // A server reads only so much of one client at a time.
  const wires = await Promise.all(Array.from({ length: 10 }, () => bot(world, room)));
  await ada.sees(".row.fold");
  const tries = [];
  // A busy machine has bad moments; three of them in a row are ours.
  for (let i = 0; i < 3; i++) {
    const idle = await keyLatency(ada, 60);
    let said = 0;
    const timer = setInterval(() => {
      for (const wire of wires) wire.write(`PRIVMSG ${room} :line ${++said} of talk\r\n`);
    }, 50);
    const busy = await keyLatency(ada, 100);
    clearInterval(timer);
    tries.push({ idle, busy });
    assert.ok(said > 100, "lines arrived meanwhile");
    wires[0].write(`PRIVMSG ${room} :the end of try ${i}\r\n`);
    await ada.page.waitForSelector(`.row.said .text:has-text("the end of try ${i}")`, { timeout: patience });
    if (busy <= Math.max(50, 3 * idle)) break;
  }
  const { idle, busy } = tries.at(-1);
  assert.ok(busy <= Math.max(50, 3 * idle), JSON.stringify(tries));
});

test("stories 12 and 13: 1,000 joins are one line, which names fifty and counts the rest", async () => {
  const room = `#${fresh("storm")}`;
  const ada = await world.inRoom(kinds.irc, room);
  for (let i = 0; i < 10; i++) await Promise.all(Array.from({ length: 100 }, () => bot(world, room)));
  await ada.page.waitForSelector('.row.fold:has-text("1,000 joined")', { timeout: patience });
  assert.equal(await ada.count(".row.fold"), 1);
  await ada.page.click(".row.fold button");
  await ada.sees(".row.fold .names", "and 950 more");
  const names = (await ada.text(".row.fold .names")).replace(/^\W+|and 950 more.*/g, "");
  assert.equal(names.split(",").filter((name) => /bot/.test(name)).length, 50);
  await ada.saysAndIsHeard("still here");
  assert.ok((await ada.count("*")) < 3000);
});

test("stories 15 and 16: of 50,000 lines the end is shown, in little memory and few elements", async () => {
  const room = `#${fresh("many")}`;
  const ada = await world.inRoom(kinds.irc, room);
  const wires = await Promise.all(Array.from({ length: 10 }, () => bot(world, room)));
  await ada.sees(".row.fold");
  for (let part = 0; part < 10; part++) {
    for (const [i, wire] of wires.entries()) {
      const line = (k) => `PRIVMSG ${room} :${part} ${i} ${k} of quite a few words that were said\r\n`;
      wire.write(Array.from({ length: 500 }, (_, k) => line(k)).join(""));
    }
    // All ten have been heard before the next thousands are said.
    const unheard = (n) =>
      [...Array(10).keys()].every((i) => globalThis.heard?.has(`${n} ${i} 499`));
    await ada.page.evaluate(() => {
      globalThis.heard ??= new Set();
      globalThis.look ??= setInterval(() => {
        const { lines } = document.querySelector("halley-log").where;
        for (const { text } of lines.slice(-6000)) {
          if (text) globalThis.heard.add(text.split(" ", 3).join(" "));
        }
      }, 200);
    });
    await ada.page.waitForFunction(unheard, part, { timeout: patience });
  }
  await ada.page.evaluate(() => {
    clearInterval(globalThis.look);
    globalThis.heard = undefined;
  });
  await ada.saysAndIsHeard("that was all");
  const devtools = await ada.context.newCDPSession(ada.page);
  await devtools.send("HeapProfiler.collectGarbage");
  const { usedSize } = await devtools.send("Runtime.getHeapUsage");
  assert.ok(usedSize < 60 * 1024 * 1024, `${usedSize} bytes`);
  assert.ok((await ada.count("*")) < 3000);
  await ada.page.evaluate(() => document.querySelector(".log").scrollTo(0, 0));
  await ada.sees(".row.said .text", "of quite a few words");
  await ada.sees(".pill", "Jump to latest");
});
