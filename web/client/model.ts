// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is known of a network's rooms, people and lines, changed by one event at a time.
export * from "./healer.ts";
export * from "./model/apply.ts";
export * from "./model/conversation.ts";
export * from "./model/gaps.ts";
export * from "./model/lines.ts";
export * from "./model/members.ts";
export * from "./model/model.ts";
export * from "./model/names.ts";
export * from "./model/reading.ts";
export * from "./model/restate.ts";
export * from "./model/said.ts";
export * from "./model/snapshot.ts";
