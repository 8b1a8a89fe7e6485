// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a visitor needs a moment after he can read and write: fetched in one piece as soon as a room
// is shown, so that the first view does not wait for it.
import { wear } from "./sheets.ts";
import css from "./second.css";
import "./healing.ts";
import "./members_panel.ts";
import "./storming.ts";

export { restate } from "../client/model/restate.ts";
export { readSnapshot, takeSnapshot } from "../client/model/snapshot.ts";
export { Announcer } from "./announcer.ts";
export { chordOf, keyOf, names, onKey } from "./keys.ts";
export { share } from "./share.ts";

wear(css);
