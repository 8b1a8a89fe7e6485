// SPDX-License-Identifier: GPL-3.0-or-later
//
// What importing "halley-embed" brings: <halley-room>, its attributes as properties, and what it tells the
// page. README.md says what each is for.
export interface HalleyRoom extends HTMLElement {
  network: string | null;
  room: string | null;
  roomKey: string | null; // of a room that has one
  nick: string | null;
  theme: string | null; // "light", "dark", "high"
  accent: string | null; // "#rrggbb"
  layout: string | null; // "stacked"
  height: string | null;
  gateway: string | null;
  readonly: boolean;
  members: boolean;
  consent: boolean;
  // Resolves when the visitor is in, or when the element says why not. `password` may be a token that the chat
  // server checks; `key` is the room's, where it has one.
  join(nick: string, login?: { account: string; password: string }, key?: string): Promise<void>;
}

declare global {
  interface HTMLElementTagNameMap {
    "halley-room": HalleyRoom;
  }
  interface HTMLElementEventMap {
    "halley-ready": CustomEvent<{ network: string; room: string }>;
    "halley-state": CustomEvent<{ state: "open" | "connecting" | "trouble"; text: string }>;
    "halley-unread": CustomEvent<{ unread: number; mentions: number }>;
    "halley-mention": CustomEvent<{ from: string; text: string }>;
  }
}
