// SPDX-License-Identifier: GPL-3.0-or-later
//
// A WebSocket: both directions, one event a frame. `hello` names the number of the first event,
// each later event counts one.
import { eventsUrl, openingTimeout, type CarrierKind } from "../carrier.ts";
import { ChatError, failureOf } from "../failure.ts";
import type { ChatEvent, Failure, Hello } from "../wire.ts";

export const websocket: CarrierKind = {
  name: "websocket",
  enters: true,
  acks: true,
  polls: false,
  isPossible: (world) => world.WebSocket !== undefined,

  open(opening, hooks) {
    const { world, enter } = opening;
    const http = enter ? `${opening.base}/sessions` : eventsUrl(opening);
    const Maker = world.WebSocket as NonNullable<typeof world.WebSocket>;
    let opened = false;
    let next = 0;
    let done = false;
    let lastWords: ChatError | undefined;

    const end = (error?: ChatError): void => {
      if (done) return;
      done = true;
      world.clearTimeout(timer);
      socket.close();
      hooks.onClosed(error ? { opened, error } : { opened });
    };
    const timer = world.setTimeout(() => end(), openingTimeout);

    const onFrame = (text: string): void => {
      const frame = JSON.parse(text) as ChatEvent | Hello | { error: Failure };
      if (!("ev" in frame)) {
        const error = new ChatError(frame.error);
        // Later it is about a frame of ours, or, with a close behind it, about the session.
        if (!opened) return end(error);
        lastWords = error;
        return hooks.onAlive();
      }
      if (frame.ev === "hello") {
        world.clearTimeout(timer);
        opened = true;
        next = frame.next;
        hooks.onHello(frame);
        hooks.onOpen();
        return;
      }
      lastWords = undefined;
      hooks.onEvent(next++, frame);
    };

    const socket = new Maker(http.replace(/^http/, "ws"));
    socket.onopen = () => {
      if (enter) socket.send(JSON.stringify({ do: "enter", ...enter }));
    };
    socket.onmessage = (message) => {
      if (!done) onFrame(String(message.data));
    };
    socket.onclose = (close) => {
      if (!opened && !enter && !done) void askWhy().then(end);
      // 1008: the gateway has ended it (RFC 6455, 7.4.1) and said why in the frame before.
      else end(close.code === 1008 ? lastWords : undefined);
    };
    // A WebSocket does not tell what the gateway answered instead of opening; a request does.
    const askWhy = async (): Promise<ChatError | undefined> => {
      try {
        const answer = await world.fetch(eventsUrl(opening, { carrier: "poll" }));
        return answer.ok ? undefined : await failureOf(answer);
      } catch {
        return undefined;
      }
    };

    return {
      send(frame) {
        // 1: OPEN; the constant is not there in every environment
        if (socket.readyState !== 1) return false;
        socket.send(frame);
        return true;
      },
      close() {
        done = true;
        world.clearTimeout(timer);
        socket.close(1000);
      },
    };
  },
};
