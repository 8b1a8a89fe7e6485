// SPDX-License-Identifier: GPL-3.0-or-later
//
// A message that somebody points at by its id, in a link or a quote, and that is not loaded: asked for
// from the history of the network, a page after the other.
import { chat } from "./chat.ts";
import { askEarlier, canAskEarlier } from "./earlier.ts";
import type { Log } from "./shell.ts";
import { tell } from "./toast.ts";
import { more } from "./words_later.ts";

const w = more.search;
const mostPages = 50; // of 100 lines

export async function find(log: Log, id: string): Promise<void> {
  const where = chat.current;
  if (!where) return;
  const isKnown = (): boolean => where.ids.has(id);
  const end = tell(w.looking);
  for (let i = 0; i < mostPages && !isKnown() && canAskEarlier(where); i++) {
    await askEarlier(where);
    if (chat.current !== where) return end();
  }
  end();
  if (isKnown()) log.toMessage(id);
  else tell(w.gone);
}
