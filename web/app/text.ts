// SPDX-License-Identifier: GPL-3.0-or-later
//
// Text that came from the network, as nodes: always text, never markup. Spans become classes, links
// only of schemes on the list. Nothing here asks any other host for anything.
import { html, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import type { Span } from "../client/wire.ts";
import { messageColour } from "./theme.ts";

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

// Names stand on one line and must not reorder it.
export function plainName(name: string): string {
  return name.replace(overrides, "");
}

function styled(text: string, spans: Span[]): TemplateResult | string {
  if (!spans.length) return text;
  const span: Span = Object.assign({}, ...spans) as Span;
  const { bold, italic, underline, strike, mono, quote, block, reverse } = span;
  const classes = { bold, italic, underline, strike, mono, quote, block, reverse };
  // Backgrounds are left out: what is written on them must stay readable in every theme. Text in
  // the colour of its own background is meant to be found out, not to be hidden.
  const fg = span.fg && span.fg !== span.bg ? messageColour(span.fg) : "";
  // As a property: a style attribute would be refused by the page's policy.
  return html`<span
    class=${classMap(classes as Record<string, boolean>)}
    .style=${fg ? `color:${fg}` : ""}
    >${text}</span
  >`;
}

function range(text: string, from: number, to: number, spans: Span[]): unknown[] {
  const cuts = new Set([from, to]);
  for (const { start, length } of spans) {
    if (start > from && start < to) cuts.add(start);
    if (start + length > from && start + length < to) cuts.add(start + length);
  }
  const edges = [...cuts].sort((a, b) => a - b);
  return edges.slice(0, -1).map((start, i) => {
    const end = edges[i + 1] as number;
    const here = spans.filter((span) => span.start <= start && span.start + span.length >= end);
    return styled(text.slice(start, end), here);
  });
}

export function richText(text: string, spans: Span[] = []): unknown {
  const links = findLinks(text);
  if (!links.length && !spans.length) return text;
  const parts: unknown[] = [];
  let at = 0;
  for (const { start, end, href } of links) {
    if (start > at) parts.push(range(text, at, start, spans));
    parts.push(
      html`<a href=${href} target="_blank" rel="noopener noreferrer nofollow"
        >${range(text, start, end, spans)}</a
      >`,
    );
    at = end;
  }
  if (at < text.length) parts.push(range(text, at, text.length, spans));
  return parts;
}

const emoji =
  /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\u200d\ufe0f\s])+$/u;
const graphemes = typeof Intl.Segmenter === "function" ? new Intl.Segmenter() : undefined;

// Up to three emoji and nothing else: shown larger.
export function isEmojiOnly(text: string): boolean {
  if (!graphemes || text.length > 40 || !emoji.test(text)) return false;
  return [...graphemes.segment(text.replace(/\s/g, ""))].length <= 3;
}
