// SPDX-License-Identifier: GPL-3.0-or-later
//
// What somebody inside a room can tell a badge of it on the same page, which then shows what he sees.
import type { Conversation } from "../client/index.ts";
import type { Look } from "./feed.ts";

export function lookOf(network: string, room: string, where: Conversation): Look {
  const { size } = where.members;
  const state = !where.joined ? "unknown" : size ? "online" : "quiet";
  return { network, room, state, people: size, topic: where.topic?.text, lines: lastLines(where) };
}

function lastLines({ lines }: Conversation): NonNullable<Look["lines"]> {
  const last: NonNullable<Look["lines"]> = [];
  for (let i = lines.length - 1; i >= 0 && last.length < 3; i--) {
    const line = lines[i];
    if (line?.type !== "said" || line.removedBy !== undefined) continue;
    last.unshift({ from: line.from, text: line.text, at: line.at, action: line.kind === "action" });
  }
  return last;
}
