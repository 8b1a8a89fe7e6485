// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long to wait before the next try: 0.5, 1, 2, 4, 8, then 15 s, each 20 % more or less, so that
// a thousand pages do not come back in the same instant.
const steps = [500, 1000, 2000, 4000, 8000, 15000];

export function waitBefore(attempt: number, random: number): number {
  const step = steps[Math.min(attempt, steps.length - 1)] as number;
  return Math.round(step * (0.8 + 0.4 * random));
}
