// SPDX-License-Identifier: GPL-3.0-or-later
//
// A session as pages see it: ChatSession has one for itself, SharedSession with other tabs.
import type { CarrierKind } from "./carrier.ts";
import type { Environment, SessionStore } from "./environment.ts";
import type { LinkState } from "./link_state.ts";
import type { ChatEvent, Command, EnterRequest, Hello, NumberedCommand, ResultEvent } from "./wire.ts";

export interface SentCommand {
  n: number;
  result: Promise<ResultEvent>;
}

// What a page sees, whether the session is its own or shared with other tabs.
export interface Session {
  readonly state: LinkState;
  readonly hello: Hello | undefined;
  // A new session. Resolves with the gateway's hello; the network's answer follows as events.
  enter(request: EnterRequest): Promise<Hello>;
  // Goes on with a session whose hello came with the page: somebody asked for it on the server.
  adopt(hello: Hello): void;
  // Reads and writes a session of another browser, by its token, as another reader.
  attach(session: string): void;
  // Goes on with the stored session; false if there is none. With `known` false the present state
  // is asked for instead of what was missed.
  resume(known?: boolean): boolean;
  // Sends a command, now or as soon as there is a connection. The result comes from the gateway's
  // `result` event; it rejects only if the session ends first.
  do(command: Command): SentCommand;
  // The result of a command sent before a reload, if it is still unanswered.
  resultOf(n: number): Promise<ResultEvent>;
  pending(): readonly NumberedCommand[];
  tryNow(): void;
  // Leaves the network at once. The page may go away right after.
  leave(reason?: string): void;
  // Stops without leaving: the session waits out its grace time for another reader.
  pause(): void;
  // Writes cursor and unanswered commands to the store; also done at each command and ack.
  save(): void;
}

export interface SessionOptions {
  base: string; // ".../chat/v1"
  store?: SessionStore;
  carriers?: readonly CarrierKind[];
  environment?: Environment;
  // A session that the gateway has lost is entered again with the rooms it was in; default: yes.
  returns?: boolean;
  onEvent?: (event: ChatEvent | Hello, number?: number) => void;
  onState?: (state: LinkState) => void;
  // See CarrierHooks.
  taken?: () => Promise<void> | undefined;
  // Several pages speak through this session, with numbers of their own: all answers are handed on.
  relays?: boolean;
}
