// SPDX-License-Identifier: GPL-3.0-or-later
//
// The list of rooms as a rail, where the reader wants it.
import { wear } from "./sheets.ts";
import css from "./rail.css";

wear(css);
