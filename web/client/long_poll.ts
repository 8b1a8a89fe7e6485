// SPDX-License-Identifier: GPL-3.0-or-later
//
// Long polling: one request after the other, each answered with what came, or empty after `hold`.
import { eventsUrl, type CarrierKind } from "./carrier.ts";
import { failureOf } from "./failure.ts";
import type { ChatEvent } from "./wire.ts";

interface Page {
  from: number;
  next: number;
  events: ChatEvent[];
}

export const longPoll: CarrierKind = {
  name: "long_poll",
  enters: false,
  acks: false,

  open(opening, hooks) {
    const stop = new AbortController();
    let opened = false;
    let since = opening.since;
    let closed = false;

    const poll = async (): Promise<void> => {
      while (!closed) {
        const late = setTimeout(() => stop.abort(), opening.hold + 15000);
        try {
          const answer = await opening.fetch(eventsUrl({ ...opening, since }), {
            cache: "no-store",
            signal: stop.signal,
          });
          if (!answer.ok) throw await failureOf(answer);
          const page = (await answer.json()) as Page;
          if (!opened) hooks.onOpen();
          opened = true;
          hooks.onAlive();
          page.events.forEach((event, i) => hooks.onEvent(page.from + i, event));
          since = page.next - 1;
        } finally {
          clearTimeout(late);
        }
      }
    };

    const end = (error?: unknown): void => {
      if (closed) return;
      closed = true;
      const refusal = error instanceof Error && error.name === "ChatError";
      hooks.onClosed(refusal ? { opened, error: error as never } : { opened });
    };
    poll().then(() => end(), end);

    return {
      send: () => false,
      close() {
        closed = true;
        stop.abort();
      },
    };
  },
};
