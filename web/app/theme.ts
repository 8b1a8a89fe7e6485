// SPDX-License-Identifier: GPL-3.0-or-later
//
// Puts the colours of tokens.ts on the page as custom
// properties, so that a policy without inline styles holds and an embedding page can set its own.
import { nickPalette, slots } from "./colour.ts";
import { rarely } from "./rarely.ts";
import { onSettings, settings } from "./settings.ts";
import { wear } from "./sheets.ts";
import { clockWidth } from "./time.ts";
import { dashed, grounds, targetOf, themes, type Theme } from "./tokens.ts";

export { grounds, themes, type Theme } from "./tokens.ts";

let nickRules: CSSStyleSheet | undefined;
let current: Theme = "light";
const colours = new Map<string, string>();

// A colour that came with a message, made readable on this theme.
export function messageColour(hex: string): string {
  const clamped = rarely((rare) => rare.clamped, undefined);
  if (!clamped) return "";
  let known = colours.get(hex);
  if (known === undefined) {
    known = /^#[0-9a-f]{6}$/i.test(hex) ? clamped(hex, grounds(current), targetOf(current)) : "";
    if (colours.size > 500) colours.clear();
    colours.set(hex, known);
  }
  return known;
}

function paint(root: HTMLElement, theme: Theme): void {
  current = theme;
  colours.clear();
  for (const [name, value] of Object.entries(themes[theme])) {
    root.style.setProperty(`--${dashed(name)}`, value);
  }
  const nicks = settings.nickColours
    ? nickPalette(grounds(theme), targetOf(theme))
    : Array.from({ length: slots }, () => themes[theme].text2);
  nickRules = wear(nicks.map((hex, i) => `.n${i}{color:${hex}}`).join(""), nickRules);
  root.dataset.theme = theme;
  document.querySelector<HTMLMetaElement>('[name="theme-color"]')!.content = themes[theme].side;
  root.style.colorScheme = /dark/i.test(theme) ? "dark" : "light";
}

const asked = (query: string): MediaQueryList =>
  typeof matchMedia === "function"
    ? matchMedia(query)
    : ({ matches: false, addEventListener() {} } as unknown as MediaQueryList);
const darkSystem = asked("(prefers-color-scheme: dark)");
const highContrast = asked("(prefers-contrast: more)");

function chosen(): Theme {
  const { theme } = settings;
  const isDark = theme === "system" || theme === "high" ? darkSystem.matches : theme === "dark";
  if (theme === "high" || highContrast.matches) return isDark ? "highDark" : "highLight";
  return isDark ? "dark" : "light";
}

// Puts on the page how the reader wants it to look; follows the system where he leaves it to it.
export function dress(): void {
  const root = document.documentElement;
  paint(root, chosen());
  if (settings.density === "compact") void import("./compact.ts").catch(() => {});
  root.style.fontSize = `${settings.textSize}%`;
  root.style.setProperty("--clock", clockWidth());
  Object.assign(root.dataset, {
    density: settings.density,
    clock: settings.clock,
    motion: settings.calm ? "calm" : "",
  });
}

export function followSystem(onChange: () => void): void {
  const again = (): void => {
    dress();
    onChange();
  };
  darkSystem.addEventListener("change", again);
  highContrast.addEventListener("change", again);
  onSettings(again);
}
