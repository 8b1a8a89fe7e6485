// SPDX-License-Identifier: GPL-3.0-or-later
//
// Questions about names and words that every page asks the same way.
import type { Span } from "../wire.ts";

// For finding a room or a person as somebody typed it; never to replace the network's own spelling.
export function sameName(a: string, b: string): boolean {
  return a === b || a.toLowerCase() === b.toLowerCase();
}

// Room addresses may carry the service they live on; people are shown the first part.
export function shortName(name: string): string {
  const slash = name.indexOf("/");
  if (slash > 0 && name.includes("@")) return name.slice(slash + 1);
  const at = name.indexOf("@");
  return at > 0 ? name.slice(0, at) : name;
}

const patterns = new Map<string, RegExp>();

function wholeWord(nick: string): RegExp {
  let known = patterns.get(nick);
  if (!known) {
    const literal = nick.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
    known = new RegExp(`(?<![\\p{L}\\p{N}_])${literal}(?![\\p{L}\\p{N}_])`, "iu");
    if (patterns.size > 50) patterns.clear();
    patterns.set(nick, known);
  }
  return known;
}

// The nick as a whole word, not inside an address or code.
export function mentions(text: string, nick: string, spans: readonly Span[] = []): boolean {
  if (!nick || !text.toLowerCase().includes(nick.toLowerCase())) return false;
  const code = spans.filter(({ mono, block }) => mono || block);
  const outside = code.reduce(
    (rest, { start, length }) => rest.slice(0, start) + " ".repeat(length) + rest.slice(start + length),
    text,
  );
  return wholeWord(nick).test(outside.replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+|`[^`\n]+`/gi, " "));
}
