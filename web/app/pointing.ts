// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pointing at a message, by mouse, finger, focus or key. What can be done with one is fetched when
// somebody points at the first of them.
import type { TemplateResult } from "lit/html.js";
import type { Log } from "./shell.ts";

type Tools = typeof import("./tools.ts");
let tools: Tools | undefined;

export function point(log: Log, event: Event): void {
  const isKey = event instanceof KeyboardEvent;
  const act = (there: Tools): void => {
    if (isKey) there.onLogKey(log, event);
    else there.point(log, event);
  };
  if (tools) return act(tools);
  if (isKey && !/^(?:Arrow(?:Up|Down)|Home|End)$/.test(event.key)) return;
  if (isKey) event.preventDefault();
  void import("./tools.ts").then((module) => act((tools = module)), () => {});
}

export const toolsAt = (log: Log): TemplateResult | symbol | undefined => tools?.toolsOf(log);

export const leaveMessage = (log: Log): void => tools?.leave(log);
