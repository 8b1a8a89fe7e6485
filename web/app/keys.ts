// SPDX-License-Identifier: GPL-3.0-or-later
//
// The keyboard of the whole page. What belongs to one part (the message field, a dialog) is handled
// there and stops there.
import type { App } from "./shell.ts";
import { chat, type Place } from "./chat.ts";
import { settings } from "./settings.ts";

function step(by: number, fits: (place: Place) => boolean = () => true): void {
  const all = chat.places();
  const { active } = chat;
  const at = all.findIndex((one) => one.network === active?.network && one.name === active.name);
  for (let i = 1; i <= all.length; i++) {
    const next = all[(at + by * i + all.length * i) % all.length];
    if (next && fits(next)) return chat.open(next);
  }
}

const move = (by: 1 | -1): void => void import("./sorting.ts").then(({ step }) => step(by), () => {});

function news(): void {
  const mentioned = chat.places().some((place) => chat.at(place)?.mentions);
  step(1, (place) => Boolean(mentioned ? chat.at(place)?.mentions : chat.at(place)?.unread));
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

export type Act =
  | "palette" | "previous" | "next" | "news" | "regions" | "end" | "search" | "members" | "info"
  | "sheet" | "up" | "down" | "bold" | "italic" | "code" | "reply" | "copy" | "link";

const writes = "halley-composer textarea";
const style = (sign: string) => (app: App) => {
  const composer = app.querySelector("halley-composer");
  if (composer) void import("./writing.ts").then(({ mark }) => mark(composer, sign), () => {});
};
const reads = ".row.said";
const tool = (key: string) => (app: App) => app.querySelector<HTMLElement>(`.tools [data-key="${key}"]`)?.click();

// The keys as they are at first, what each does (true: it is the browser's this time), and on what has the focus
// then, if that matters.
const acts: Record<Act, [string, (app: App) => unknown, string?]> = {
  palette: ["Ctrl+K", (app) => app.openDialog("palette")],
  previous: ["Alt+ArrowUp", () => step(-1)],
  next: ["Alt+ArrowDown", () => step(1)],
  news: ["Alt+A", news],
  up: ["Alt+Shift+ArrowUp", () => move(-1)],
  down: ["Alt+Shift+ArrowDown", () => move(1)],
  regions: ["F6", (app) => cycle(app, false)],
  end: ["Ctrl+Shift+End", (app) => app.querySelector("halley-log")?.toEnd()],
  search: ["Ctrl+F", (app) => app.querySelector(".search") !== null || app.togglePanel("search")],
  members: ["Alt+M", (app) => app.togglePanel("members")],
  info: ["Alt+I", (app) => app.togglePanel("info")],
  bold: ["Ctrl+B", style("b"), writes],
  italic: ["Ctrl+I", style("i"), writes],
  code: ["Ctrl+E", style("e"), writes],
  reply: ["R", tool("r"), reads],
  copy: ["C", tool("c"), reads],
  link: ["L", tool("l"), reads],
  sheet: ["Ctrl+/", (app) => app.openDialog("sheet")],
};
export const names = Object.keys(acts) as Act[];

// As the reader has them; "": none.
export const keyOf = (name: Act): string => settings.keys[name] ?? acts[name][0];

// "Ctrl+Shift+End"; the command key of a Mac counts as Ctrl.
export function chordOf({ key, code, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): string {
  // With Alt a letter may write another sign.
  const name = altKey && code.startsWith("Key") ? code.slice(3) : key.length > 1 ? key : key.toUpperCase();
  const isSign = /^[^A-Z]$/.test(name); // shift is part of how it is written
  return `${ctrlKey || metaKey ? "Ctrl+" : ""}${altKey ? "Alt+" : ""}${shiftKey && !isSign ? "Shift+" : ""}${name}`;
}

export function onKey(app: App, event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || !chat.active) return;
  const { key } = event;
  const target = event.target as Element | null;
  // A dialog has its own keys; the browser closes it on Escape.
  if (target?.closest?.("dialog") || document.querySelector("dialog[open]")) return;
  if (target?.closest?.("[role=dialog]") && key !== "Escape") return;
  if (key === "Escape") {
    escape(app);
  } else {
    if (!settings.shortcuts) return;
    const chord = chordOf(event);
    const fits = (one: Act): boolean => target?.matches?.(acts[one][2] ?? "*") ?? false;
    const name = names.find((one) => keyOf(one) === chord && fits(one));
    if (name) {
      if (acts[name][1](app) === true) return;
    } else if (chord === `Shift+${keyOf("regions")}`) {
      cycle(app, true);
    } else if (chord === "?" && !isText(target)) {
      app.openDialog("sheet");
    } else {
      // Typing while reading means writing.
      if (key.length === 1 && !/^(?:Ctrl|Alt)/.test(chord) && isReading(target)) {
        app.querySelector("textarea")?.focus();
      }
      return;
    }
  }
  event.preventDefault();
}

function escape(app: App): void {
  if (app.dialog) return app.openDialog("");
  if (app.page.page !== "chat" && chat.active) return chat.open(chat.active);
  if (app.isCompact() && app.view !== "room") return app.show("room");
  // Over the messages it is a sheet, beside them a part of the page.
  if (app.width === "medium" && app.panelOpen) app.closePanel();
  app.querySelector("halley-log")?.toEnd();
  chat.seen(0);
  app.querySelector("textarea")?.focus();
}

function isText(target: Element | null): boolean {
  return Boolean(target?.closest?.("input, textarea, select"));
}

function isReading(target: Element | null): boolean {
  return target === document.body || Boolean(target?.closest?.(".log"));
}
