// SPDX-License-Identifier: GPL-3.0-or-later
//
// Times in one language; making a format is slow, so each element has its own made once.
export interface Times {
  clock(at: number): string;
  day(at: number): string;
  readonly isLong: boolean; // with AM and PM
}

export function timesIn(tag: string): Times {
  const clock = new Intl.DateTimeFormat(tag, { hour: "2-digit", minute: "2-digit" });
  const day = new Intl.DateTimeFormat(tag, { weekday: "long", day: "numeric", month: "long" });
  const known = new Map<number, string>();
  return {
    clock(at) {
      const minute = Math.floor(at / 60000);
      const text = known.get(minute) ?? clock.format(at);
      if (known.size > 2000) known.clear();
      known.set(minute, text);
      return text;
    },
    day: (at) => day.format(at),
    isLong: clock.resolvedOptions().hour12 === true,
  };
}
