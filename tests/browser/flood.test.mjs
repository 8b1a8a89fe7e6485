// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a flood of lines costs a page, in things that can be counted: messages between the worker and the
// page, writes to the browser's storage, drawings. Each of them is far rarer than the lines are.
import assert from "node:assert/strict";
import { IrcPeople, XmppPeople } from "../load/web/people.mjs";
import { setting } from "./setting.mjs";
import { fresh, kinds } from "./world.mjs";

const { world, test } = setting({ limit: 600000 });

const many = 3000; // lines
const patience = 60000; // ms
const talkers = {
  irc: () => new IrcPeople({ irc: world.ports.irc }),
  xmpp: () => new XmppPeople({ xmpp: world.ports.xmpp, xmppHost: world.xmppHost, domain: "alpha.test" }),
};

// Runs in the page before anything else of it.
function count() {
  const counted = (globalThis.counted = { toPage: 0, toWorker: 0, written: 0, drawn: 0 });
  const { setItem } = Storage.prototype;
  Storage.prototype.setItem = function (...words) {
    counted.written++;
    return setItem.apply(this, words);
  };
  const { postMessage } = MessagePort.prototype;
  MessagePort.prototype.postMessage = function (...words) {
    counted.toWorker++;
    return postMessage.apply(this, words);
  };
  const Real = SharedWorker;
  globalThis.SharedWorker = class extends Real {
    constructor(...words) {
      super(...words);
      this.port.addEventListener("message", () => counted.toPage++);
    }
  };
}

// Somebody in a room; what is counted so far is forgotten.
async function counting(kind, room) {
  const one = await world.person();
  await one.page.addInitScript(count);
  await one.visit(`/r/${kind.network}/${encodeURIComponent(room)}?nick=${fresh("ada")}`);
  await one.join();
  await one.sees(".head h1");
  await one.sees(".panel .person");
  await one.page.evaluate(() => {
    for (const part of document.querySelectorAll("halley-log, halley-members")) {
      const { draw } = part;
      part.draw = () => {
        globalThis.counted.drawn++;
        draw.call(part);
      };
    }
    Object.assign(globalThis.counted, { toPage: 0, toWorker: 0, written: 0, drawn: 0 });
  });
  return one;
}
const frames = (one, number) =>
  one.page.evaluate(async (wanted) => {
    for (let i = 0; i < wanted; i++) await new Promise(requestAnimationFrame);
  }, number);
const counted = (one) => one.page.evaluate(() => globalThis.counted);

for (const kind of Object.values(kinds)) {
  test(`${kind.title}: ${many} lines at once come in few messages, are drawn few times, and write little`, async () => {
    const room = kind.room(fresh("flood"));
    const people = talkers[kind.network]();
    const ada = await counting(kind, room);
    await people.enter(room);
    await ada.sees(".row.fold");
    await people.says(...Array.from({ length: many }, (_, i) => `line ${i} of many`));
    await ada.page.waitForSelector(`.row.said .text:text-is("line ${many - 1} of many")`, { timeout: patience });
    people.leave();
    const { toPage, toWorker, written, drawn } = await counted(ada);
    const told = JSON.stringify({ toPage, toWorker, written, drawn });
    assert.ok(toPage < many / 4 && toWorker < many / 4, told);
    assert.ok(written < many / 30, told);
    assert.ok(drawn < many / 6, told);
    const kept = await ada.page.evaluate(() => document.querySelector("halley-log").where.lines.length);
    assert.ok(kept >= many);
  });
}

test("how far one has read is kept, also when the page goes at once", async () => {
  const room = `#${fresh("read")}`;
  const ada = await counting(kinds.irc, room);
  const bo = await world.inRoom(kinds.irc, room);
  await bo.saysAndIsHeard("read this");
  await ada.reads("read this");
  const marks = () => ada.page.evaluate(() => JSON.parse(localStorage.getItem("halley:read") ?? "{}"));
  await ada.page.reload();
  await ada.reads("read this");
  assert.ok((await marks())[`irc/${room}`] > 0);
});

test("that somebody writes is looked at anew with one timer, however often the page is drawn", async () => {
  const ada = await counting(kinds.irc, `#${fresh("writes")}`);
  await ada.page.evaluate(async () => {
    const log = document.querySelector("halley-log");
    log.where.typing.set("bo", Date.now() + 60000);
    for (let i = 0; i < 30; i++) {
      await new Promise(requestAnimationFrame);
      log.requestUpdate();
    }
  });
  const { drawn } = await counted(ada);
  await ada.page.waitForFunction((before) => globalThis.counted.drawn > before, drawn); // the timer
  await frames(ada, 10);
  assert.ok((await counted(ada)).drawn - drawn <= 2, `${(await counted(ada)).drawn - drawn}`);
});

test("a page where nothing happens draws nothing", async () => {
  const ada = await counting(kinds.irc, `#${fresh("still")}`);
  await frames(ada, 20);
  const { drawn } = await counted(ada);
  await frames(ada, 60);
  assert.equal((await counted(ada)).drawn - drawn, 0);
});
