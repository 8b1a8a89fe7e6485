// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who comes, goes and is called something else: folded into one line for as long as nothing is said.
import { append, nextKey } from "./conversation.ts";
import { isEmptyFold, type FoldLine } from "./lines.ts";
import type { Conversation, NetworkModel } from "./model.ts";

const returnWithin = 5 * 60 * 1000;
const crowd = 200; // from this size on, presence of silent people is not told
const spokeWithin = 30 * 60 * 1000;

// The names of the two servers (RFC 2812, 3.1.7), or stars for them. What people say themselves when
// they quit comes with a word of the server's before it, or in quotes.
const netsplit = /^[\w*-]+(\.[\w-]+)+ [\w*-]+(\.[\w-]+)+$/;

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
