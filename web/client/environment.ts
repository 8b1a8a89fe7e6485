// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a session needs of the world, so that it runs in a page, in a worker, in Node and under a
// test's clock. Nothing else in this folder touches a global of the browser, but for the carriers
// that are made of the document, and tabs/.
import type { Whereabouts } from "./whereabouts.ts";
import type { Hello, NumberedCommand } from "./wire.ts";

export type WebSocketMaker = new (url: string) => WebSocket;

export interface Environment {
  fetch: typeof fetch;
  WebSocket: WebSocketMaker | undefined;
  XMLHttpRequest: (new () => XMLHttpRequest) | undefined;
  window: (Window & typeof globalThis) | undefined; // undefined: no document here
  now(): number;
  random(): number;
  setTimeout(then: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
  // Someone looks at the page: then a silent link is worth a question.
  visible(): boolean;
  online(): boolean;
  // Calls back when the network or the page comes back or goes; returns how to stop.
  watch(onChange: () => void): () => void;
  // A few words kept for this origin, over reloads; what cannot be kept is forgotten.
  recall(key: string): string | undefined;
  remember(key: string, text: string): void;
}

export function surroundings(): Environment {
  const page = globalThis as Partial<Window & typeof globalThis>;
  const { document } = page;
  return {
    fetch: (input, init) => fetch(input, init),
    WebSocket: page.WebSocket as WebSocketMaker | undefined,
    XMLHttpRequest: page.XMLHttpRequest,
    window: document ? (page as Window & typeof globalThis) : undefined,
    now: () => Date.now(),
    random: () => Math.random(),
    setTimeout: (then, ms) => setTimeout(then, ms),
    clearTimeout: (timer) => clearTimeout(timer as number),
    visible: () => !document || (!document.hidden && document.hasFocus()),
    online: () => page.navigator?.onLine !== false,
    watch(onChange) {
      if (!page.addEventListener) return () => {};
      const stop = new AbortController();
      for (const name of ["online", "offline", "pageshow", "focus", "visibilitychange"]) {
        page.addEventListener(name, onChange, stop);
      }
      return () => stop.abort();
    },
    recall(key) {
      try {
        return page.localStorage?.getItem(key) ?? undefined;
      } catch {
        return undefined; // switched off
      }
    },
    remember(key, text) {
      try {
        page.localStorage?.setItem(key, text);
      } catch {
        // full or switched off: learnt again next time
      }
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
  reader?: string;
  slot?: number; // whose command numbers these are, where several write to one session
  whereabouts?: Whereabouts; // to enter again when the gateway has lost the session
}

export interface SessionStore {
  read(): StoredSession | undefined;
  write(what: StoredSession | undefined): void;
}

export function memoryStore(): SessionStore {
  let kept: StoredSession | undefined;
  return { read: () => kept, write: (what) => void (kept = what) };
}
