// SPDX-License-Identifier: GPL-3.0-or-later
//
// Text that came from the network, as nodes: always text, never markup. Spans become classes, links
// only of schemes on the list. Nothing here asks any other host for anything.
import { html } from "lit/html.js";
import type { Span } from "../client/wire.ts";
import { findLinks, lightSpans, namesOf, plainName, unseen } from "./plain_text.ts";
import { rarely } from "./rarely.ts";
import { settings } from "./settings.ts";
import { messageColour } from "./theme.ts";
import { words } from "./words.ts";

export { findLinks, lightSpans, namesOf, plainName } from "./plain_text.ts";

const seen = (text: string): unknown =>
  unseen.test(text) ? rarely(({ withSigns }) => withSigns(text), plainName(text)) : text;

function styled(text: string, spans: Span[]): unknown {
  if (!spans.length) return seen(text);
  const span: Span = Object.assign({}, ...spans) as Span;
  // Text in the colour of its own background is there to be found out.
  if (span.fg && span.fg === span.bg && text.trim()) {
    return html`<details class="hidden-text"><summary>${words.line.hidden}</summary>${seen(text)}</details>`;
  }
  const { bold, italic, underline, strike, mono, quote, block, reverse } = span;
  const classes = { bold, italic, underline, strike, mono, quote, block, reverse };
  // Backgrounds are left out: what is written on them must stay readable in every theme.
  const fg = span.fg && settings.textColours ? messageColour(span.fg) : "";
  // As a property: a style attribute would be refused by the page's policy.
  return html`<span
    class=${namesOf(settings.markup ? classes : {})}
    .style=${fg ? `color:${fg}` : ""}
    >${seen(text)}</span
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

export function richText(text: string, spans: Span[] = lightSpans(text)): unknown {
  const links = findLinks(text);
  if (!links.length && !spans.length) return seen(text);
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
