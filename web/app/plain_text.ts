// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is found in a text that came from the network: links, emphasis as people type it, characters that
// would reorder a line. Pure.
import type { Span } from "../client/wire.ts";

const address = /\b(?:https?:\/\/|ircs?:\/\/|xmpp:|mailto:)[^\s<>"\u0000-\u0020]+/gi;

export interface Piece {
  start: number;
  end: number;
  href?: string;
}

// Where the links are. Closing punctuation belongs to the sentence, a bracket to its opening one.
export function findLinks(text: string): Piece[] {
  if (!text.includes(":")) return [];
  const found: Piece[] = [];
  for (const match of text.matchAll(address)) {
    let url = match[0];
    for (;;) {
      const last = url[url.length - 1] ?? "";
      const unopened =
        (last === ")" && url.split("(").length < url.split(")").length) ||
        (last === "]" && url.split("[").length < url.split("]").length);
      if (!unopened && !".,;:!?'*_".includes(last)) break;
      url = url.slice(0, -1);
    }
    const start = match.index;
    found.push({ start, end: start + url.length, href: url });
  }
  return found;
}

const overrides = /[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069\u200e\u200f]/g;

// In a text: controls, and what overrides its direction. Marks and isolates are how people write two scripts
// in one line; they reach no further than the text.
export const unseen = /[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e]/;

// Names stand on one line and must not reorder it.
export function plainName(name: string): string {
  return name.replace(overrides, "");
}

// The names of what is true, for a class attribute.
export function namesOf(what: Readonly<Record<string, boolean | undefined>>): string {
  return Object.keys(what)
    .filter((name) => what[name])
    .join(" ");
}

const marked =
  /(^|[\s("'])(`[^`\n]+`|\*[^\s*](?:[^*\n]*[^\s*])?\*|_[^\s_](?:[^_\n]*[^\s_])?_)(?=$|[\s)"'.,;:!?])/g;

// *bold*, _italic_ and `code` as people type them where the network has no word for it. The marks
// stay: they are part of what was written.
export function lightSpans(text: string): Span[] {
  if (!/[*_`]/.test(text)) return [];
  return [...text.matchAll(marked)].map(({ index, 1: before = "", 2: word = "" }) => ({
    start: index + before.length,
    length: word.length,
    ...(word[0] === "`" ? { mono: true } : word[0] === "*" ? { bold: true } : { italic: true }),
  }));
}
