// SPDX-License-Identifier: GPL-3.0-or-later
//
// The port to the gateway: a carrier is one way of bringing a session's numbered events here. The
// link opens one at a time and knows nothing about how it works. A carrier calls its hooks until
// `onClosed`, which comes once, also after a failed opening, but not after close().
import type { Environment } from "./environment.ts";
import type { ChatError } from "./failure.ts";
import { sessionUrl, type Requests } from "./requests.ts";
import type { ChatEvent, EnterRequest, Hello } from "./wire.ts";

export interface Opening {
  base: string; // ".../chat/v1"
  enter?: EnterRequest; // a new session; only where the carrier `enters`
  session: string;
  epoch: string;
  reader: string; // whose cursor `since` is; "": the nameless one
  since: number | undefined; // last number known; undefined: nothing is known
  hold: number; // ms a long poll may wait
  heartbeat: number; // ms within which a stream always brings something
  asks: { hold?: number; heartbeat?: number }; // shorter ones than the gateway's own
  world: Environment;
}

export interface CarrierEnd {
  opened: boolean; // it worked before it ended
  error?: ChatError; // the gateway said no; without it: lost, or never reached
  recycled?: boolean; // a planned end: come again with your cursor
}

export interface CarrierHooks {
  onHello(hello: Hello): void;
  // The carrier works. Before the first event.
  onOpen(): void;
  onEvent(number: number, event: ChatEvent): void;
  // Something arrived that is no event: the link is alive.
  onAlive(): void;
  onClosed(end: CarrierEnd): void;
  // Resolves when the events given so far are in safe hands: asking for what comes after them lets
  // the gateway forget them.
  taken?(): Promise<void> | undefined;
}

export interface Carrier {
  // Sends a frame to the gateway on the carrier itself; false if it is one-way.
  send(frame: string): boolean;
  close(): void;
}

export type Opener = (opening: Opening, hooks: CarrierHooks) => Carrier;

export interface CarrierKind {
  readonly name: string;
  readonly enters: boolean; // can enter in its first frame, without a request before
  readonly acks: boolean; // must acknowledge what has arrived
  readonly polls: boolean; // its life is one request after the other, cut off by `hold`
  // What it needs is there: a WebSocket class, a document.
  isPossible(world: Environment): boolean;
  // Loads its code, if it has not come with the page.
  prepare?(): void;
  // How what goes to the gateway gets there when the carrier is one-way. Left out: by POST.
  requests?(world: Environment): Promise<Requests>;
  open: Opener;
}

// A carrier that does not open within this is taken for blocked: a proxy that swallows it never says
// so, and one that buffers it shows nothing.
export const openingTimeout = 6000;

export function eventsUrl(opening: Opening, more: Record<string, string> = {}): string {
  const { base, session, since, epoch, reader, asks } = opening;
  const query = new URLSearchParams(more);
  if (since !== undefined) {
    query.set("since", `${since}`);
    query.set("epoch", epoch);
  }
  if (reader) query.set("reader", reader);
  if (asks.hold) query.set("hold", `${asks.hold}`);
  if (asks.heartbeat) query.set("heartbeat", `${asks.heartbeat}`);
  const text = `${query}`;
  return `${sessionUrl(base, session)}/events${text && `?${text}`}`;
}
