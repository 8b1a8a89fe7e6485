// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the reader has chosen. Kept in this browser, the same in all its tabs, applied at once.
import type { Conversation } from "../client/index.ts";
import { redraw } from "./frames.ts";

export type Told = "mentions" | "direct" | "all" | "none";
export type Presence = "all" | "smart" | "none";

export interface Ignored {
  network: string;
  nick: string;
  account: string; // "": known by nick alone
}

export interface Settings {
  language: string; // "": as in the browser
  theme: "system" | "light" | "dark" | "high";
  density: "normal" | "compact";
  textSize: number; // percent
  clock: "auto" | "h24" | "h12" | "none";
  seconds: boolean;
  nickColours: boolean;
  layout: "lines" | "stacked";
  calm: boolean; // no motion
  presence: Presence;
  markup: boolean;
  images: boolean; // offered, never loaded unasked
  imageHosts: string[]; // except from these
  sendKey: "enter" | "ctrl";
  suffix: string;
  textColours: boolean;
  formatBar: boolean;
  typing: boolean;
  ignored: Ignored[];
  ignoredAs: "folded" | "hidden";
  notify: Told;
  desktop: "ask" | "yes" | "no";
  sound: boolean;
  words: string[];
  quiet: [string, string] | undefined; // "22:00", "07:00"
  stay: boolean; // signed in, after the browser was closed
  alternative: string; // nick, where the first is taken; "": none
  announce: "auto" | "all" | "mentions" | "none";
  shortcuts: boolean;
  keys: Record<string, string>; // own ones, see keys.ts
  rail: boolean; // where there is less room: a list of rooms as narrow as a finger
  sidebar: number; // px wide, where there is room for it
  panel: number;
  details: boolean;
  developer: boolean;
  order: string[]; // "network/name", those that were moved; see order.ts
  unreadFirst: boolean;
  rooms: Record<string, { notify?: Told; presence?: Presence }>; // by network/room
}

export const defaults: Settings = {
  language: "",
  theme: "system",
  density: "normal",
  textSize: 100,
  clock: "auto",
  seconds: false,
  nickColours: true,
  layout: "lines",
  calm: false,
  presence: "smart",
  markup: true,
  images: true,
  imageHosts: [],
  sendKey: "enter",
  suffix: ": ",
  textColours: true,
  formatBar: false,
  typing: true,
  ignored: [],
  ignoredAs: "folded",
  notify: "mentions",
  desktop: "ask",
  sound: false,
  words: [],
  quiet: undefined,
  stay: false,
  alternative: "",
  announce: "auto",
  shortcuts: true,
  keys: {},
  rail: false,
  sidebar: 248,
  panel: 232,
  details: false,
  developer: false,
  order: [],
  unreadFirst: false,
  rooms: {},
};

const key = "halley:settings";
const listeners = new Set<() => void>();

function kept(): Partial<Settings> {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<Settings>;
  } catch {
    return {}; // storage is off, or somebody else wrote there
  }
}

export const settings: Settings = { ...defaults, ...kept() };

export function onSettings(listener: () => void): void {
  listeners.add(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
  redraw();
}

export function change(part: Partial<Settings>): void {
  Object.assign(settings, part);
  const changed = Object.entries(settings).filter(
    ([name, value]) => value !== defaults[name as keyof Settings],
  );
  try {
    localStorage.setItem(key, JSON.stringify(Object.fromEntries(changed)));
  } catch {
    // Full or off: as chosen until the page goes away.
  }
  tell();
}

// Chosen in another tab.
globalThis.addEventListener?.("storage", (event: StorageEvent) => {
  if (event.key !== key) return;
  Object.assign(settings, defaults, kept());
  tell();
});

export function ofRoom(network: string, room: string): { notify: Told; presence: Presence } {
  const own = settings.rooms[`${network}/${room}`];
  return { notify: own?.notify ?? settings.notify, presence: own?.presence ?? settings.presence };
}

export function isIgnored(network: string, where: Conversation, nick: string): boolean {
  if (!settings.ignored.length) return false;
  const account = where.members.find(nick)?.account ?? "";
  return settings.ignored.some(
    (one) =>
      one.network === network &&
      (one.account && account
        ? one.account === account
        : one.nick.toLowerCase() === nick.toLowerCase()),
  );
}
