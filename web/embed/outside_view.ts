// SPDX-License-Identifier: GPL-3.0-or-later
//
// An embedded room before somebody is in it: who is there and what was said last, where passers-by may see
// that; the way in; or why there is none.
import { html, nothing, type TemplateResult } from "lit";
import { plainName } from "../app/plain_text.ts";
import type { SaidLine } from "../client/model/lines.ts";
import { shortName } from "../client/model/names.ts";
import type { NetworkInfo } from "../client/wire.ts";
import { placeOf, type Look } from "./feed.ts";
import { lastNick } from "./keep.ts";
import { said, type Rows } from "./rows.ts";
import type { Login } from "./talk.ts";
import { timesIn } from "./times.ts";
import type { Words } from "./words.ts";

export interface Problem {
  why: "site" | "sandbox" | "unreachable" | "no_network" | "members_only";
}

// The element, as this view sees it.
export interface Outside {
  network: string | null;
  room: string | null;
  nick: string | null;
  layout: string | null;
  readonly: boolean;
  source: string;
  needsConsent: boolean;
  look: Look | undefined;
  offer: NetworkInfo | undefined;
  problem: Problem | undefined;
  fault: string;
  faulty: "nick" | "password" | "key";
  withPassword: boolean;
  withKey: boolean;
  isJoining: boolean;
  agree(): void;
  askAgain(): Promise<void>;
  press(nick: string, login?: Login, key?: string): Promise<void>;
  requestUpdate(): void;
}

export function frame(
  { room, layout }: { room: string | null; layout: string | null },
  words: Words,
  content: unknown,
  onKey?: (event: KeyboardEvent) => void,
): TemplateResult {
  return html`<section
    class="frame"
    part="frame"
    lang=${words.tag}
    dir=${words.isRtl ? "rtl" : "ltr"}
    data-layout=${layout ?? "auto"}
    aria-label=${words.title(nameOf(room))}
    @keydown=${onKey}
  >
    <span class="probe" hidden></span>
    ${content}
  </section>`;
}

export const nameOf = (room: string | null): string => plainName(shortName(room ?? ""));

export function outside(one: Outside, w: Words): TemplateResult {
  if (!one.network || !one.room) return frame(one, w, html`<p class="notice" role="alert">${w.unnamed}</p>`);
  const host = new URL(one.source).host;
  if (one.needsConsent) {
    return frame(
      one,
      w,
      html`${head(one, w)}
        <div class="gate">
          <p>${w.consent(host)}</p>
          <button class="main" part="button" @click=${() => one.agree()}>${w.agree}</button>
        </div>`,
    );
  }
  const lines = one.look?.lines ?? [];
  return frame(
    one,
    w,
    html`${head(one, w)}
      ${lines.length ? passing(one, w) : nothing}
      ${one.problem ? trouble(one, one.problem, w) : entry(one, w, !lines.length)}`,
  );
}

function head({ room, look }: Outside, w: Words): TemplateResult {
  return html`<header class="head" part="header">
    <span class="name"><bdi>${nameOf(room)}</bdi></span>
    <span class="topic" dir="auto">${look?.topic ?? ""}</span>
    <span class="count">${look?.people === undefined ? "" : w.here(look.people)}</span>
  </header>`;
}

// The last lines, as the operator shows them to passers-by.
function passing({ room, look }: Outside, words: Words): TemplateResult {
  const rows: Rows = { words, times: timesIn(words.tag), onAgain() {}, onDiscard() {}, reason: () => "" };
  const lines = (look?.lines ?? []).map(
    ({ from, text, at, action }, key): SaidLine => ({
      type: "said", key, at, from, text,
      kind: action ? "action" : "message",
      self: false, state: "sent", mention: false,
    }),
  );
  return html`<div class="log ${rows.times.isLong ? "long" : ""}" part="log" role="log" tabindex="0" aria-live="off" aria-label=${words.room.log(nameOf(room))}>
    <div class="lines low">
      ${lines.map((line, i) => said(rows, line, lines[i - 1]))}
    </div>
  </div>`;
}

function entry(one: Outside, w: Words, isAlone: boolean): TemplateResult {
  const { isJoining, fault, offer } = one;
  // Until the gateway has said so, the place of what may be there is kept: nothing moves.
  const needsAccount = offer?.guest === false;
  const withPassword = needsAccount || one.withPassword;
  const submit = (event: Event): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const field = (name: string): HTMLInputElement | null => form.querySelector(`#${name}`);
    const nick = field("nick")?.value.trim() ?? `reader${Math.floor(1000 + Math.random() * 9000)}`;
    const password = field("password")?.value;
    if (!nick) return field("nick")?.focus();
    if (needsAccount && !password) return field("password")?.focus();
    const login = password ? { account: field("account")?.value.trim() || nick, password } : undefined;
    void one.press(nick, login, field("key")?.value || undefined);
  };
  return html`<form class="entry ${isAlone ? "alone" : ""} ${withPassword || one.withKey ? "long" : ""}" part="entry" novalidate @submit=${submit}>
    ${one.readonly && !needsAccount
      ? nothing
      : html`<p class="hint">${needsAccount ? w.membersOnly : w.invite}</p>`}
    ${one.readonly
      ? nothing
      : input(one, "nick", w.signIn.nick, withPassword ? "username" : "nickname")}
    ${withPassword
      ? html`${input(one, "account", w.signIn.account, "off")}
          <p class="hint">${w.signIn.accountHint}</p>
          ${input(one, "password", w.signIn.password, "current-password")}`
      : nothing}
    ${one.withKey ? input(one, "key", w.key, "off") : nothing}
    <button class="main join" part="button" ?disabled=${isJoining}>
      <span class=${isJoining ? "hidden" : ""}>${one.readonly ? w.readAlong : w.join}</span>
      <span class=${isJoining ? "" : "hidden"}>${w.signIn.joining}</span>
    </button>
    ${withPassword || one.readonly
      ? nothing
      : html`<button type="button" class="quiet ${offer?.account ? "" : "hidden"}" @click=${() => askPassword(one)}>
          ${w.signIn.havePassword}
        </button>`}
    ${one.readonly && one.faulty === "nick" ? problem(fault) : nothing}
  </form>`;
}

function askPassword(one: Outside): void {
  one.withPassword = true;
  one.requestUpdate();
}

function input(one: Outside, name: string, label: string, complete: string): TemplateResult {
  const isFaulty = one.fault !== "" && one.faulty === name;
  return html`<label for=${name}>${label}</label>
    <input
      id=${name}
      name=${name}
      part="input"
      type=${name === "password" || name === "key" ? "password" : "text"}
      autocomplete=${complete}
      autocapitalize="off"
      spellcheck="false"
      maxlength=${name === "nick" ? 60 : 200}
      ?disabled=${one.isJoining}
      aria-invalid=${isFaulty ? "true" : "false"}
      aria-describedby=${isFaulty ? "fault" : nothing}
      .defaultValue=${name === "nick" ? (one.nick ?? lastNick()) : ""}
    />
    ${isFaulty ? problem(one.fault) : nothing}`;
}

function problem(fault: string): TemplateResult | typeof nothing {
  return fault ? html`<p id="fault" class="problem" role="alert">${fault}</p>` : nothing;
}

function trouble(one: Outside, { why }: Problem, w: Words): TemplateResult {
  const { network, room, source } = one;
  const setting = `origins = ["${origin}"]`;
  const inOwn = html`<a class="main" target="_blank" rel="noopener" href=${`${source}/r/${placeOf(network ?? "", room ?? "")}`}
    >${w.open}</a
  >`;
  switch (why) {
    case "site":
      return html`<div class="gate" role="alert">
        <p>${w.site(origin)}</p>
        <p class="hint">${w.siteHow}</p>
        <pre tabindex="0"><code>${setting}</code></pre>
        ${inOwn}
      </div>`;
    case "sandbox":
      return html`<div class="gate" role="alert"><p>${w.sandbox}</p>${inOwn}</div>`;
    case "no_network":
      return html`<div class="gate" role="alert"><p>${w.noNetwork(network ?? "")}</p></div>`;
    case "members_only":
      return html`<div class="gate"><p>${w.membersOnly}</p>${inOwn}</div>`;
    case "unreachable":
      return html`<div class="gate" role="alert">
        <p>${w.failure.unreachable}</p>
        <button class="main" part="button" @click=${() => void one.askAgain()}>${w.signIn.tryAgain}</button>
      </div>`;
  }
}
