// SPDX-License-Identifier: GPL-3.0-or-later
//
// Arabic: its words, and how the page looks from right to left.
import { wear } from "./sheets.ts";
import css from "./right_to_left.css";

export { catalogue } from "./words/ar.ts";

wear(css);
