// SPDX-License-Identifier: GPL-3.0-or-later
//
// Times as people read them, in the reader's zone, language and clock. Formatting a date is slow, so
// each is made once and kept.
import { settings } from "./settings.ts";
import { locale } from "./words.ts";

interface Formats {
  made: string; // what they were made for
  clock: Intl.DateTimeFormat;
  day: Intl.DateTimeFormat;
  full: Intl.DateTimeFormat;
  span: number; // ms that share one clock time
}

let formats: Formats | undefined;
const known = new Map<number, string>();

function current(): Formats {
  const { clock, seconds } = settings;
  const made = `${locale} ${clock} ${seconds}`;
  if (formats?.made === made) return formats;
  known.clear();
  const cycle = clock === "h12" ? { hour12: true } : clock === "h24" ? { hour12: false } : {};
  const small = { hour: "2-digit", minute: "2-digit", ...cycle } as const;
  formats = {
    made,
    clock: new Intl.DateTimeFormat(locale, seconds ? { ...small, second: "2-digit" } : small),
    day: new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" }),
    full: new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium", ...cycle }),
    span: seconds ? 1000 : 60000,
  };
  return formats;
}

export function clockTime(at: number): string {
  const { clock, span } = current();
  const moment = Math.floor(at / span);
  let text = known.get(moment);
  if (text === undefined) {
    text = clock.format(at);
    if (known.size > 5000) known.clear();
    known.set(moment, text);
  }
  return text;
}

export const dayName = (at: number): string => current().day.format(at);
export const fullTime = (at: number): string => current().full.format(at);
export const isoTime = (at: number): string => new Date(at).toISOString();

// What the column of times has to hold: twelve-hour clocks and seconds are wider.
export function clockWidth(): string {
  const { clock } = current();
  if (settings.clock === "none") return "0px";
  const isLong = clock.resolvedOptions().hour12 === true;
  const width = (isLong ? 4 : 2.75) + (settings.seconds ? 1.25 : 0);
  return `${width}rem`;
}
