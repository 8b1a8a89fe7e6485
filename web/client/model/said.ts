// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is said: own lines from the key to their echo or refusal, those of others as they come or are
// fetched, and what of it is news.
import type { Said } from "../wire.ts";
import { append, insert, nextKey } from "./conversation.ts";
import type { Line, SaidLine } from "./lines.ts";
import { ownNick, type Conversation, type NetworkModel } from "./model.ts";
import { mentions } from "./names.ts";

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
      (mentions(said.text, ownNick(model, where), said.spans) ||
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

export function countUnread(model: NetworkModel, where: Conversation, line: SaidLine): void {
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

// Lines still "sending" whose command the session no longer knows: their fate cannot be learnt.
export function settleLost(model: NetworkModel, unanswered: ReadonlySet<number>): void {
  for (const where of model.conversations.values()) {
    for (const n of [...where.sending.keys()]) {
      if (!unanswered.has(n)) settleOwn(model, where, n, { ok: false });
    }
  }
}
