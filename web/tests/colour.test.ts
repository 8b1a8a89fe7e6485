// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { contrast, nickPalette, slotOf } from "../app/colour.ts";
import { clamped } from "../app/colour_clamp.ts";
import { grounds, themes, type Theme } from "../app/theme.ts";

for (const theme of Object.keys(themes) as Theme[]) {
  test(`all nick colours of the ${theme} theme can be read on every background`, () => {
    const target = theme.startsWith("high") ? 7 : 4.5;
    for (const colour of nickPalette(grounds(theme), target)) {
      for (const ground of grounds(theme)) assert.ok(contrast(colour, ground) >= target, colour);
    }
  });

  test(`text, links, states and badges of the ${theme} theme can be read`, () => {
    const token = themes[theme];
    const target = theme.startsWith("high") ? 7 : 4.5;
    for (const name of ["text", "text2", "muted", "link", "danger", "warning", "ok"] as const) {
      for (const ground of [...grounds(theme), token.selected]) {
        assert.ok(contrast(token[name], ground) >= target, `${name} on ${ground}`);
      }
    }
    assert.ok(contrast(token.onAccent, token.accent) >= target);
    assert.ok(contrast(token.onBadge, token.badge) >= target);
    assert.ok(contrast(token.control, token.canvas) >= 3);
  });
}

test("the light and the dark palette are those that were designed", () => {
  const near = (a: string, b: string): boolean =>
    [1, 3, 5].every((i) => Math.abs(parseInt(a.slice(i, i + 2), 16) - parseInt(b.slice(i, i + 2), 16)) <= 3);
  const light = nickPalette(grounds("light"), 4.5);
  const dark = nickPalette(grounds("dark"), 4.5);
  assert.ok(near(light[0]!, "#b5466f"), light[0]);
  assert.ok(near(light[12]!, "#057b6c"), light[12]);
  assert.ok(near(light[19]!, "#6a5fc3"), light[19]);
  assert.ok(near(dark[0]!, "#e47098"), dark[0]);
  assert.ok(near(dark[17]!, "#5098f0"), dark[17]);
});

test("a nick keeps its colour with a tail of underscores or an away suffix", () => {
  assert.equal(slotOf("ada_"), slotOf("ada"));
  assert.equal(slotOf("Ada|away"), slotOf("ada"));
  assert.ok(new Set(["ada", "bo", "cy", "di", "eve", "fay"].map(slotOf)).size >= 4);
});

test("a colour that cannot be read is moved, one that can is left alone", () => {
  assert.equal(clamped("#000000", ["#ffffff"], 4.5), "#000000");
  assert.ok(contrast(clamped("#ffff00", ["#ffffff"], 4.5), "#ffffff") >= 4.5);
  assert.ok(contrast(clamped("#00007f", ["#15171b"], 4.5), "#15171b") >= 4.5);
});
