// SPDX-License-Identifier: GPL-3.0-or-later
//
// What there is to do for each event that changes the model. `now` stands in where an event has no time of its
// own. Types only.
import type { ChatEvent, Hello } from "../wire.ts";
import type { NetworkModel } from "./model.ts";

type Of<Name extends ChatEvent["ev"]> = Extract<ChatEvent, { ev: Name }>;
// For programs; and what reading.ts heeds.
type Shown = Exclude<ChatEvent["ev"], "data" | "data_lost" | "read" | "waiting">;

export type Handlers = {
  [Name in Shown]: (model: NetworkModel, event: Of<Name>, now: number) => void;
} & { hello: (model: NetworkModel, event: Hello, now: number) => void };
