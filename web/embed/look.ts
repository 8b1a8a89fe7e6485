// SPDX-License-Identifier: GPL-3.0-or-later
//
// How an embedded room looks: the colours of a theme, each of which the host page may change by a custom
// property (--halley-canvas), and what follows from them. Set as properties, which no policy forbids.
import { contrast, nickPalette } from "../app/colour.ts";
import { clamped } from "../app/colour_clamp.ts";
import { dashed, grounds, targetOf, themes, type Theme } from "../app/tokens.ts";

const asked = (query: string): MediaQueryList => matchMedia(query);
const dark = asked("(prefers-color-scheme: dark)");
const contrasted = asked("(prefers-contrast: more)");

// Calls back when the reader's system changes; returns how to stop.
export function onSystem(change: () => void): () => void {
  for (const query of [dark, contrasted]) query.addEventListener("change", change);
  return () => {
    for (const query of [dark, contrasted]) query.removeEventListener("change", change);
  };
}

export function themeOf(choice: string): Theme {
  const isDark = choice === "dark" || (choice !== "light" && dark.matches);
  if (choice === "high" || contrasted.matches) return isDark ? "highDark" : "highLight";
  return isDark ? "dark" : "light";
}

// As the browser sees it, whatever way the host page wrote it; undefined for what is no plain colour.
function resolved(probe: HTMLElement, name: string): string | undefined {
  probe.style.color = `var(--${name})`;
  const parts = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(getComputedStyle(probe).color);
  if (!parts) return undefined;
  return `#${parts.slice(1).map((one) => Number(one).toString(16).padStart(2, "0")).join("")}`;
}

// `accent`: a colour as #rrggbb, made readable on this theme.
export function dress(root: HTMLElement, probe: HTMLElement, choice: string, accent: string): void {
  const theme = themeOf(choice);
  const { style } = root;
  for (const [name, value] of Object.entries(themes[theme])) {
    style.setProperty(`--${dashed(name)}`, `var(--halley-${dashed(name)}, ${value})`);
  }
  style.colorScheme = /dark/i.test(theme) ? "dark" : "light";
  const seen = ["canvas", "side", "hover", "mention"].map((name) => resolved(probe, name));
  const on = seen.every((one) => one) ? (seen as string[]) : grounds(theme);
  if (/^#[0-9a-f]{6}$/i.test(accent)) {
    const readable = clamped(accent, on.slice(0, 2), targetOf(theme));
    const isLight = contrast(readable, "#ffffff") < contrast(readable, "#000000");
    style.setProperty("--accent", readable);
    style.setProperty("--on-accent", isLight ? "#000000" : "#ffffff");
  }
  nickPalette(on, targetOf(theme)).forEach((hex, i) => style.setProperty(`--n${i}`, hex));
}
