// SPDX-License-Identifier: GPL-3.0-or-later
//
// The colours of each theme, by what they are for. Pure.

interface Tokens {
  canvas: string;
  side: string;
  hover: string;
  selected: string;
  mention: string;
  mentionBar: string;
  text: string;
  text2: string;
  muted: string;
  link: string;
  accent: string;
  onAccent: string;
  danger: string;
  warning: string;
  ok: string;
  badge: string;
  onBadge: string;
  control: string;
  divider: string;
}

function tokens(list: string): Tokens {
  const names = [
    "canvas", "side", "hover", "selected", "mention", "mentionBar", "text", "text2", "muted",
    "link", "accent", "onAccent", "danger", "warning", "ok", "badge", "onBadge", "control",
    "divider",
  ];
  const values = list.split(" ").map((hex) => `#${hex}`);
  return Object.fromEntries(names.map((name, i) => [name, values[i]])) as unknown as Tokens;
}

export const themes = {
  light: tokens(
    "ffffff f4f5f7 f0f2f5 dfe8fa fff3d1 b86e00 16191f 454c5a 5b6372 " +
      "1650b8 1b5bcb ffffff b3261e 7a4a00 17653a b3261e ffffff 767e8c d6dae1",
  ),
  dark: tokens(
    "15171b 0f1114 1e2127 22304d 382c10 e0a030 e8eaee bcc2cc 9ca3b0 " +
      "93b7ff 84adff 0a1938 ff8f85 f3bd5e 70d29a ff8f85 2b0502 7f8795 2d323b",
  ),
  highLight: tokens(
    "ffffff ffffff f2f2f2 d9e6ff fff0b8 7a4a00 000000 1a1a1a 333333 " +
      "003a9e 003a9e ffffff 8a0010 5c3700 00481f 8a0010 ffffff 000000 000000",
  ),
  highDark: tokens(
    "000000 000000 141414 1a2a4a 2e2600 ffe14d ffffff f0f0f0 d6d6d6 " +
      "a9d1ff ffe14d 000000 ffb3ac ffd98a 9ff0bf ffe14d 000000 ffffff ffffff",
  ),
};
export type Theme = keyof typeof themes;

// What a nick or a coloured word may stand on.
export function grounds(theme: Theme): string[] {
  const { canvas, side, hover, mention } = themes[theme];
  return [canvas, side, hover, mention];
}

export function targetOf(theme: Theme): number {
  return theme.startsWith("high") ? 7 : 4.5;
}

export const dashed = (name: string): string => name.replace(/[A-Z2]/g, (c) => `-${c.toLowerCase()}`);
