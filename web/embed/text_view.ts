// SPDX-License-Identifier: GPL-3.0-or-later
//
// Text that came from the network as nodes: always text, never markup. Styles become classes, links only
// of schemes on the list. Colours of messages are left out: the host page chooses what they stand on.
import { html, type TemplateResult } from "lit";
import { findLinks, lightSpans, namesOf, unseen } from "../app/plain_text.ts";
import { withSigns } from "../app/signs.ts";
import type { Span } from "../client/wire.ts";

const seen = (text: string): unknown => (unseen.test(text) ? withSigns(text) : text);

function range(text: string, from: number, to: number, spans: readonly Span[]): unknown[] {
  const cuts = new Set([from, to]);
  for (const { start, length } of spans) {
    if (start > from && start < to) cuts.add(start);
    if (start + length > from && start + length < to) cuts.add(start + length);
  }
  const edges = [...cuts].sort((a, b) => a - b);
  return edges.slice(0, -1).map((start, i) => {
    const end = edges[i + 1] as number;
    const here = spans.filter((span) => span.start <= start && span.start + span.length >= end);
    const piece = text.slice(start, end);
    if (!here.length) return seen(piece);
    const { bold, italic, underline, strike, mono } = Object.assign({}, ...here) as Span;
    return html`<span class=${namesOf({ bold, italic, underline, strike, mono })}>${seen(piece)}</span>`;
  });
}

export function richText(text: string, spans: readonly Span[] = lightSpans(text)): unknown {
  const links = findLinks(text);
  if (!links.length && !spans.length) return seen(text);
  const parts: unknown[] = [];
  let at = 0;
  for (const { start, end, href } of links) {
    if (start > at) parts.push(range(text, at, start, spans));
    parts.push(link(href ?? "", range(text, start, end, spans)));
    at = end;
  }
  if (at < text.length) parts.push(range(text, at, text.length, spans));
  return parts;
}

const link = (href: string, shown: unknown): TemplateResult =>
  html`<a href=${href} target="_blank" rel="noopener noreferrer nofollow">${shown}</a>`;
