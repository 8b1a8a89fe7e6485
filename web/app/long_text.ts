// SPDX-License-Identifier: GPL-3.0-or-later
//
// Texts that are too long for one command, whatever the network does with long ones.

const mostBytes = 15000; // of one command, which has a limit of its own; longer texts become several
const encoder = new TextEncoder();

export function inParts(text: string): string[] {
  const parts: string[] = [];
  let rest = text;
  while (encoder.encode(rest).length > mostBytes) {
    // A code point needs at most three bytes for each UTF-16 unit.
    let cut = mostBytes / 3;
    const space = Math.max(rest.lastIndexOf(" ", cut), rest.lastIndexOf("\n", cut));
    if (space > cut / 2) cut = space;
    else if (/[\ud800-\udbff]/.test(rest[cut - 1] as string)) cut--;
    parts.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).trimStart();
  }
  return rest ? [...parts, rest] : parts;
}
