// SPDX-License-Identifier: GPL-3.0-or-later
//
// Colours that can be read: a hue keeps its tone and moves its lightness until it stands out enough
// from every background it may meet. OKLCH after Bjorn Ottosson, contrast after WCAG 2. Nicks get
// one of 24 hues by their name. Colours that came with a message: colour_clamp.ts.

export type Triple = [number, number, number];

export function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}
function encoded(channel: number): number {
  return channel <= 0.0031308 ? channel * 12.92 : 1.055 * channel ** (1 / 2.4) - 0.055;
}

export function parse(hex: string): Triple {
  const n = parseInt(hex.slice(1), 16);
  return [(n >> 16) & 255, (n >> 8) & 255, n & 255].map((c) => c / 255) as Triple;
}
function print(rgb: Triple): string {
  const byte = (c: number): number => Math.round(Math.min(1, Math.max(0, c)) * 255);
  return `#${rgb.map((c) => byte(c).toString(16).padStart(2, "0")).join("")}`;
}

function luminance(rgb: Triple): number {
  const [r, g, b] = rgb.map(linear) as Triple;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(a: string, b: string): number {
  const x = luminance(parse(a));
  const y = luminance(parse(b));
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

// OKLCH to sRGB, not clipped: components outside 0..1 are outside the gamut.
function fromLch(l: number, c: number, hue: number): Triple {
  const a = c * Math.cos((hue * Math.PI) / 180);
  const b = c * Math.sin((hue * Math.PI) / 180);
  const x = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const y = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const z = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z,
    -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
    -0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z,
  ].map((v) => (v < 0 ? v : encoded(v))) as Triple;
}

const fits = (rgb: Triple): boolean => rgb.every((v) => v >= -0.0005 && v <= 1.0005);

// The colour itself, or the same hue and lightness with as much chroma as the screen can show.
function inGamut(l: number, c: number, hue: number): string {
  const whole = fromLch(l, c, hue);
  if (fits(whole)) return print(whole);
  // In steps, not to its very edge: there, one component vanishes.
  const steps = 75;
  let low = 0;
  let high = steps;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (fits(fromLch(l, (c * middle) / steps, hue))) low = middle;
    else high = middle;
  }
  return print(fromLch(l, (c * low) / steps, hue));
}

export const worst = (hex: string, grounds: readonly string[]): number =>
  Math.min(...grounds.map((ground) => contrast(hex, ground)));

// The lightness nearest to the middle of the scale that still reaches the target on all grounds.
export function readable(c: number, hue: number, grounds: readonly string[], target: number): string {
  const dark = luminance(parse(grounds[0] as string)) < 0.18;
  let low = 0;
  let high = 1;
  for (let i = 0; i < 12; i++) {
    const middle = (low + high) / 2;
    const enough = worst(inGamut(middle, c, hue), grounds) >= target;
    if (enough === dark) high = middle;
    else low = middle;
  }
  return inGamut(dark ? high : low, c, hue);
}

export const slots = 24;

export function nickPalette(grounds: readonly string[], target: number): string[] {
  return Array.from({ length: slots }, (_, i) => readable(0.15, i * 15, grounds, target + 0.1));
}

// So that ada_, Ada and ada|away keep ada's colour.
export function colourName(nick: string): string {
  const bare = nick.normalize("NFC").toLowerCase().replace(/\|.*$/, "").replace(/[_\-^`]+$/, "");
  return bare || nick.toLowerCase();
}

const known = new Map<string, number>();

export function slotOf(nick: string): number {
  let slot = known.get(nick);
  if (slot === undefined) {
    let h = 0x811c9dc5; // FNV-1a
    for (const byte of new TextEncoder().encode(colourName(nick))) {
      h = Math.imul(h ^ byte, 0x01000193);
    }
    h ^= h >>> 16;
    slot = (h >>> 0) % slots;
    if (known.size > 20000) known.clear();
    known.set(nick, slot);
  }
  return slot;
}
