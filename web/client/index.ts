// SPDX-License-Identifier: GPL-3.0-or-later
//
// The session library: what a page needs to talk through a gateway.
export * from "./carrier.ts";
export * from "./environment.ts";
export * from "./failure.ts";
export * from "./networks.ts";
export * from "./pace.ts";
export * from "./session.ts";
export * from "./wire.ts";
export * from "./model/apply.ts";
export * from "./model/conversation.ts";
export * from "./model/lines.ts";
export * from "./model/members.ts";
export * from "./model/model.ts";
export * from "./model/names.ts";
export * from "./model/snapshot.ts";
