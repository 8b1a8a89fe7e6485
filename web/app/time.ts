// SPDX-License-Identifier: GPL-3.0-or-later
//
// Times as people read them, in the reader's zone. Formatting a date is slow, so one is made for
// each minute and kept.
import { words } from "./words.ts";

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(words.locale, {
  weekday: "long",
  day: "numeric",
  month: "long",
});
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const minutes = new Map<number, string>();

export function clockTime(at: number): string {
  const minute = Math.floor(at / 60000);
  let known = minutes.get(minute);
  if (known === undefined) {
    known = clock.format(at);
    if (minutes.size > 5000) minutes.clear();
    minutes.set(minute, known);
  }
  return known;
}

export const dayName = (at: number): string => day.format(at);
export const fullTime = (at: number): string => full.format(at);
export const isoTime = (at: number): string => new Date(at).toISOString();

// Twelve-hour clocks need a wider column.
export const isTwelveHours = clock.resolvedOptions().hour12 === true;
