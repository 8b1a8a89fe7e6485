// SPDX-License-Identifier: GPL-3.0-or-later
//
// Columns at the sides as wide as the reader draws them, by the edge towards the middle; the settings
// have a slider for each, for whoever does not draw.
import type { App } from "./shell.ts";
import { change } from "./settings.ts";

export const widths = { sidebar: [200, 360], panel: [184, 360] } as const; // px
const near = 6; // px from the edge

// With the pointer down somewhere in the page, and what it pressed: follows it if that was an edge.
export function drag(app: App, event: PointerEvent): void {
  const column = (event.target as Element).closest<HTMLElement>(".sidebar, .panel");
  if (!column || !app.isWide()) return;
  const name = column.matches(".panel") ? "panel" : "sidebar";
  const { left, right } = column.getBoundingClientRect();
  const isLeft = (name === "sidebar") === (document.documentElement.dir !== "rtl");
  if (Math.abs(event.clientX - (isLeft ? right : left)) > near) return;
  const [least, most] = widths[name];
  const follow = ({ clientX }: PointerEvent): void => {
    const width = Math.round(isLeft ? clientX - left : right - clientX);
    change({ [name]: Math.min(most, Math.max(least, width)) });
  };
  const stop = new AbortController();
  addEventListener("pointermove", follow, stop);
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => stop.abort(), stop);
}
