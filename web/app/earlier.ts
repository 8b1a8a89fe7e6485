// SPDX-License-Identifier: GPL-3.0-or-later
//
// What was said before the first line of a log, a page at a time, where the network remembers it.
import type { Conversation } from "../client/index.ts";
import { chat } from "./chat.ts";

const page = 100; // lines asked for at once

export function canAskEarlier(where: Conversation): boolean {
  const { connection } = chat;
  if (where.historyDone || !where.name || !where.joined || !connection) return false;
  return connection.link.phase === "open" && connection.model.features.has("history");
}

export async function askEarlier(where: Conversation): Promise<void> {
  const first = where.lines.find((line) => line.type === "said");
  const bound =
    first?.type === "said" && first.id ? { before: first.id } : first ? { before_at: first.at } : {};
  const before = where.lines.length;
  const result = await chat
    .do(chat.active?.network ?? "", { do: "history", to: where.name, limit: page, ...bound })
    .catch(() => undefined);
  // Nothing came although more was promised: do not ask for ever.
  if (!result?.ok || where.lines.length === before) where.historyDone = true;
}
