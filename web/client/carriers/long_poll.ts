// SPDX-License-Identifier: GPL-3.0-or-later
//
// Long polling: one request after the other, each answered with what came, or empty after `hold`. The
// first is answered at once, so that it is soon known whether this works.
import type { Opener } from "../carrier.ts";
import { answerWithin, fetchPage, overPages } from "./pages.ts";

export const open: Opener = (opening, hooks) =>
  overPages(opening, hooks, async (since, course) => {
    const within = opening.hold + answerWithin;
    const page = await fetchPage({ ...opening, since }, course, within, !course.opened);
    return { ...page, again: 0 };
  });
