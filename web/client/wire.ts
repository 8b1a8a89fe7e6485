// SPDX-License-Identifier: GPL-3.0-or-later
//
// The words of the chat dialect, version 1, as gateway/dialects/README.md defines them. Types only.
// A reader ignores fields and events it does not know.

export type * from "./wire/commands.ts";
export type * from "./wire/events.ts";
export type * from "./wire/nouns.ts";
