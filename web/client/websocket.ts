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
        if (opened) hooks.onAlive(); // a frame that was refused; the commands in it stay unanswered
        else end(error);
        return;
      }
      if (frame.ev === "hello") {
        clearTimeout(timer);
        opened = true;
        next = frame.next;
        hooks.onHello(frame);
        hooks.onOpen();
        return;
      }
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
      socket.onclose = () => end();
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
