// SPDX-License-Identifier: GPL-3.0-or-later
//
// Times of a conversation that nothing is known of. A gap is a line in the log only once it is sure
// that it could not be filled.
import { insert, nextKey } from "./conversation.ts";
import type { Conversation, NetworkModel } from "./model.ts";

// Where nothing has been said yet there is nothing to miss.
export function beginGap(
  where: Conversation,
  gap: { since?: number; until: number; asked?: boolean },
): void {
  const last = where.lines[where.lines.length - 1];
  if (!last) return;
  const since = Math.min(where.gap?.since ?? Infinity, gap.since ?? last.at, gap.until);
  where.gap = { since, until: gap.until, asked: gap.asked ?? false };
}

export function endGap(model: NetworkModel, where: Conversation, isComplete: boolean): void {
  const { gap } = where;
  where.gap = undefined;
  if (!gap || isComplete) return;
  const { since, until } = gap;
  const line = { type: "info", key: nextKey(model), at: since, info: { what: "gap", since, until } };
  insert(model, where, line as never);
}

// A new session after one that is gone: the rooms have to be entered again, and what was said in
// between has to be asked for.
export function loseSession(model: NetworkModel): void {
  model.status = "connecting";
  model.offline = undefined;
  for (const where of model.conversations.values()) {
    if (where.isRoom) where.joined = false;
    where.typing.clear();
    if (where.ended) continue;
    beginGap(where, { until: Infinity });
  }
}
