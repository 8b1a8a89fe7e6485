// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a page needs: the session that its tabs share, and the model. What keeps a session open is
// loaded by these when it is wanted; library.ts has it at once.
export * from "./environment.ts";
export * from "./failure.ts";
export * from "./link_state.ts";
export * from "./model.ts";
export * from "./networks.ts";
export * from "./pace.ts";
export type * from "./session.ts";
export { sharedNames } from "./tabs/locks.ts";
export type { SharedOptions } from "./tabs/shared_options.ts";
export { SharedSession } from "./tabs/shared_session.ts";
export type * from "./wire.ts";
