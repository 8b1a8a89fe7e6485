// SPDX-License-Identifier: GPL-3.0-or-later
//
// One line of the log as a row of the page.
import { html, nothing, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
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
import { chat } from "./chat.ts";
import { slotOf } from "./colour.ts";
import { icon } from "./part.ts";
import { isEmojiOnly, plainName, richText } from "./text.ts";
import { clockTime, dayName, fullTime, isoTime } from "./time.ts";
import { words } from "./words.ts";

const w = words.line;
const namesWhenOpen = 50;

export interface Rows {
  where: Conversation;
  opened: Set<number>; // folds that are expanded
  onToggle(key: number): void;
  onNick(nick: string): void;
}

export function row(rows: Rows, line: Line, before: Line | undefined): TemplateResult {
  const { markAt } = rows.where;
  const newDay = before ? !sameDay(line.at, before.at) : true;
  const newSince = markAt > 0 && line.at > markAt && (!before || before.at <= markAt);
  return html`<div data-key=${line.key} class="line">
    ${newDay ? html`<div class="day"><span>${dayName(line.at)}</span></div>` : nothing}
    ${newSince
      ? html`<div class="since"><span>${words.room.newSince(clockTime(markAt))}</span></div>`
      : nothing}
    ${line.type === "said"
      ? said(rows, line, newDay || newSince ? undefined : before)
      : line.type === "fold"
        ? fold(rows, line)
        : info(line)}
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
  return html`<div class="row ${classMap(classes)}" role="article">
    ${nick(rows, line)} ${time(line.at)}
    <div class="text" dir="auto">${body(line)}</div>
  </div>`;
}

function body(line: SaidLine): unknown {
  if (line.removedBy !== undefined) {
    return html`<em class="muted">${w.removed(plainName(line.removedBy))}</em>`;
  }
  return [
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
    line.state === "failed" ? failure(line) : nothing,
    line.reactions?.size
      ? html`<div class="reactions">
          ${[...line.reactions].map(
            ([mark, people]) =>
              html`<span class="chip" title=${[...people].map(plainName).join(", ")}
                >${mark} ${people.size}</span
              >`,
          )}
        </div>`
      : nothing,
  ];
}

function failure(line: SaidLine): TemplateResult {
  const place = chat.active;
  return html`<div class="not-sent" role="alert">
    ${icon("alert")}<span>${line.error ? w.notSentWhy(line.error) : w.notSent}</span>
    <button class="small" @click=${() => place && chat.sayAgain(place, line)}>${w.again}</button>
    <button class="small" @click=${() => place && chat.discard(place, line)}>${w.remove}</button>
  </div>`;
}

function fold(rows: Rows, line: FoldLine): TemplateResult | typeof nothing {
  const told = summary(line);
  const parts: string[] = [];
  if (told.joined.length) parts.push(w.joined(told.joined.map(plainName)));
  if (told.left.length) parts.push(w.left(told.left.map(plainName)));
  if (told.passed.length) parts.push(w.passed(told.passed.map(plainName)));
  if (told.renamed.length > 2) parts.push(w.renamedMany(told.renamed.length));
  else for (const { from, to } of told.renamed) parts.push(w.renamed(plainName(from), plainName(to)));
  if (!parts.length) return nothing;
  const open = rows.opened.has(line.key);
  const many = Math.max(told.joined.length, told.left.length, told.passed.length) > 3;
  const text = parts.join(", ");
  return html`<div class="row info fold">
    <div class="text">
      ${many || told.renamed.length > 2
        ? html`<button class="plain" aria-expanded=${open} @click=${() => rows.onToggle(line.key)}>
            ${text}
          </button>`
        : text}
      ${open ? expanded(told) : nothing}
    </div>
  </div>`;
}

function expanded(told: ReturnType<typeof summary>): TemplateResult {
  const renamed = told.renamed.map(({ from, to }) => `${from} > ${to}`);
  const groups: [string[], string][] = [
    [told.joined, "+"],
    [told.left, "-"],
    [told.passed, "+-"],
    [renamed, ""],
  ];
  return html`<div class="names">
    ${groups
      .filter(([names]) => names.length)
      .map(([names, sign]) => {
        const shown = names.slice(0, namesWhenOpen).map(plainName).join(", ");
        const rest = names.length - namesWhenOpen;
        return html`<p><span aria-hidden="true">${sign}</span> ${shown} ${rest > 0 ? w.more(rest) : nothing}</p>`;
      })}
  </div>`;
}

function info(line: InfoLine): TemplateResult {
  const { info } = line;
  const kind = info.what === "error" ? "error" : info.what === "note" ? "note" : "";
  return html`<div class="row info ${kind} ${info.what}">
    ${time(line.at)}
    <div class="text" dir="auto">${infoText(line)}</div>
  </div>`;
}

function infoText(line: InfoLine): unknown {
  const { info } = line;
  switch (info.what) {
    case "topic":
      return w.topic(info.from && plainName(info.from), info.text);
    case "kicked": {
      const say = info.ban ? w.banned : w.kicked;
      return say(info.from && plainName(info.from), plainName(info.who), info.text);
    }
    case "mode": {
      const by = info.from ? plainName(info.from) : w.service;
      const roles = info.changes.filter((change) => change.role && change.value);
      const others = info.changes.filter((change) => !(change.role && change.value));
      const sentences = roles.map(({ set, role, value }) => {
        const title = words.aRole[role ?? "member"];
        return set ? w.gave(by, plainName(value ?? ""), title) : w.took(by, plainName(value ?? ""), title);
      });
      if (others.length) {
        const list = others.map((one) => `${one.set ? "+" : "-"}${one.mode} ${one.value ?? ""}`.trim());
        sentences.push(w.mode(by, list.join(" ")));
      }
      return sentences.join(" ");
    }
    case "role":
      return w.role(plainName(info.who), words.aRole[info.rank]);
    case "gap":
      return w.gap(clockTime(info.since), clockTime(info.until));
    case "own_nick":
      return w.ownNick(plainName(info.to));
    case "away":
      return w.away(plainName(info.from), info.text);
    case "notice":
      return [
        info.from ? html`<span class="label">${plainName(info.from)}</span>` : nothing,
        richText(info.text, info.spans),
      ];
    default:
      return richText(info.text);
  }
}
