// SPDX-License-Identifier: GPL-3.0-or-later
//
// Questions about names and words that every page asks the same way.

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

// The nick as a whole word, not inside an address.
export function mentions(text: string, nick: string): boolean {
  if (!nick || !text.toLowerCase().includes(nick.toLowerCase())) return false;
  return wholeWord(nick).test(text.replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, " "));
}
