// SPDX-License-Identifier: GPL-3.0-or-later
//
// The session library in Chromium over each carrier, while the browser's own devtools take the
// network away: each line is there once, in order, in both directions.
import assert from "node:assert/strict";
import { eachOnce, LibraryWorld } from "./library.mjs";
import { setting } from "./setting.mjs";
import { fresh } from "./world.mjs";

const { world, test } = setting({ world: new LibraryWorld() });

const carriers = [
  "websocket",
  "event_stream",
  "xhr_stream",
  "forever_frame",
  "long_poll",
  "script",
  "poll",
];
const count = (texts, text) => texts.filter((one) => one === text).length;

for (const carrier of carriers) {
  test(`over ${carrier}: nothing is lost or doubled when the network goes and comes back`, async () => {
    const room = `#${fresh("cut")}`;
    const context = await world.browser.newContext();
    const ada = await world.tab(context, { carriers: [carrier] });
    const bo = await world.talker(room, fresh("bo"));
    await ada.enter(room, fresh("ada"));
    await ada.uses(carrier);
    await bo.says("1", "2");
    await ada.reads(`${bo.nick}: 2`);
    await ada.saysAndIsHeard("mine");

    await ada.network({ offline: true });
    await bo.says("3", "4");
    await ada.say("from the tunnel");
    await ada.network({});
    await ada.reads(`${bo.nick}: 4`);
    await bo.reads(`${ada.nick}: from the tunnel`);
    await ada.reads(`${ada.nick}: from the tunnel`);

    // Stalled: still there, but nothing gets through.
    await ada.network({ downloadThroughput: 1, uploadThroughput: 1 });
    await bo.says("5", "6");
    await ada.say("through honey");
    await ada.network({});
    await ada.reads(`${bo.nick}: 6`);
    await bo.reads(`${ada.nick}: through honey`);
    await ada.reads(`${ada.nick}: through honey`);
    await bo.says("last");
    await ada.reads(`${bo.nick}: last`);

    const lines = await ada.lines();
    eachOnce(lines);
    const others = lines.filter((line) => line.startsWith(bo.nick));
    assert.deepEqual(others, ["1", "2", "3", "4", "5", "6", "last"].map((n) => `${bo.nick}: ${n}`));
    for (const own of ["mine", "from the tunnel", "through honey"]) {
      assert.equal(count(bo.lines, `${ada.nick}: ${own}`), 1, own);
    }
    assert.equal(await ada.carrier(), carrier);
    // The room has seen nobody go.
    assert.equal(bo.events.filter(({ ev }) => ev === "left").length, 0);
    assert.deepEqual(ada.complaints, []);
    await context.close();
  });
}

test("where WebSockets are forbidden a stream is used, and a WebSocket again once they are not", async () => {
  const room = `#${fresh("climb")}`;
  const context = await world.browser.newContext();
  const ada = await world.tab(context, {});
  const bo = await world.talker(room, fresh("bo"));
  await ada.page.evaluate(() => (window.noSockets = true));
  await ada.enter(room, fresh("ada"));
  await ada.uses("event_stream");
  await bo.says("1");
  await ada.reads(`${bo.nick}: 1`);
  await ada.page.evaluate(() => (window.noSockets = false));
  // Another network, as far as the page can tell: a good time to look.
  await ada.network({ offline: true });
  await bo.says("2");
  await ada.network({});
  await ada.uses("websocket");
  await bo.says("3");
  await ada.reads(`${bo.nick}: 3`);
  assert.deepEqual(await ada.lines(), ["1", "2", "3"].map((n) => `${bo.nick}: ${n}`));
  await context.close();
});

test("a carrier change in mid-conversation keeps the cursor", async () => {
  const room = `#${fresh("change")}`;
  const context = await world.browser.newContext();
  const bo = await world.talker(room, fresh("bo"));
  const ada = await world.tab(context, { carriers: ["websocket"], keep: "ada" });
  await ada.enter(room, fresh("ada"));
  let n = 0;
  const expected = [];
  for (const carrier of [...carriers, "websocket"]) {
    await ada.page.evaluate((name) => {
      const heard = window.log;
      window.session.pause();
      window.make({ carriers: [name], keep: "ada" });
      window.log = Object.assign(window.log, { lines: heard.lines, model: heard.model });
      window.session.resume();
    }, carrier);
    await bo.says(`${++n}`);
    expected.push(`${bo.nick}: ${n}`);
    await ada.uses(carrier);
    await ada.reads(`${bo.nick}: ${n}`);
  }
  assert.deepEqual(await ada.lines(), expected);
  await context.close();
});

test("what a proxy cuts again and again is asked for sooner, and remembered for the next page", async () => {
  const room = `#${fresh("learn")}`;
  const context = await world.browser.newContext();
  const ada = await world.tab(context, { carriers: ["long_poll"] });
  const asked = [];
  // A proxy in between that cuts whatever stays silent for 2.5 s.
  await context.route(/\/events\?/, async (route) => {
    const hold = Number(new URL(route.request().url()).searchParams.get("hold") ?? 0);
    asked.push(hold);
    if (hold) return route.continue();
    if (route.request().url().includes("carrier=poll")) return route.continue();
    await new Promise((resolve) => setTimeout(resolve, 2500));
    await route.abort("connectionreset");
  });
  await ada.page.evaluate(([to, nick]) => {
    return window.session.enter({ network: "irc", nick, rooms: [to] });
  }, [room, fresh("ada")]);
  await ada.page.waitForFunction(() => localStorage.getItem("halley:cut_offs")?.includes("hold"), null, {
    timeout: 60000,
  });
  await ada.isIn(room);
  const { hold } = await ada.page.evaluate(() => JSON.parse(localStorage.getItem("halley:cut_offs")));
  assert.ok(hold >= 1000 && hold < 2500, `${hold}`);
  const next = await world.tab(context, { carriers: ["long_poll"] });
  asked.length = 0;
  await next.enter(room, fresh("next"));
  assert.ok(asked.every((one) => one === hold), asked.join());
  await context.close();
});
