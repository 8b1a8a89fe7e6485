// SPDX-License-Identifier: GPL-3.0-or-later
//
// One line of an embedded room's log as a row.
import { html, nothing, type TemplateResult } from "lit";
import { slotOf } from "../app/colour.ts";
import { namesOf, plainName } from "../app/plain_text.ts";
import type { FoldLine, InfoLine, Line, SaidLine } from "../client/index.ts";
import { continues, sameDay, summary } from "../client/model/lines.ts";
import { richText } from "./text_view.ts";
import type { Times } from "./times.ts";
import type { Words } from "./words.ts";

export interface Rows {
  words: Words;
  times: Times;
  onAgain(line: SaidLine): void;
  reason(line: SaidLine): string; // why it was not sent
  onDiscard(line: SaidLine): void;
  // Only where somebody is in the room:
  find?(id: string): SaidLine | undefined;
  onJump?(line: SaidLine): void;
  onReact?(line: SaidLine, mark: string): void;
  tools?(line: SaidLine): unknown; // what can be done with it, while it is pointed at
}

const named = 3; // more people than that are a number

export function row(rows: Rows, lines: readonly Line[], i: number): TemplateResult {
  const line = lines[i] as Line;
  const before = lines[i - 1];
  const isNewDay = !before || !sameDay(line.at, before.at);
  return html`<div class="line" data-key=${line.key}>
    ${isNewDay ? html`<div class="day"><span>${rows.times.day(line.at)}</span></div>` : nothing}
    ${line.type === "said"
      ? said(rows, line, isNewDay ? undefined : before)
      : line.type === "fold"
        ? fold(rows, line)
        : info(rows, line)}
  </div>`;
}

// Also for lines of a room that is only watched.
export function said(rows: Rows, line: SaidLine, before: Line | undefined): TemplateResult {
  const { words: w, times } = rows;
  const classes = {
    said: true,
    more: continues(line, before),
    mention: line.mention,
    action: line.kind === "action",
    sending: line.state === "sending",
    failed: line.state === "failed",
  };
  const colour = line.self ? "own" : `n${slotOf(line.from)}`;
  return html`<div class="row ${namesOf(classes)}" role="article" tabindex="-1">
    <span class="who ${colour}" part="nick"><bdi>${plainName(line.from)}</bdi></span>
    <time datetime=${new Date(line.at).toISOString()}>${times.clock(line.at)}</time>
    <div class="text" dir="auto" part="message">${body(rows, line, w)}</div>
    ${rows.tools?.(line) ?? nothing}
  </div>`;
}

function body(rows: Rows, line: SaidLine, w: Words): unknown {
  if (line.removedBy !== undefined) return html`<em>${w.line.removed(plainName(line.removedBy))}</em>`;
  return [
    line.replyTo && rows.find ? quote(rows, rows.find(line.replyTo), w) : nothing,
    line.kind === "notice" ? html`<small>${w.line.notice}</small> ` : nothing,
    line.audience ? html`<small>${w.line.audience(line.audience)}</small> ` : nothing,
    line.kind === "action" ? html`<bdi class="actor">${plainName(line.from)}</bdi> ` : nothing,
    richText(line.text, line.spans),
    line.edited ? html` <small>${w.line.edited}</small>` : nothing,
    line.state === "sending" ? html` <small class="waits">${w.line.sending}</small>` : nothing,
    line.state === "failed" ? failure(rows, line, w) : nothing,
    line.reactions?.size ? reactions(rows, line, w) : nothing,
  ];
}

// What is answered, in one line that leads there.
function quote(rows: Rows, to: SaidLine | undefined, { line: w }: Words): TemplateResult {
  return html`<button class="quoted" tabindex="-1" ?disabled=${!to} @click=${() => to && rows.onJump?.(to)}>
    ${to
      ? html`<bdi class="n${slotOf(to.from)}">${plainName(to.from)}</bdi>
          <span>${to.removedBy === undefined ? plainName(to.text.slice(0, 200)) : w.removed(plainName(to.removedBy))}</span>`
      : w.earlierReply}
  </button>`;
}

function reactions(rows: Rows, line: SaidLine, { rare: w }: Words): TemplateResult {
  return html`<div class="reactions">
    ${[...(line.reactions ?? [])].map(([mark, people]) => {
      const who = [...people].map(plainName).join(", ");
      return html`<button
        title=${who}
        aria-label=${w.reaction(mark, people.size)}
        ?disabled=${!rows.onReact}
        @click=${() => rows.onReact?.(line, mark)}
      >
        ${mark} ${people.size}
      </button>`;
    })}
  </div>`;
}

function failure(rows: Rows, line: SaidLine, { line: w }: Words): TemplateResult {
  return html`<div class="not-sent" role="alert">
    <span>${line.error ? w.notSentWhy(rows.reason(line)) : w.notSent}</span>
    <button @click=${() => rows.onAgain(line)}>${w.again}</button>
    <button @click=${() => rows.onDiscard(line)}>${w.remove}</button>
  </div>`;
}

function fold({ words: { line: w } }: Rows, line: FoldLine): TemplateResult | typeof nothing {
  const told = summary(line);
  const parts: string[] = [];
  const tell = (names: string[], few: typeof w.joined, many: typeof w.joinedMany): void => {
    if (!names.length) return;
    const plain = names.map(plainName);
    parts.push(names.length <= named ? few(plain, names.length) : many(names.length));
  };
  tell(told.joined, w.joined, w.joinedMany);
  tell(told.left, w.left, w.leftMany);
  tell(told.passed, w.passed, w.passedMany);
  if (told.renamed.length > 2) parts.push(w.renamedMany(told.renamed.length));
  else for (const { from, to } of told.renamed) parts.push(w.renamed(plainName(from), plainName(to)));
  return parts.length ? html`<div class="row info"><div class="text">${parts.join(", ")}</div></div>` : nothing;
}

function info({ words, times }: Rows, line: InfoLine): TemplateResult | typeof nothing {
  const text = infoText(line, words, times);
  if (!text) return nothing;
  const tone = line.info.what === "error" ? "error" : "";
  return html`<div class="row info ${tone}"><div class="text" dir="auto">${text}</div></div>`;
}

// Changes of modes and roles are for the chat page.
function infoText({ info }: InfoLine, { line: w }: Words, times: Times): unknown {
  switch (info.what) {
    case "topic":
      return w.topic(info.from && plainName(info.from), info.text);
    case "kicked":
      return (info.ban ? w.banned : w.kicked)(info.from && plainName(info.from), plainName(info.who), info.text);
    case "gap":
      return w.gap(times.clock(info.since), times.clock(info.until));
    case "own_nick":
      return w.ownNick(plainName(info.to));
    case "error":
    case "note":
      return richText(info.text, []);
    default:
      return undefined;
  }
}
