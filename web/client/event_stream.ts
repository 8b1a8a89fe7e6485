// SPDX-License-Identifier: GPL-3.0-or-later
//
// Server-Sent Events, read with fetch so that a refusal can be told from a loss. One event for each
// `data`, `id: epoch-number`. WHATWG HTML, 9.2.6 (the fields we use: id, data, comments).
import { eventsUrl, type CarrierKind } from "./carrier.ts";
import { ChatError, failureOf } from "./failure.ts";
import type { ChatEvent, Failure, Hello } from "./wire.ts";

export const eventStream: CarrierKind = {
  name: "event_stream",
  enters: false,
  acks: false,

  open(opening, hooks) {
    const stop = new AbortController();
    let opened = false;
    let silence: ReturnType<typeof setTimeout> | undefined;

    // The gateway writes at least every heartbeat; twice that without a byte is a dead link.
    const heard = (): void => {
      clearTimeout(silence);
      silence = setTimeout(() => stop.abort(), 2 * opening.heartbeat);
    };

    const read = async (): Promise<void> => {
      heard();
      const answer = await opening.fetch(eventsUrl(opening), {
        headers: { accept: "text/event-stream" },
        cache: "no-store",
        signal: stop.signal,
      });
      if (!answer.ok || !answer.body) throw await failureOf(answer);
      opened = true;
      hooks.onOpen();
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        heard();
        hooks.onAlive();
        rest += value;
        const blocks = rest.split(/\r?\n\r?\n/);
        rest = blocks.pop() ?? "";
        for (const block of blocks) if (!stop.signal.aborted) onBlock(block);
      }
    };

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
      if (event.ev === "hello") hooks.onHello(event);
      else hooks.onEvent(Number(id.slice(id.lastIndexOf("-") + 1)), event);
    };

    let closed = false;
    const end = (error?: unknown): void => {
      clearTimeout(silence);
      if (closed) return;
      closed = true;
      stop.abort();
      const refusal = error instanceof Error && error.name === "ChatError";
      hooks.onClosed(refusal ? { opened, error: error as never } : { opened });
    };
    read().then(() => end(), end);

    return {
      send: () => false,
      close() {
        closed = true;
        clearTimeout(silence);
        stop.abort();
      },
    };
  },
};
