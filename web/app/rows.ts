// SPDX-License-Identifier: GPL-3.0-or-later
//
// One line of the log as a row of the page.
import { html, nothing, type TemplateResult } from "lit/html.js";
import {
  continues,
  sameDay,
  summary,
  type Conversation,
  type FoldLine,
  type InfoLine,
  type Line,
  type SaidLine,
} from "../client/index.ts";
import type { Place } from "./chat.ts";
import { slotOf } from "./colour.ts";
import { icon } from "./part.ts";
import { fetched, rarely } from "./rarely.ts";
import { discard, isLate, sayAgain } from "./saying.ts";
import { isIgnored, settings, type Presence } from "./settings.ts";
import { isEmojiOnly, namesOf, plainName, richText } from "./text.ts";
import { clockTime, dayName, fullTime, isoTime } from "./time.ts";
import { naming, words } from "./words.ts";

const w = words.line;
const imageLink = /https:\/\/\S+\.(?:avif|gif|jpe?g|png|webp)/i;

export interface Rows {
  where: Conversation;
  place: Place;
  presence: Presence;
  opened: Set<number>; // folds that are expanded
  shown: Set<string>; // images that were asked for
  onToggle(key: number): void;
  onShow(url: string): void;
  onNick(nick: string): void;
  onJump(id: string): void;
  onReact(line: SaidLine, mark: string): void;
}

export function row(rows: Rows, lines: readonly Line[], i: number): TemplateResult {
  const line = lines[i] as Line;
  const before = lines[i - 1];
  const { markAt } = rows.where;
  const newDay = before ? !sameDay(line.at, before.at) : true;
  const newSince = markAt > 0 && line.at > markAt && (!before || before.at <= markAt);
  return html`${newDay ? html`<div class="day"><span>${dayName(line.at)}</span></div>` : nothing}
    ${newSince
      ? html`<div class="since"><span>${words.room.newSince(clockTime(markAt))}</span></div>`
      : nothing}
    ${line.type === "said"
      ? isIgnoredAt(rows, lines, i) && !rows.opened.has(firstIgnored(rows, lines, i))
        ? ignored(rows, lines, i)
        : said(rows, line, newDay || newSince ? undefined : before)
      : line.type === "fold"
        ? fold(rows, line)
        : info(rows, line)}`;
}

function isIgnoredAt(rows: Rows, lines: readonly Line[], i: number): boolean {
  const line = lines[i];
  if (line?.type !== "said" || line.self) return false;
  return isIgnored(rows.place.network, rows.where, line.from);
}

// The key of the first of the ignored lines that stand together.
function firstIgnored(rows: Rows, lines: readonly Line[], i: number): number {
  while (isIgnoredAt(rows, lines, i - 1)) i--;
  return (lines[i] as Line).key;
}

// All of them in a row are one line with a number.
function ignored(rows: Rows, lines: readonly Line[], i: number): TemplateResult | typeof nothing {
  if (settings.ignoredAs === "hidden" || isIgnoredAt(rows, lines, i - 1)) return nothing;
  let count = 1;
  while (isIgnoredAt(rows, lines, i + count)) count++;
  const { key } = lines[i] as Line;
  return html`<div class="row info">
    <div class="text">
      <button class="plain" aria-expanded="false" @click=${() => rows.onToggle(key)}>
        ${w.ignored(count)}
      </button>
    </div>
  </div>`;
}

function time(at: number): TemplateResult {
  return html`<time datetime=${isoTime(at)} title=${fullTime(at)}>${clockTime(at)}</time>`;
}

function nick(rows: Rows, line: SaidLine): TemplateResult {
  const name = plainName(line.from);
  const colour = line.self ? "own-nick" : `n${slotOf(line.from)}`;
  return html`<button
    class="who ${colour}"
    tabindex="-1"
    @click=${() => rows.onNick(line.from)}
  ><bdi>${name}</bdi></button>`;
}

function said(rows: Rows, line: SaidLine, before: Line | undefined): TemplateResult {
  const more = continues(line, before);
  const classes = {
    said: true,
    more,
    mention: line.mention,
    action: line.kind === "action",
    notice: line.kind === "notice",
    sending: line.state === "sending",
    failed: line.state === "failed",
  };
  return html`<div class="row ${namesOf(classes)}" role="article" tabindex="-1">
    ${nick(rows, line)} ${time(line.at)}
    <div class="text" dir="auto">${body(rows, line)}</div>
  </div>`;
}

function body(rows: Rows, line: SaidLine): unknown {
  if (line.removedBy !== undefined) {
    const told = html`<em class="muted">${w.removed(plainName(line.removedBy))}</em>`;
    if (!line.removedWhy) return told;
    return html`<details><summary>${told}</summary>${plainName(line.removedWhy)}</details>`;
  }
  return [
    line.replyTo ? quote(rows, line.replyTo) : nothing,
    line.kind === "notice" ? html`<span class="label">${w.notice}</span>` : nothing,
    line.audience ? html`<span class="label">${w.audience(line.audience)}</span>` : nothing,
    line.kind === "action"
      ? html`<span class="actor ${line.self ? "own-nick" : `n${slotOf(line.from)}`}"
            ><bdi>${plainName(line.from)}</bdi></span
          > `
      : nothing,
    isEmojiOnly(line.text)
      ? html`<span class="large">${line.text}</span>`
      : richText(line.text, line.spans),
    line.edited ? html` <span class="muted small-text">${w.edited}</span>` : nothing,
    line.state === "sending"
      ? html`<span class="clock" role="img" aria-label=${w.sending}>${icon("clock")}</span>`
      : nothing,
    line.state === "failed" ? failure(rows.place, line) : nothing,
    settings.images && imageLink.test(line.text) 
      ? rarely(({ pictures }) => pictures(line.text, rows.shown, rows.onShow), nothing)
      : nothing,
    line.reactions?.size
      ? rarely(({ reactions }) => reactions(line, (mark) => rows.onReact(line, mark)), nothing)
      : nothing,
  ];
}

function quote(rows: Rows, id: string): TemplateResult {
  const line = rows.where.ids.get(id);
  return html`<button class="plain quoted" tabindex="-1" @click=${() => rows.onJump(id)}>
    ${icon("reply")}
    ${line
      ? html`<bdi class="n${slotOf(line.from)}">${plainName(line.from)}</bdi>
          <span>${plainName(line.text.slice(0, 200))}</span>`
      : html`<span>${w.earlierReply}</span>`}
  </button>`;
}

function failure(place: Place, line: SaidLine): TemplateResult {
  const minutes = Math.max(2, Math.round((Date.now() - line.at) / 60000));
  const { error = "", code = "" } = line;
  const why = isLate(line) ? w.late(minutes) : error ? w.notSentWhy(reason(place, code, error)) : w.notSent;
  return html`<div class="not-sent" role="alert">
    ${icon("alert")}<span>${why}</span>
    <button class="small" @click=${() => sayAgain(place, line)}>${w.again}</button>
    <button class="small" @click=${() => discard(place, line)}>${w.remove}</button>
  </div>`;
}

const failing = fetched(() => import("./failing.ts"));

// In the page's own words, which are fetched with the first failure.
function reason(place: Place, code: string, text: string): string {
  return failing(({ failureAt }) => failureAt(place, code, text), text);
}

function fold(rows: Rows, line: FoldLine): TemplateResult | typeof nothing {
  if (rows.presence === "none") return nothing;
  const told = summary(line);
  const parts: string[] = [];
  if (line.isSplit) {
    const { size } = line.people;
    const lost = rarely(({ split }) => split(size, size - told.left.length), "");
    if (lost) parts.push(lost);
  }
  if (told.joined.length) parts.push(naming(w.joined, w.joinedMany, told.joined.map(plainName)));
  if (told.left.length && !line.isSplit) parts.push(naming(w.left, w.leftMany, told.left.map(plainName)));
  if (told.passed.length) parts.push(naming(w.passed, w.passedMany, told.passed.map(plainName)));
  if (told.renamed.length > 2) parts.push(w.renamedMany(told.renamed.length));
  else for (const { from, to } of told.renamed) parts.push(w.renamed(plainName(from), plainName(to)));
  if (!parts.length) return nothing;
  const open = rows.presence === "all" || rows.opened.has(line.key);
  const many = Math.max(told.joined.length, told.left.length, told.passed.length) > 3;
  const text = parts.join(", ");
  return html`<div class="row info fold">
    <div class="text">
      ${many || told.renamed.length > 2
        ? html`<button class="plain" aria-expanded=${open} @click=${() => rows.onToggle(line.key)}>
            ${text}
          </button>`
        : text}
      ${open ? rarely(({ expanded }) => expanded(told), nothing) : nothing}
    </div>
  </div>`;
}

function info({ place }: Rows, line: InfoLine): TemplateResult {
  const { info } = line;
  const text = info.what === "error" && info.code ? reason(place, info.code, info.text) : infoText(info);
  // Nothing around the text: a note keeps its lines as they are.
  return html`<div class="row info ${info.what}">
    ${time(line.at)}
    <div class="text" dir="auto">${text}</div>
  </div>`;
}

// What happens in most rooms once in a while comes with its words.
function infoText(info: InfoLine["info"]): unknown {
  switch (info.what) {
    case "error":
    case "note":
      return richText(info.text);
    case "notice":
      return [
        info.from ? html`<span class="label">${plainName(info.from)}</span>` : nothing,
        richText(info.text, info.spans),
      ];
    default:
      return rarely((rare) => rare.infoText(info), "\xa0"); // as high as its words
  }
}
