// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the line about the connection says.
import type { TemplateResult } from "lit/html.js";

export type Action = [label: string, act: () => void];

export interface Notice {
  text: string;
  spoken?: string; // instead of a text that changes by the second
  tone: "calm" | "warning" | "danger";
  details?: string;
  actions?: Action[];
  field?: TemplateResult; // in place of them
  now?: boolean; // said at once
  isStandIn?: boolean; // its own words are on their way: said if they do not come
}
