// SPDX-License-Identifier: GPL-3.0-or-later
//
// A WebSocket: both directions, one event a frame. `hello` names the number of the first event,
// each later event counts one.
import { eventsUrl, type CarrierKind } from "./carrier.ts";
import { ChatError, unreachable } from "./failure.ts";
import type { ChatEvent, Failure, Hello } from "./wire.ts";

// A socket that a proxy swallows never says so; after this the next carrier has its turn.
const openingTimeout = 6000;

export const websocket: CarrierKind = {
  name: "websocket",
  enters: true,
  acks: true,

  open(opening, hooks) {
    const http = opening.enter ? `${opening.base}/sessions` : eventsUrl(opening);
    const Maker = opening.WebSocket;
    let opened = false;
    let next = 0;
    let done = false;
    let socket: WebSocket | undefined;
    let lastWords: ChatError | undefined;

    const end = (error?: ChatError): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      socket?.close();
      hooks.onClosed(error ? { opened, error } : { opened });
    };
    const timer = setTimeout(() => end(), openingTimeout);

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
        clearTimeout(timer);
        opened = true;
        next = frame.next;
        hooks.onHello(frame);
        hooks.onOpen();
        return;
      }
      lastWords = undefined;
      hooks.onEvent(next++, frame);
    };

    if (!Maker) {
      setTimeout(() => end(unreachable()), 0);
    } else {
      socket = new Maker(http.replace(/^http/, "ws"));
      socket.onopen = () => {
        if (opening.enter) socket?.send(JSON.stringify({ do: "enter", ...opening.enter }));
      };
      socket.onmessage = (message) => {
        if (!done) onFrame(String(message.data));
      };
      // 1008: the gateway has ended it (RFC 6455, 7.4.1) and said why in the frame before.
      socket.onclose = (close) => end(close.code === 1008 ? lastWords : undefined);
    }

    return {
      send(frame) {
        // 1: OPEN; the constant is not there in every environment
        if (socket?.readyState !== 1) return false;
        socket.send(frame);
        return true;
      },
      close() {
        done = true;
        clearTimeout(timer);
        socket?.close(1000);
      },
    };
  },
};
