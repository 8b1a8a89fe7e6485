// SPDX-License-Identifier: GPL-3.0-or-later
//
// Plain polling: every question is answered at once, and the gateway says when to ask again. For
// networks that cut whatever takes long.
import { openingTimeout, type Opener } from "../carrier.ts";
import { fetchPage, overPages } from "./pages.ts";

export const open: Opener = (opening, hooks) =>
  overPages(opening, hooks, (since, course) =>
    fetchPage({ ...opening, since }, course, 2 * openingTimeout, true),
  );
