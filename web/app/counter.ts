// SPDX-License-Identifier: GPL-3.0-or-later
//
// How much of a line is used, and into how many messages the network will cut what is longer: the
// same rules as the gateway's (bridges/irc, split_text).
import { html, nothing, type TemplateResult } from "lit/html.js";
import { chat } from "./chat.ts";
import { more } from "./words_later.ts";
import { wear } from "./sheets.ts";
import css from "./counter.css";

wear(css);

const w = more.counter;
const encoder = new TextEncoder();
const shortest = 16; // bytes; no network leaves less room
const worthSaying = 0.8; // of the line
const space = 32;

const graphemes = typeof Intl.Segmenter === "function" ? new Intl.Segmenter() : undefined;
const sizeOf = (text: string): number => encoder.encode(text).length;

// Bytes of the text before the first grapheme that would not fit.
function cutBetweenCharacters(text: string, limit: number): number {
  let size = 0;
  const parts = graphemes ? graphemes.segment(text) : [...text].map((segment) => ({ segment }));
  for (const { segment } of parts) {
    const more = sizeOf(segment);
    if (size + more > limit) break;
    size += more;
  }
  return size || limit;
}

function messagesOfLine(line: string, limit: number): number {
  let bytes = encoder.encode(line);
  let count = 0;
  while (bytes.length > limit) {
    const at = bytes.subarray(0, limit + 1).lastIndexOf(space);
    const isWord = at > limit / 2;
    const cut = isWord ? at : cutBetweenCharacters(new TextDecoder().decode(bytes), limit);
    bytes = bytes.subarray(isWord ? cut + 1 : cut);
    count++;
  }
  return count + (bytes.length ? 1 : 0);
}

// `limit`: bytes of text in one message.
export function countMessages(text: string, limit: number): number {
  const lines = text.split(/\r?\n/).filter((line) => /[^ ]/.test(line));
  return lines.reduce((sum, line) => sum + messagesOfLine(line, Math.max(limit, shortest)), 0);
}

// Bytes of text in one message to who is being talked to; undefined: the network cuts nothing.
function roomForText(): number | undefined {
  const { connection, active } = chat;
  const line = connection?.model.limits.line;
  return line && active ? line - sizeOf(active.name) : undefined;
}

export function counter(text: string): TemplateResult | typeof nothing {
  const limit = roomForText();
  if (!limit || text.startsWith("/")) return nothing;
  const count = countMessages(text, limit);
  const size = sizeOf(text);
  if (count < 2 && size < worthSaying * limit) return nothing;
  const isCut = text.split("\n").some((line) => sizeOf(line) > limit);
  const title = chat.connection?.model.title ?? "";
  return html`<p class="counter" role="status">
    ${isCut ? w.long(title) : nothing} ${count > 1 ? w.split(count) : w.size(size, limit)}
  </p>`;
}
