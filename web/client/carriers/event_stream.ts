// SPDX-License-Identifier: GPL-3.0-or-later
//
// Server-Sent Events, read with fetch so that a refusal can be told from a loss. One event for each
// `data`, `id: epoch-number`. WHATWG HTML, 9.2.6 (the fields we use: id, data, comments).
import { eventsUrl, openingTimeout, type Opener } from "../carrier.ts";
import { ChatError, failureOf } from "../failure.ts";
import type { ChatEvent, Failure, Hello } from "../wire.ts";
import { run } from "./fetched.ts";

export const open: Opener = (opening, hooks) => {
  return run(opening, hooks, async (course) => {
    const onBlock = (block: string): void => {
      let id = "";
      const data: string[] = [];
      for (const line of block.split(/\r?\n/)) {
        if (line.startsWith("id:")) id = line.slice(3).trim();
        else if (line.startsWith("data:")) data.push(line.slice(line[5] === " " ? 6 : 5));
      }
      if (!data.length) return;
      const event = JSON.parse(data.join("\n")) as ChatEvent | Hello | { error: Failure };
      if (!("ev" in event)) throw new ChatError(event.error); // last words
      if (event.ev !== "hello") {
        return hooks.onEvent(Number(id.slice(id.lastIndexOf("-") + 1)), event);
      }
      course.opened = true;
      hooks.onHello(event);
      hooks.onOpen();
    };

    course.expect(openingTimeout);
    const answer = await opening.world.fetch(eventsUrl(opening), {
      headers: { accept: "text/event-stream" },
      cache: "no-store",
      signal: course.signal,
    });
    if (!answer.ok || !answer.body) throw await failureOf(answer);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      // The gateway writes at least every heartbeat; twice that without a byte is a dead link.
      if (course.opened) course.expect(2 * opening.heartbeat);
      hooks.onAlive();
      rest += value;
      const blocks = rest.split(/\r?\n\r?\n/);
      rest = blocks.pop() ?? "";
      for (const block of blocks) if (!course.signal.aborted) onBlock(block);
    }
  });
};
