// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a dense page looks: comes with the wish for it.
import { wear } from "./sheets.ts";
import css from "./compact.css";

wear(css);
