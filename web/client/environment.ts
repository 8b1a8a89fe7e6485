// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a session needs of the world, so that it runs in a page, in Node and under a test's clock.
// Nothing else in this folder touches a global of the browser.
import type { WebSocketMaker } from "./carrier.ts";
import type { Hello, NumberedCommand } from "./wire.ts";

export interface Environment {
  fetch: typeof fetch;
  WebSocket: WebSocketMaker | undefined;
  now(): number;
  random(): number;
  // Someone looks at the page: then a silent link is worth a question.
  visible(): boolean;
  online(): boolean;
  // Calls back when the network or the page comes back or goes; returns how to stop.
  watch(onChange: () => void): () => void;
}

export function surroundings(): Environment {
  const page = globalThis as Partial<Window & typeof globalThis>;
  return {
    fetch: (input, init) => fetch(input, init),
    WebSocket: page.WebSocket as WebSocketMaker | undefined,
    now: () => Date.now(),
    random: () => Math.random(),
    visible: () => !page.document || (!page.document.hidden && page.document.hasFocus()),
    online: () => page.navigator?.onLine !== false,
    watch(onChange) {
      if (!page.addEventListener || !page.document) return () => {};
      const events = ["online", "offline", "pageshow"];
      for (const name of events) page.addEventListener(name, onChange);
      page.document.addEventListener("visibilitychange", onChange);
      return () => {
        for (const name of events) page.removeEventListener?.(name, onChange);
        page.document?.removeEventListener("visibilitychange", onChange);
      };
    },
  };
}

// What must outlive a reload to go on with the same session. In a page: sessionStorage, one entry
// for each session.
export interface StoredSession {
  hello: Hello;
  last: number | undefined; // number of the last event taken into account; undefined: none
  nextNumber: number;
  unanswered: NumberedCommand[];
}

export interface SessionStore {
  read(): StoredSession | undefined;
  write(what: StoredSession | undefined): void;
}

export function memoryStore(): SessionStore {
  let kept: StoredSession | undefined;
  return { read: () => kept, write: (what) => void (kept = what) };
}
