// SPDX-License-Identifier: GPL-3.0-or-later
//
// One's nick is taken by one's own old session, which was told to leave just now: a network may need a
// moment for that, so the nick is asked for a few times before it counts as somebody else's.
import { ChatError, type EnterRequest } from "../client/index.ts";
import { chat } from "./chat.ts";
import { lastTime } from "./keep.ts";
import { more } from "./words_later.ts";

const waits = [500, 1000, 1500, 2000, 2500]; // ms before each try; with the tries about ten seconds

// Rejects when somebody has given up meanwhile.
function wait(ms: number): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    chat.giveUp = () => {
      clearTimeout(timer);
      reject(new ChatError({ code: "left", text: "" }));
    };
  }).finally(() => (chat.giveUp = undefined));
}

// `refused`: why the first attempt failed. Resolves when one succeeds; rejects as the last one, or at
// once where the old session had another nick.
export async function takeBack(
  refused: ChatError,
  { nick }: EnterRequest,
  attempt: () => Promise<void>,
  onStage: (stage: string) => void,
): Promise<void> {
  if (lastTime().nick?.toLowerCase() !== nick.toLowerCase()) throw refused;
  let last = refused;
  for (const ms of waits) {
    onStage(more.nicks.closing);
    await wait(ms);
    try {
      return await attempt();
    } catch (error) {
      last = error as ChatError;
      if (last.code !== "nick_in_use") throw last;
    }
  }
  throw last;
}
