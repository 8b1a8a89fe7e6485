// SPDX-License-Identifier: GPL-3.0-or-later
//
// Verbs on one conversation: how lines come in, are found again and are forgotten. The cost of a
// new line does not depend on how many there are.
import type { Said } from "../wire.ts";
import { isEmptyFold, type FoldLine, type Info, type Line, type SaidLine } from "./lines.ts";
import {
  emptyConversation,
  ownNick,
  type Conversation,
  type NetworkModel,
} from "./model.ts";
import { mentions, sameName } from "./names.ts";

export const mostLines = 50000; // a conversation; older ones are fetched again from the network
const trimBy = 1000;
const returnWithin = 5 * 60 * 1000;
const crowd = 200; // from this size on, presence of silent people is not told
const spokeWithin = 30 * 60 * 1000;

export function conversation(
  model: NetworkModel,
  name: string,
  isRoom: boolean,
): Conversation {
  let known = model.conversations.get(name);
  if (!known) {
    known = emptyConversation(name, isRoom);
    model.conversations.set(name, known);
  }
  return known;
}

export function findConversation(model: NetworkModel, name: string): Conversation | undefined {
  const exact = model.conversations.get(name);
  if (exact) return exact;
  for (const one of model.conversations.values()) if (sameName(one.name, name)) return one;
  return undefined;
}

export function append(model: NetworkModel, where: Conversation, line: Line): void {
  where.lines.push(line);
  if (where.lines.length > mostLines) forget(where, trimBy);
  where.version++;
  model.version++;
}

// By its time: behind the lines that are as old.
export function insert(model: NetworkModel, where: Conversation, line: Line): void {
  let at = where.lines.length;
  while (at > 0 && (where.lines[at - 1] as Line).at > line.at) at--;
  if (at === where.lines.length) return append(model, where, line);
  where.lines.splice(at, 0, line);
  where.version++;
  model.version++;
}

function forget(where: Conversation, count: number): void {
  for (const line of where.lines.splice(0, count)) {
    if (line.type === "said" && line.id) where.ids.delete(line.id);
  }
  where.historyDone = false;
}

export function nextKey(model: NetworkModel): number {
  return ++model.lastKey;
}

export function inform(model: NetworkModel, where: Conversation, info: Info, at: number): void {
  append(model, where, { type: "info", key: nextKey(model), at, info });
}

// --- things said --------------------------------------------------------------------------------

export function lineOf(model: NetworkModel, where: Conversation, said: Said): SaidLine {
  const self = said.self ?? false;
  const line: SaidLine = {
    type: "said",
    key: nextKey(model),
    at: said.at,
    from: said.from,
    text: said.text,
    kind: said.kind ?? "message",
    self,
    state: "sent",
    mention:
      !self &&
      (mentions(said.text, ownNick(model, where)) ||
        where.ids.get(said.reply_to ?? "")?.self === true),
  };
  if (said.spans?.length) line.spans = said.spans;
  if (said.id) line.id = said.id;
  if (said.reply_to) line.replyTo = said.reply_to;
  if (said.audience) line.audience = said.audience;
  return line;
}

// An own line as it is typed: it keeps its place whatever arrives before its echo.
export function appendOwn(
  model: NetworkModel,
  where: Conversation,
  own: { n: number; text: string; kind: SaidLine["kind"]; at: number; replyTo?: string },
): SaidLine {
  const line: SaidLine = {
    type: "said",
    key: nextKey(model),
    at: own.at,
    from: ownNick(model, where),
    text: own.text,
    kind: own.kind,
    self: true,
    state: "sending",
    n: own.n,
    mention: false,
  };
  if (own.replyTo) line.replyTo = own.replyTo;
  where.sending.set(own.n, line);
  append(model, where, line);
  return line;
}

export function receive(model: NetworkModel, where: Conversation, said: Said, live: boolean): void {
  if (said.id && where.ids.has(said.id)) return;
  where.typing.delete(said.from);
  const own = said.echo_of ? where.sending.get(said.echo_of) : undefined;
  if (own?.state === "echoed" && !said.id && own.text === said.text) return; // told twice
  if (own && own.state !== "echoed") {
    own.state = "echoed";
    own.text = said.text;
    own.from = said.from;
    if (said.spans?.length) own.spans = said.spans;
    if (said.id) remember(where, own, said.id);
    where.version++;
    model.version++;
    return;
  }
  const line = lineOf(model, where, said);
  if (line.id) where.ids.set(line.id, line);
  append(model, where, line);
  if (line.self) return;
  where.spoke.set(line.from, line.at);
  if (line.mention) where.spokeToMe.set(line.from, line.at);
  if (live) countUnread(model, where, line);
}

type Weigh = (model: NetworkModel, where: Conversation, line: SaidLine) => boolean;
let isNews: Weigh = () => true;

// Whoever shows the model may know better what is news to the reader, and what names him: asked for every
// line of others that would count, said just now or missed.
export function weigh(by: Weigh): void {
  isNews = by;
}

function countUnread(model: NetworkModel, where: Conversation, line: SaidLine): void {
  if (line.self || line.kind === "notice" || !isNews(model, where, line)) return;
  where.unread++;
  if (line.mention || !where.isRoom) where.mentions++;
}

// The whole line has left for the network; its result is still to come.
export function toldSent(model: NetworkModel, where: Conversation, n: number): void {
  const line = where.sending.get(n);
  if (line?.state !== "sending") return;
  line.state = "sent";
  where.version++;
  model.version++;
}

function remember(where: Conversation, line: SaidLine, id: string): void {
  line.id = id;
  where.ids.set(id, line);
}

// The command's own answer: where nothing is echoed, this is all we hear.
export function settleOwn(
  model: NetworkModel,
  where: Conversation,
  n: number,
  answer: { ok: boolean; id?: string; text?: string; code?: string },
): void {
  const line = where.sending.get(n);
  if (!line) return;
  where.sending.delete(n);
  if (answer.ok) {
    if (line.state !== "echoed") line.state = "sent";
    if (answer.id && !line.id) remember(where, line, answer.id);
  } else if (line.state !== "echoed") {
    line.state = "failed";
    line.error = answer.text ?? "";
    if (answer.code) line.code = answer.code;
  }
  where.version++;
  model.version++;
}

export function removeLine(model: NetworkModel, where: Conversation, key: number): void {
  const at = where.lines.findIndex((line) => line.key === key);
  if (at < 0) return;
  where.lines.splice(at, 1);
  where.version++;
  model.version++;
}

// Older or missed lines of the network's history: put in by time, known ones left out. Missed ones
// are news, older ones are not.
export function mergeHistory(
  model: NetworkModel,
  where: Conversation,
  items: Said[],
  isMissed = false,
): void {
  const fresh: SaidLine[] = [];
  for (const item of items) {
    if (item.id ? where.ids.has(item.id) : isKnown(where, item)) continue;
    const line = lineOf(model, where, item);
    if (line.id) where.ids.set(line.id, line);
    fresh.push(line);
    if (isMissed || line.at > (where.gap?.since ?? Infinity)) countUnread(model, where, line);
  }
  if (!fresh.length) return;
  if (fresh.length === 1) return insert(model, where, fresh[0] as Line);
  const first = where.lines[0];
  const last = fresh[fresh.length - 1] as SaidLine;
  if (!first || last.at <= first.at) {
    where.lines = (fresh as Line[]).concat(where.lines);
  } else {
    // Stable: of two lines with the same time the one that was there stays first.
    where.lines = where.lines.concat(fresh).sort((a, b) => a.at - b.at);
  }
  where.version++;
  model.version++;
}

function isKnown(where: Conversation, item: Said): boolean {
  for (let i = where.lines.length - 1; i >= 0; i--) {
    const line = where.lines[i] as Line;
    if (line.at < item.at - 1000) return false;
    if (line.type === "said" && line.text === item.text && line.from === item.from) return true;
  }
  return false;
}

// The names of the two servers (RFC 2812, 3.1.7), or stars for them. What people say themselves when
// they quit comes with a word of the server's before it, or in quotes.
const netsplit = /^[\w*-]+(\.[\w-]+)+ [\w*-]+(\.[\w-]+)+$/;

// --- presence -----------------------------------------------------------------------------------

function openFold(
  model: NetworkModel,
  where: Conversation,
  at: number,
  isSplit = false,
): FoldLine {
  const last = where.lines[where.lines.length - 1];
  if (last?.type === "fold" && Boolean(last.isSplit) === isSplit) return last;
  const fold: FoldLine = {
    ...(isSplit ? { isSplit } : {}),
    type: "fold",
    key: nextKey(model),
    at,
    people: new Map(),
    renamed: [],
  };
  append(model, where, fold);
  return fold;
}

function isWorthTelling(
  model: NetworkModel,
  where: Conversation,
  nick: string,
  at: number,
): boolean {
  // A fold that has begun counts on: half a number would be a wrong one.
  const last = where.lines[where.lines.length - 1];
  if (model.tellsAll || where.members.size <= crowd || last?.type === "fold") return true;
  return at - (where.spoke.get(nick) ?? -Infinity) < spokeWithin;
}

export function foldJoin(model: NetworkModel, where: Conversation, nick: string, at: number): void {
  const before = where.gone.get(nick);
  where.gone.delete(nick);
  if (before && at - before.at <= returnWithin) {
    const known = before.fold.people.get(nick);
    if (known) {
      known.is = true;
      dropIfEmpty(where, before.fold);
      where.version++;
      model.version++;
      return;
    }
  }
  if (!isWorthTelling(model, where, nick, at)) return;
  const fold = openFold(model, where, at);
  fold.people.set(nick, { was: fold.people.get(nick)?.was ?? false, is: true });
  where.version++;
  model.version++;
}

export function foldLeave(
  model: NetworkModel,
  where: Conversation,
  nick: string,
  at: number,
  text = "",
): void {
  const isSplit = netsplit.test(text);
  if (!isSplit && !isWorthTelling(model, where, nick, at)) return;
  const fold = openFold(model, where, at, isSplit);
  fold.people.set(nick, { was: fold.people.get(nick)?.was ?? true, is: false });
  where.gone.set(nick, { at, fold });
  if (where.gone.size > 1000) {
    for (const [name, { at: when }] of where.gone) {
      if (at - when > returnWithin || where.gone.size > 1000) where.gone.delete(name);
    }
  }
  where.version++;
  model.version++;
}

export function foldRename(
  model: NetworkModel,
  where: Conversation,
  from: string,
  to: string,
  at: number,
): void {
  if (!isWorthTelling(model, where, from, at)) return;
  const fold = openFold(model, where, at);
  const earlier = fold.renamed.find((one) => one.to === from);
  if (earlier) earlier.to = to;
  else fold.renamed.push({ from, to });
  fold.renamed = fold.renamed.filter((one) => one.from !== one.to);
  const person = fold.people.get(from);
  if (person) {
    fold.people.delete(from);
    fold.people.set(to, person);
  }
  where.version++;
  model.version++;
}

// A fold whose people are all back has nothing to say; only the last lines are looked at.
function dropIfEmpty(where: Conversation, fold: FoldLine): void {
  if (!isEmptyFold(fold)) return;
  const at = where.lines.lastIndexOf(fold);
  if (at >= 0) where.lines.splice(at, 1);
}

// --- reading ------------------------------------------------------------------------------------

export function markRead(model: NetworkModel, where: Conversation, at: number): void {
  where.readAt = at;
  if (!where.unread && !where.mentions) return;
  where.unread = 0;
  where.mentions = 0;
  model.version++;
}

// Lines still "sending" whose command the session no longer knows: their fate cannot be learnt.
export function settleLost(model: NetworkModel, unanswered: ReadonlySet<number>): void {
  for (const where of model.conversations.values()) {
    for (const n of [...where.sending.keys()]) {
      if (!unanswered.has(n)) settleOwn(model, where, n, { ok: false });
    }
  }
}
