// SPDX-License-Identifier: GPL-3.0-or-later
//
// The icon of the tab: with a dot for anything unread. It comes with the script: a request less.
import svg from "./favicon.svg";

const address = (text: string): string => `data:image/svg+xml,${encodeURIComponent(text)}`;
export const plainIcon = address(svg);
const dot = '<circle cx="25" cy="7" r="7" fill="#d3302f" stroke="#fff" stroke-width="2"/></svg>';

export function markIcon(isNews: boolean): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const icon = isNews ? address(svg.replace("</svg>", dot)) : plainIcon;
  if (link && link.href !== icon) link.href = icon;
}
