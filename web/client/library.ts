// SPDX-License-Identifier: GPL-3.0-or-later
//
// The session library, as the package gives it out. What is known of rooms and people is beside it,
// in model.ts.
export type * from "./carrier.ts";
export { allCarriers } from "./carriers/all.ts";
export * from "./environment.ts";
export * from "./failure.ts";
export * from "./link_state.ts";
export { networks } from "./networks.ts";
export * from "./session.ts";
export { sharedNames } from "./tabs/locks.ts";
export type { SharedOptions } from "./tabs/shared_options.ts";
export { SharedSession } from "./tabs/shared_session.ts";
export type * from "./wire.ts";
