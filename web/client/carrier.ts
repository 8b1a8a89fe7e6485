// SPDX-License-Identifier: GPL-3.0-or-later
//
// The port to the gateway: a carrier is one way of bringing a session's numbered events here. The
// session opens one at a time and knows nothing about how it works. A carrier calls its hooks until
// `onClosed`, which comes once, also after a failed opening, but not after close().
import type { ChatError } from "./failure.ts";
import type { ChatEvent, EnterRequest, Hello } from "./wire.ts";

export type WebSocketMaker = new (url: string) => WebSocket;

export interface Opening {
  base: string; // ".../chat/v1"
  enter?: EnterRequest; // a new session; only where the carrier `enters`
  session: string;
  epoch: string;
  since: number | undefined; // last number known; undefined: nothing is known
  hold: number; // ms a long poll may wait
  heartbeat: number; // ms within which a stream always brings something
  fetch: typeof fetch;
  WebSocket: WebSocketMaker | undefined;
}

export interface CarrierEnd {
  opened: boolean; // it worked before it ended
  error?: ChatError; // the gateway said no; without it: lost, or never reached
}

export interface CarrierHooks {
  onHello(hello: Hello): void;
  // The carrier works. Before the first event.
  onOpen(): void;
  onEvent(number: number, event: ChatEvent): void;
  // Something arrived that is no event: the link is alive.
  onAlive(): void;
  onClosed(end: CarrierEnd): void;
}

export interface Carrier {
  // Sends a frame to the gateway on the carrier itself; false if it is one-way.
  send(frame: string): boolean;
  close(): void;
}

export interface CarrierKind {
  readonly name: string;
  readonly enters: boolean; // can enter in its first frame, without a request before
  readonly acks: boolean; // must acknowledge what has arrived
  open(opening: Opening, hooks: CarrierHooks): Carrier;
}

export function eventsUrl(opening: Opening): string {
  const url = `${opening.base}/sessions/${encodeURIComponent(opening.session)}/events`;
  if (opening.since === undefined) return url;
  return `${url}?since=${opening.since}&epoch=${encodeURIComponent(opening.epoch)}`;
}
