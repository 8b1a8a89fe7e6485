// SPDX-License-Identifier: GPL-3.0-or-later
//
// An embedded room with somebody in it: one element's part of a talk (talk.ts).
import { html, nothing, type TemplateResult } from "lit";
import { plainName } from "../app/plain_text.ts";
import {
  markRead,
  shortName,
  type ChatError,
  type ChatEvent,
  type Conversation,
  type Hello,
  type SaidLine,
} from "../client/index.ts";
import { failureSentence } from "../app/failure_text.ts";
import { nickFault } from "../app/nick_fault.ts";
import type { Acting } from "./acting.ts";
import { Announcer } from "./announcer.ts";
import { BarView } from "./bar_view.ts";
import { Completing } from "./completing.ts";
import { ComposerView } from "./composer_view.ts";
import { feedOf } from "./feed.ts";
import { head } from "./head_view.ts";
import * as keep from "./keep.ts";
import { LogView, type LogOwner } from "./log_view.ts";
import { noticeOf, type Notice } from "./notice.ts";
import { frame, nameOf, type Outside } from "./outside_view.ts";
import type { Rows } from "./rows.ts";
import { lastOwn } from "./saying.ts";
import { people } from "./people_view.ts";
import { prepare, talkOf, type Login, type Talk } from "./talk.ts";
import { lookOf } from "./telling.ts";
import { timesIn, type Times } from "./times.ts";
import { Typing } from "./typing.ts";
import type { Words } from "./words.ts";

export { prepare };

// The element it is shown in.
export interface Holder extends Outside, LogOwner {
  readonly place: string;
  readonly members: boolean;
  readonly words: Words | undefined;
  tell(name: string, detail: Record<string, unknown>): void;
  redraw(): void;
  leave(): void;
}

export interface Outcome {
  isIn: boolean;
  fault: string; // in words
  code?: string;
}

export class Inside {
  readonly #talk: Talk;
  readonly #log: LogView;
  readonly #composer: ComposerView;
  readonly #announcer: Announcer;
  readonly #bar: BarView;
  readonly #typing: Typing;
  readonly #completing = new Completing();
  readonly #draft: string;
  readonly #headActs = { toggle: () => this.#toggle(), leave: () => this.element.leave() };
  #acting: Acting | undefined;
  #fetched: Promise<Acting | undefined> | undefined;
  #times: Times | undefined;
  #showsPeople: boolean;
  #unread = 0;
  #state = "";
  #stop: () => void;
  #told: ReturnType<ReturnType<typeof feedOf>["tell"]> | undefined;

  constructor(
    private readonly element: Holder,
    network: string,
    private readonly room: string,
  ) {
    this.#talk = talkOf(element.source, network);
    if (element.offer) this.#talk.model.title = element.offer.title;
    this.#log = new LogView(element);
    keep.sweepDrafts();
    this.#draft = keep.draft(element.place);
    this.#showsPeople = element.members;
    this.#composer = new ComposerView({
      requestUpdate: () => element.redraw(),
      renderRoot: element.renderRoot,
      wrote: (text, isDraft) => {
        if (isDraft) keep.keepDraft(element.place, text);
        this.#typing.wrote(text);
      },
      draft: () => keep.draft(element.place),
      say: (text, kind, replyTo) => {
        const where = this.#where;
        if (!where) return;
        this.#typing.sent();
        this.#log.toEnd();
        this.#talk.saying.say(where, text, kind, replyTo);
      },
      edit: ({ id = "" }, text) => {
        const where = this.#where;
        if (where) void this.#talk.saying.ask(where, { do: "edit", to: where.name, id, text });
      },
      lastOwn: () => this.#where && lastOwn(this.#where),
      can: (what) => this.#talk.model.features.has(what),
      complete: (field, by) => this.#complete(field, by),
      restore: (field) => this.#completing.restore(field),
    });
    this.#announcer = new Announcer(() => element.redraw());
    this.#bar = new BarView(() => element.requestUpdate());
    this.#typing = new Typing(this.#talk, () => this.#where, () => element.redraw());
    this.#stop = this.#talk.watch((event) => this.#onEvent(event));
    for (const name of ["focus", "visibilitychange"]) addEventListener(name, this.#seen);
  }

  get #where(): Conversation | undefined {
    return this.#talk.find(this.room);
  }

  // Without a nick: only if the room is one that we are in already.
  async enter(nick: string | undefined, login?: Login, key?: string): Promise<Outcome> {
    const { element, room } = this;
    const talk = this.#talk;
    try {
      if (nick !== undefined) await talk.enter(nick, room, login, key);
      else if (!(await talk.goOn()) || !this.#where) return { isIn: false, fault: "" };
    } catch (error) {
      const { code, message } = error as ChatError;
      const at = { nick: login?.account ?? nick ?? "", room: nameOf(room), network: talk.model.title };
      const { words } = element;
      const isNick = code === "bad_nick" && words;
      const fault =
        (isNick && nickFault(at.nick, element.offer?.nick, words.nicks)) ||
        (words ? failureSentence(code, message, at, words.failure) : message);
      return { isIn: false, fault, code };
    }
    talk.show(element, room);
    this.#told = feedOf(element.source).tell(talk.network, room);
    return { isIn: true, fault: "" };
  }

  end(): void {
    this.#stop();
    this.#told?.end();
    this.#talk.hide(this.element);
    this.#bar.end();
    this.#typing.end();
    for (const name of ["focus", "visibilitychange"]) removeEventListener(name, this.#seen);
  }

  // --- what happens -------------------------------------------------------------------------------

  #onEvent(event: ChatEvent | Hello | undefined): void {
    const where = this.#where;
    if (event?.ev === "said" && where && event.room === where.name && !event.self) {
      const line = where.lines[where.lines.length - 1];
      if (line?.type === "said") this.#heard(where, line);
    }
    if (where) this.#told?.look(lookOf(this.#talk.network, this.room, where));
    this.element.redraw();
  }

  #heard(where: Conversation, line: SaidLine): void {
    this.#announcer.hear(where, line, this.element.words);
    const { from, text, mention } = line;
    if (mention) this.element.tell("halley-mention", { from, text });
    this.#seen();
  }

  // In view and at its end: read. Otherwise the host page may show a number.
  #seen = (): void => {
    const where = this.#where;
    if (!where) return;
    if (!document.hidden && document.hasFocus() && this.#log.following) {
      markRead(this.#talk.model, where, where.lines[where.lines.length - 1]?.at ?? Date.now());
    }
    const { unread, mentions } = where;
    if (unread === this.#unread) return;
    this.#unread = unread;
    this.element.tell("halley-unread", { unread, mentions });
  };

  // --- drawing ------------------------------------------------------------------------------------

  render(words: Words): TemplateResult {
    const { element, room } = this;
    const talk = this.#talk;
    const where = this.#where;
    this.#times ??= timesIn(words.tag);
    const name = nameOf(room);
    const rows: Rows = {
      words,
      times: this.#times,
      onAgain: (line: SaidLine) => where && talk.saying.sayAgain(where, line),
      reason: ({ code = "", error = "" }: SaidLine) =>
        failureSentence(code, error, { nick: "", room: name, network: talk.model.title }, words.failure),
      onDiscard: (line: SaidLine) => where && talk.saying.discard(where, line),
      find: (id) => where?.ids.get(id),
      onJump: (line) => void this.#log.jump(line),
    };
    const isTalking = where?.joined && !element.readonly;
    if (isTalking) {
      rows.tools = (line) => this.#acting?.tools(where, line, words);
      if (talk.model.features.has("react")) {
        rows.onReact = (line, mark) => void this.#act().then((acting) => acting?.react(where, line, mark));
      }
    }
    const canAsk = where?.joined && talk.model.features.has("history");
    return frame(
      element,
      words,
      html`${head(where, name, words, this.#showsPeople, this.#headActs)} ${this.#notice(where, words)}
        ${where
          ? this.#log.render(
              where,
              name,
              rows,
              canAsk ? () => talk.saying.earlier(where) : undefined,
              isTalking ? (event) => void this.#point(event) : undefined,
            )
          : html`<div class="log"></div>`}
        ${talk.model.features.has("typing") ? this.#typing.render(words) : nothing}
        ${this.#showsPeople && where ? people(where, words, () => this.#toggle()) : nothing}
        ${element.readonly
          ? html`<p class="reading">${words.reading}</p>`
          : this.#composer.render(name, this.#draft, words)}
        <div class="aside" aria-live="polite">${this.#announcer.text}</div>`,
      (event) => this.#onKey(event),
    );
  }

  // What can be done with a message is fetched when somebody points at one; without it one can still talk.
  #act(): Promise<Acting | undefined> {
    this.#fetched ??= this.#fetch().catch(() => (this.#fetched = undefined));
    return this.#fetched;
  }

  async #fetch(): Promise<Acting> {
    const code = await import("./acting.ts");
    const { element } = this;
    const owner = {
      root: element.renderRoot as ShadowRoot,
      redraw: () => {
        element.requestUpdate();
        return element.updateComplete;
      },
      reply: (line: SaidLine) => this.#composer.replyTo(line),
      edit: (line: SaidLine) => this.#composer.edit(line),
    };
    return (this.#acting = new code.Acting(owner, this.#talk));
  }

  async #point(event: Event): Promise<void> {
    const { type, target, relatedTarget } = event as FocusEvent;
    const acting = await this.#act();
    acting?.point(type, (type === "focusout" ? relatedTarget : target) as Element | null);
  }

  settle(): void {
    this.#log.settle();
    this.#seen();
  }

  #toggle(): void {
    this.#showsPeople = !this.#showsPeople;
    this.element.requestUpdate();
  }

  #notice(where: Conversation | undefined, words: Words): TemplateResult {
    const talk = this.#talk;
    const notice = noticeOf(talk, where, words, () => this.#again());
    this.#tellState(notice);
    return this.#bar.render(notice, talk.troubleSince, talk.session.state.phase === "waiting");
  }

  // Where nobody gets in without an account, after a reload only with its password.
  #again(): void {
    if (this.#talk.hasLogin || this.element.offer?.guest !== false) void this.#talk.again();
    else this.element.leave();
  }

  #tellState(notice: Notice | undefined): void {
    const state = notice ? (notice.tone === "calm" ? "connecting" : "trouble") : "open";
    if (state === this.#state) return;
    this.#state = state;
    queueMicrotask(() => this.element.tell("halley-state", { state, text: notice?.text ?? "" }));
  }

  // False: there is nothing to complete.
  #complete(field: HTMLTextAreaElement, by: 1 | -1): boolean {
    const where = this.#where;
    const nick = where && this.#completing.tab(field, by, this.#talk.model, where);
    if (nick) this.#announcer.say(plainName(shortName(nick)));
    return nick !== undefined;
  }

  // Escape closes what is open, then gives the focus back to the host page.
  #onKey(event: KeyboardEvent): void {
    this.#acting?.key(event);
    if (event.key !== "Escape" || event.isComposing || this.#composer.stop()) return;
    if (this.#showsPeople && !this.element.members) return this.#toggle();
    ((this.element.renderRoot as ShadowRoot).activeElement as HTMLElement | null)?.blur();
  }
}
