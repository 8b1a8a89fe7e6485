// SPDX-License-Identifier: GPL-3.0-or-later
//
// The keyboard of the whole page. What belongs to one part (the message field, a dialog) is handled
// there and stops there.
import type { App } from "./app.ts";
import { chat, type Place } from "./chat.ts";

function step(by: number, fits: (place: Place) => boolean = () => true): void {
  const all = chat.places();
  const { active } = chat;
  const at = all.findIndex((one) => one.network === active?.network && one.name === active.name);
  for (let i = 1; i <= all.length; i++) {
    const next = all[(at + by * i + all.length * i) % all.length];
    if (next && fits(next)) return chat.open(next);
  }
}

function cycle(app: App, backwards: boolean): void {
  const regions = ["nav a, nav button", ".log", "textarea", "aside input, aside [tabindex]"]
    .map((selector) => app.querySelector<HTMLElement>(selector))
    .filter((one): one is HTMLElement => one !== null && one.offsetParent !== null);
  const parts = ["nav", ".log", ".composer", "aside"].map((part) => app.querySelector(part));
  const here = parts.findIndex((part) => part?.contains(document.activeElement));
  const now = regions.findIndex((region) => parts[here]?.contains(region));
  const next = (now + (backwards ? -1 : 1) + regions.length) % regions.length;
  regions[next]?.focus();
}

export function onKey(app: App, event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || !chat.active) return;
  const { key, altKey, ctrlKey, metaKey, shiftKey } = event;
  const target = event.target as Element | null;
  // A dialog has its own keys; the browser closes it on Escape.
  if (target?.closest?.("dialog") || document.querySelector("dialog[open]")) return;
  if (target?.closest?.("[role=dialog]") && key !== "Escape") return;
  const modified = ctrlKey || metaKey;
  if (altKey && !modified && (key === "ArrowUp" || key === "ArrowDown")) {
    step(key === "ArrowUp" ? -1 : 1);
  } else if (altKey && !modified && key.toLowerCase() === "a") {
    const mentioned = chat.places().some((place) => chat.at(place)?.mentions);
    step(1, (place) => Boolean(mentioned ? chat.at(place)?.mentions : chat.at(place)?.unread));
  } else if (altKey && !modified && key.toLowerCase() === "m") {
    app.togglePanel();
  } else if (key === "F6") {
    cycle(app, shiftKey);
  } else if (modified && shiftKey && key === "End") {
    app.querySelector("halley-log")?.toEnd();
  } else if (key === "Escape") {
    if (app.adding) app.closeAdding();
    else if (app.isCompact() && app.view !== "room") app.show("room");
    else {
      app.querySelector("halley-log")?.toEnd();
      chat.seen();
      app.querySelector("textarea")?.focus();
    }
  } else if (!modified && !altKey && key.length === 1 && isReading(target)) {
    // Typing while reading means writing.
    app.querySelector("textarea")?.focus();
    return;
  } else {
    return;
  }
  event.preventDefault();
}

function isReading(target: Element | null): boolean {
  return target === document.body || Boolean(target?.closest?.(".log"));
}
