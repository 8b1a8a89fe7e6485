// SPDX-License-Identifier: GPL-3.0-or-later
//
// Colours that came with a message: the same hue, as light or dark as it takes to be read here.
import { linear, parse, readable, worst, type Triple } from "./colour.ts";

function toLch(hex: string): Triple {
  const [r, g, b] = parse(hex).map(linear) as Triple;
  const x = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const y = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const z = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const u = 1.9779984951 * x - 2.428592205 * y + 0.4505937099 * z;
  const v = 0.0259040371 * x + 0.7827717662 * y - 0.808675766 * z;
  const l = 0.2104542553 * x + 0.793617785 * y - 0.0040720468 * z;
  return [l, Math.hypot(u, v), (Math.atan2(v, u) * 180) / Math.PI];
}

export function clamped(hex: string, grounds: readonly string[], target: number): string {
  if (worst(hex, grounds) >= target) return hex;
  const [, c, hue] = toLch(hex);
  return readable(c, hue, grounds, target);
}
