// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the reader says himself: at once in the log, then on its way; kept while the network or the
// room is away; said again. How it is changed or taken back is in changing.ts.
import {
  appendOwn,
  removeLine,
  settleOwn,
  type ChatError,
  type Command,
  type Conversation,
  type NetworkModel,
  type SaidKind,
  type SaidLine,
} from "../client/index.ts";
import { chat, type Place } from "./chat.ts";
import { redraw } from "./frames.ts";

const stale = 2 * 60 * 1000; // ms; what is older may not be meant any more
const held: { place: Place; line: SaidLine }[] = [];
const late = new WeakSet<SaidLine>();

// Written so long ago that its writer decides whether it is still to be sent.
export const isLate = (line: SaidLine): boolean => late.has(line);

function isReady(model: NetworkModel, where: Conversation): boolean {
  return model.status === "online" && (!where.isRoom || where.joined);
}

export function say(place: Place, text: string, kind: SaidKind = "message", replyTo?: string): void {
  const connection = chat.connections.get(place.network);
  const where = connection && chat.at(place);
  if (!connection || !where || !text) return;
  const command: Command = { do: "say", to: where.name, text };
  if (kind !== "message") command.kind = kind;
  if (replyTo) command.reply_to = replyTo;
  const { model } = connection;
  const own = { text, kind, at: Date.now(), ...(replyTo ? { replyTo } : {}) };
  chat.following = true;
  redraw();
  if (!isReady(model, where) && !where.ended) {
    const n = -(held.length + 1); // no command yet, so no number of one
    const line = appendOwn(model, where, { ...own, n });
    where.sending.delete(n);
    held.push({ place, line });
    return;
  }
  const { n, result } = connection.session.do(command);
  appendOwn(model, where, { ...own, n });
  result.catch((error: ChatError) => {
    settleOwn(model, where, n, { ok: false, code: error.code, text: error.code === "left" ? "" : error.message });
    redraw();
  });
}

const mostAtOnce = 5000; // UTF-16 units, which always fit into one command; see long_text.ts

// As many messages as it takes. What cannot be cut is refused, and stays in the log as not sent.
export async function sayInParts(place: Place, text: string, replyTo?: string): Promise<void> {
  const isLong = text.length > mostAtOnce;
  const parts = isLong ? await import("./writing.ts").then(({ inParts }) => inParts(text), () => [text]) : [text];
  for (const part of parts) say(place, part, "message", replyTo);
}

// The last that can still be changed.
export function lastSaid(where: Conversation | undefined): SaidLine | undefined {
  const last = where?.lines.findLast(
    (line) => line.type === "said" && line.self && line.id && line.removedBy === undefined,
  );
  return last?.type === "said" && last.kind !== "action" ? last : undefined;
}

// Written while the network or the room was away: said now, in order.
chat.watchers.add(({ model }, event) => {
  if (!held.length || !(event.ev === "online" || (event.ev === "joined" && event.self))) return;
  for (const one of held.splice(0)) {
    const where = chat.at(one.place);
    if (one.place.network !== model.network || (where && !isReady(model, where))) {
      held.push(one);
    } else if (where && one.line.state === "sending") {
      if (Date.now() - one.line.at < stale) {
        sayAgain(one.place, one.line);
      } else {
        one.line.state = "failed";
        late.add(one.line);
      }
      where.version++;
    }
  }
});

export function sayAgain(place: Place, line: SaidLine): void {
  discard(place, line);
  say(place, line.text, line.kind, line.replyTo);
}

export function discard(place: Place, line: SaidLine): void {
  const connection = chat.connections.get(place.network);
  const where = connection && chat.at(place);
  if (connection && where) removeLine(connection.model, where, line.key);
  redraw();
}
