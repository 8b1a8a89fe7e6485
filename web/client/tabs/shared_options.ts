// SPDX-License-Identifier: GPL-3.0-or-later
//
// What somebody says who wants a session for all his tabs.
import type { SessionOptions } from "../session.ts";
import type { ChatEvent } from "../wire.ts";
import type { PagePort, ToPage } from "./messages.ts";

export interface SharedOptions extends Omit<SessionOptions, "taken" | "relays" | "carriers"> {
  // What is shared: tabs with the same name have one session. Usually the network.
  name: string;
  // "apart": each tab has a session of its own after all; what keeps one open is loaded on demand.
  tabs?: "together" | "apart";
  // Where tabs/worker.ts is, built; without it, or where there are no such workers, one of the tabs
  // does the work.
  worker?: string | URL;
  // Names of the carriers to use; all of them if left out.
  carriers?: readonly string[];
  // How everything stands, for a tab that is opened later: restate(model). Without it the gateway is
  // asked.
  present?: () => ChatEvent[] | undefined;
  // For tests: how to reach the hub.
  port?: (page: string, onMessage: (message: ToPage) => void) => PagePort;
}
