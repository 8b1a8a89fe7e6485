// SPDX-License-Identifier: GPL-3.0-or-later
//
// How things stand between here and the gateway, in terms that can be shown to people.
import type { ChatError } from "./failure.ts";

export interface LinkState {
  phase: "idle" | "connecting" | "open" | "waiting" | "over";
  attempt: number; // failed tries in a row
  retryAt: number | undefined; // waiting: when the next try is due
  quiet: boolean; // open, but nothing has come for a while
  offline: boolean; // the device has no network
  carrier: string | undefined;
  error: ChatError | undefined; // over: why
  comeBack: boolean; // over: a new session may be asked for
}

export const idle: LinkState = {
  phase: "idle",
  attempt: 0,
  retryAt: undefined,
  quiet: false,
  offline: false,
  carrier: undefined,
  error: undefined,
  comeBack: false,
};
