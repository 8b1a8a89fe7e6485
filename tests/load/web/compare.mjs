// SPDX-License-Identifier: GPL-3.0-or-later
//
// Weight and speed of the page beside The Lounge and Converse.js: see ../web_clients. One after the
// other in one run, on the same InspIRCd and Prosody, each in a browser context of its own.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Relay } from "../../browser/relay.mjs";
import { Browser } from "./browser.mjs";
import { Converse, Embed, Halley, TheLounge } from "./pages.mjs";
import { IrcPeople, XmppPeople } from "./people.mjs";
import { print } from "./table.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const flags = new Map(
  process.argv.slice(2).map((word) => /^--(\w+)=(.*)$/.exec(word)?.slice(1) ?? [word, ""]),
);
const number = (name, usual) => Number(flags.get(name) ?? usual);
const lines = number("lines", 50000);
const joins = number("joins", 1000);
const repeats = number("repeats", 3); // of the first visit
const patience = number("patience", 120) * 1000; // ms for 5,000 lines to be shown
const burst = 5000;

const words = "the quick comet passes over a quiet room while everybody reads and writes about it".split(" ");
const sentence = (i) =>
  `${i} ${Array.from({ length: 3 + (i % 12) }, (_, k) => words[(i * 7 + k * 3) % words.length]).join(" ")}`;

let rooms = 0;
class Visit {
  constructor(subject, people, browser) {
    Object.assign(this, { subject, people, browser });
    this.room = people.room(`compare${process.pid}x${++rooms}`);
    this.nick = `probe${process.pid % 1000}x${rooms}`;
  }
  // Resolves with the ms from the beginning of the navigation to the first message in view.
  async begin(url) {
    await this.people.enter(this.room);
    const greeted = this.people.awaitsAndGreets(this.nick, "the first message");
    const began = await this.open(url);
    const [shownAt] = await Promise.all([this.sees("the first message"), greeted]);
    return shownAt - began;
  }
  // Resolves with the time (Unix ms) of the beginning of the navigation.
  async open(url) {
    this.page = await this.browser.open(this.subject.signIn);
    await this.page.goto(this.subject.address(url, this.room, this.nick));
    return this.page.evaluate(() => performance.timeOrigin);
  }
  sees(text, within = patience) {
    return this.browser.sees(this.page, this.subject, text, within);
  }
  async end() {
    this.people.leave();
    if (this.page) await within(10000, this.page.context().close());
  }
}

async function firstVisit(make) {
  const found = [];
  for (let i = 0; i < repeats; i++) {
    const visit = make();
    const relay = await new Relay().start(visit.subject.url);
    const ms = await visit.begin(relay.url);
    const sum = () => relay.answers.reduce((all, { bytes }) => all + bytes, 0);
    const usable = { bytes: sum(), requests: relay.answers.length };
    await new Promise((then) => setTimeout(then, 10000)); // what it fetches when it has come to rest
    found.push({ ms, usable, whole: { bytes: sum(), requests: relay.answers.length } });
    if (flags.has("--list")) for (const { url, bytes } of relay.answers) console.log(`    ${bytes} ${url}`);
    await visit.end();
    relay.stop();
  }
  return found.sort((a, b) => a.ms - b.ms)[repeats >> 1];
}

// Undefined when a page is too busy to answer.
function within(ms, promise) {
  const late = new Promise((resolve) => setTimeout(resolve, ms));
  return Promise.race([promise.catch(() => undefined), late]);
}

// 5,000 after 5,000, each as fast as the server takes them. Ends early where the page does not keep up.
async function manyLines(make) {
  const visit = make();
  const { browser, people } = visit;
  await visit.begin(visit.subject.url);
  const found = { shown: 0, lines };
  found.heapBefore = await browser.heap(visit.page);
  for (let from = 0; from < lines; from += burst) {
    const began = Date.now();
    void people.says(...Array.from({ length: burst }, (_, k) => sentence(from + k)));
    const shownAt = await within(patience + 5000, visit.sees(sentence(from + burst - 1)));
    if (from === 0) found.burstMs = shownAt && shownAt - began;
    if (!shownAt) break;
    found.shown = from + burst;
  }
  // One that has not kept up has as long again to catch up with what it was sent.
  const count = (selector) => within(2 * patience, visit.page.locator(selector).count());
  found.rows = await count(visit.subject.line);
  found.elements = found.rows && (await count("*"));
  found.heap = found.rows && (await within(patience, browser.heap(visit.page)));
  await visit.end();
  return found;
}

// 5,000 lines said before somebody comes, which the server tells who enters.
async function backlog(make) {
  const visit = make();
  await visit.people.enter(visit.room);
  await visit.people.keeps(burst);
  await visit.people.says(...Array.from({ length: burst }, (_, k) => sentence(k)));
  const began = await visit.open(visit.subject.url);
  const shownAt = await within(patience + 5000, visit.sees(sentence(burst - 1)));
  const rows = await within(patience, visit.page.locator(visit.subject.line).count());
  await visit.end();
  return { ms: shownAt && shownAt - began, rows };
}

async function manyJoins(make) {
  const visit = make();
  await visit.begin(visit.subject.url);
  const go = await visit.people.crowd(joins);
  await visit.browser.watchFrames(visit.page);
  await go();
  const began = Date.now();
  void visit.people.says("everybody is here");
  const shownAt = await within(patience, visit.sees("everybody is here"));
  const frames = await within(patience, visit.browser.frames(visit.page));
  const elements = await within(patience, visit.page.locator("*").count());
  await visit.end();
  return { settledMs: shownAt && shownAt - began, ...frames, elements };
}

// What the server alone needs before a client can see anything, with somebody in the page's place who only
// listens: no page is faster. Measured right before each page, as a server gets slower with what it keeps.
async function serverAlone(Kind, servers) {
  const people = new Kind(servers);
  const began = performance.now();
  await people.enter(people.room(`alone${process.pid}x${++rooms}`));
  const enter = performance.now() - began;
  const listener = await people.listener();
  const lineAt = performance.now();
  const lines = Array.from({ length: burst }, (_, k) => sentence(k));
  await Promise.all([people.says(...lines), listener.hearsText(lines.at(-1))]);
  const took = { enter, burst: performance.now() - lineAt };
  people.leave();
  return took;
}

async function main() {
  const servers = spawn("/usr/bin/python3", [join(here, "servers.py")], { stdio: ["pipe", "pipe", "inherit"] });
  const { value } = await createInterface({ input: servers.stdout })[Symbol.asyncIterator]().next();
  assert.ok(value, "the servers could not be started; see above");
  const where = JSON.parse(value);
  const browser = await new Browser().start();
  const wanted = flags.get("only")?.split(",");
  const all = [
    [new Halley(where, "irc"), IrcPeople],
    [new Embed(where, "irc"), IrcPeople],
    [new TheLounge(where), IrcPeople],
    [new Halley(where, "xmpp"), XmppPeople],
    [new Embed(where, "xmpp"), XmppPeople],
    [new Converse(where), XmppPeople],
  ].filter(([{ name }]) => !wanted || wanted.some((one) => name.toLowerCase().includes(one)));
  const results = [];
  console.log(`${await browser.version()}, ${cpus().length} processors, ${lines} lines, ${joins} joins`);
  try {
    for (const [subject, Kind] of all) {
      subject.url = await subject.start();
      const make = () => new Visit(subject, new Kind(where), browser);
      console.log(`${subject.name} ...`);
      const first = await firstVisit(make);
      const failed = (error) => console.log(`  ${error.message.split("\n")[0]}`) ?? {};
      const alone = await serverAlone(Kind, where);
      const many = await manyLines(make).catch(failed);
      const before = await backlog(make).catch(failed);
      const crowd = await manyJoins(make).catch(failed);
      results.push({ name: subject.name, alone, first, many, before, crowd });
      await subject.stop();
    }
    console.log(`\n${print(results, { lines, joins })}`);
    if (flags.has("json")) writeFileSync(flags.get("json"), JSON.stringify({ results }, null, 1));
  } finally {
    for (const [subject] of all) await subject.stop();
    await browser.stop();
    servers.stdin.end();
    await once(servers, "exit");
  }
}

await main();
process.exit(0);
