// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the pages of one browser and the hub between them and the gateway say to each other. Plain
// values: they are copied on the way. Every page numbers its commands itself, in a slot of its own
// (numbers.ts), so that the hub hands everything on as it is.
import type { StoredSession } from "../environment.ts";
import type { LinkState } from "../link_state.ts";
import type { ChatEvent, EnterRequest, Failure, Hello, NumberedCommand } from "../wire.ts";

export type ToHub = { page: string } & (
  | { do: "enter"; request: EnterRequest }
  | { do: "adopt"; hello: Hello }
  | { do: "attach"; session: string }
  // The page wants to take part. `stored`: how to go on if there is no session here yet.
  | { do: "join"; epoch: string; last: number | undefined; stored: StoredSession | undefined }
  | { do: "command"; command: NumberedCommand }
  | { do: "taken"; number: number } // events up to here are in the page
  | { do: "restated"; for: string; last: number; events: ChatEvent[] }
  | { do: "wake"; visible: boolean }
  | { do: "recall"; key: string; text: string | undefined }
  | { do: "try_now" }
  | { do: "leave"; reason: string }
  | { do: "bye" } // the page goes; the session stays for the others
);

// Errors do not survive copying with all they know.
export type PlainState = Omit<LinkState, "error"> & { error: Failure | undefined };

export type ToPage = { to?: string } & ( // left out: to all
  | { is: "led" } // there is a new hub: join again
  | { is: "welcome"; state: PlainState; hello: Hello; isFresh: boolean; since: number; events: Numbered[] }
  | { is: "nobody" } // no session here, and nothing to go on with
  | { is: "state"; state: PlainState }
  | { is: "hello"; hello: Hello }
  | { is: "events"; events: Numbered[] }
  | { is: "refused"; error: Failure } // of enter
  | { is: "restate"; for: string } // tell somebody new how everything stands
  | { is: "pages"; count: number }
  | { is: "remember"; key: string; text: string }
);

export type Numbered = { number: number | undefined; event: ChatEvent };

// One end of the way between a page and the hub.
export interface Port<Out, In> {
  post(message: Out): void;
  onMessage: (message: In) => void;
  close(): void;
}
export type PagePort = Port<ToHub, ToPage>;
