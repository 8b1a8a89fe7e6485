// SPDX-License-Identifier: GPL-3.0-or-later
//
// The log: a window of at most 200 rows onto as many lines as there are. At the end it stays at the
// end; anywhere else the line being read keeps its place on the screen whatever is put in around it.
// Lines outside the window are stood in for by space, estimated from the rows that were measured.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { shortName, type Conversation, type Line } from "../client/index.ts";
import type { App } from "./shell.ts";
import { chat } from "./chat.ts";
import { askEarlier, canAskEarlier } from "./earlier.ts";
import { KeyedRows } from "./keyed.ts";
import { rowsOf } from "./log_acts.ts";
import { top, typing } from "./log_edges.ts";
import { News } from "./log_news.ts";
import { atBottom, End, firstInView, holdAt, toMark, type Anchor } from "./log_place.ts";
import { LogWindow } from "./log_window.ts";
import { Part } from "./part.ts";
import { leaveMessage, point, toolsAt } from "./pointing.ts";
import { rarely } from "./rarely.ts";
import { row } from "./rows.ts";
import { ofRoom } from "./settings.ts";
import { words } from "./words.ts";

const w = words.room;

export class Log extends Part {
  app!: App;

  where: Conversation | undefined;
  #window = new LogWindow();
  #rowHeight = 26;
  #anchor: Anchor | undefined;
  #lastKey = 0; // of the last line when the end was last seen
  #loading = false;
  #scroller: HTMLElement | null = null;
  #lines: HTMLElement | null = null;
  #keyed = new KeyedRows<Line>();
  #height = 1000; // of what is seen, in px
  #resizes = new ResizeObserver(() => {
    this.#height = this.#scroller?.clientHeight ?? 0;
    this.#settle();
  });
  #markPending = false;
  #jumping = false; // the window has been moved already
  #wasFollowing = true;
  #ending = new End();
  #news = new News();

  #rows = rowsOf(this);

  toEnd(): void {
    chat.following = true;
    this.requestUpdate();
  }

  // As if it were opened just now: at what is new.
  toNews(): void {
    if (this.where) this.#change(this.where);
    this.requestUpdate();
  }

  // Brings a message into view and gives it the focus.
  toMessage(id: string): void {
    const line = this.where?.ids.get(id);
    if (line) this.toKey(line.key);
    else if (this.where) void import("./finding.ts").then(({ find }) => find(this, id), () => {});
  }

  toKey(key: number): void {
    const { where } = this;
    const at = where?.lines.findIndex((line) => line.key === key) ?? -1;
    if (!where || at < 0) return;
    this.#lookAt(where, at);
    this.#anchor = { key, top: (this.#scroller?.clientHeight ?? 400) / 3 };
    this.#jumping = true;
    this.requestUpdate();
    void this.updateComplete.then(() => {
      this.querySelector<HTMLElement>(`[data-key="${key}"] .row`)?.focus({ preventScroll: true });
    });
  }

  #lookAt({ lines }: Conversation, at: number): void {
    chat.following = false;
    this.#window.around(lines, at);
  }

  // --- which lines ------------------------------------------------------------------------------

  protected override willUpdate(): void {
    const where = chat.current;
    if (!where) return;
    const { lines } = where;
    if (where !== this.where) this.#change(where);
    const { active } = chat;
    this.#rows.where = where;
    this.#rows.place = active ?? this.#rows.place;
    this.#rows.presence = ofRoom(active?.network ?? "", where.name).presence;
    if (this.#jumping) return void (this.#jumping = false);
    if (this.#markPending) return;
    // Told to follow from somewhere else: where we stand is no wish of the reader's.
    if (chat.following && !this.#wasFollowing) this.#ending.forget();
    this.#wasFollowing = chat.following;
    if (chat.following) {
      this.#window.toEnd(lines, this.#height / this.#rowHeight);
      this.#lastKey = lines[lines.length - 1]?.key ?? 0;
      this.#anchor = undefined;
      return;
    }
    this.#keepPlace();
    this.#window.keep(lines);
  }

  #change(where: Conversation): void {
    if (this.where) this.where.reading = undefined;
    this.where = where;
    this.#window.end = where.lines.length;
    this.#rows.opened.clear();
    this.#anchor = where.reading;
    this.#loading = false;
    this.#ending.forget();
    leaveMessage(this);
    this.#news = new News();
    // After a reload: where the reader stood.
    const read = where.lines.findIndex(({ key }) => key === where.reading?.key);
    if (read >= 0) {
      this.#lastKey = where.lines.at(-1)?.key ?? 0;
      return this.#lookAt(where, read);
    }
    const at = this.#news.open(where);
    this.#markPending = at !== undefined;
    if (at !== undefined) this.#window.around(where.lines, at);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { where } = this;
    if (!where) return nothing;
    const { lines } = where;
    const { start, end } = this.#window;
    this.#window.hold(lines);
    const name = shortName(where.name) || words.sidebar.messages;
    return html`<div class="log"
        role="log"
        tabindex="0"
        aria-live="off"
        aria-label=${w.log(name)}
        @scroll=${() => this.#onScroll()}
        @pointerover=${(event: Event) => point(this, event)}
        @pointerleave=${(event: Event) => point(this, event)}
        @focusin=${(event: Event) => point(this, event)}
        @contextmenu=${(event: Event) => point(this, event)}
        @keydown=${(event: Event) => point(this, event)}
      >
        <div class="space" .style=${`height:${start * this.#rowHeight}px`}></div>
        ${start === 0 ? top(where, this.#loading) : nothing}
        <div class="lines"></div>
        <div class="space" .style=${`height:${(lines.length - end) * this.#rowHeight}px`}></div>
        ${toolsAt(this)}
      </div>
      ${typing(where, () => this.requestUpdate())}
      ${chat.following && !this.#news.firstKey ? nothing : this.#ways(where)}`;
  }

  #ways(where: Conversation): unknown {
    const ways = {
      lastKey: this.#lastKey,
      firstNew: this.#news.firstKey,
      mentionsAbove: this.#news.mentions,
      toEnd: () => this.toEnd(),
      toFirstNew: () => this.toKey(this.#news.takeFirst()),
      toMention: () => this.toKey(this.#news.takeMention()),
    };
    return rarely(({ pills }) => pills(where, ways), nothing);
  }

  // --- where we stand ---------------------------------------------------------------------------

  protected override firstUpdated(): void {
    this.#scroller = this.querySelector(".log");
    if (this.#scroller) this.#resizes.observe(this.#scroller);
    this.#lines = this.querySelector(".lines");
    if (this.#lines) this.#resizes.observe(this.#lines);
  }

  protected override updated(): void {
    const { where } = this;
    const { start, end } = this.#window;
    if (!where || !this.#lines) return;
    const shown = where.lines.slice(start, end);
    this.#keyed.show(this.#lines, shown, (i) => row(this.#rows, where.lines, start + i));
  }

  override measure(): void {
    this.#settle();
    if (!chat.following) return;
    // Room left above: there may be something to fill it with.
    const scroller = this.#scroller;
    const { where } = this;
    const { start, end } = this.#window;
    if (start === 0 && where && scroller && scroller.scrollHeight <= scroller.clientHeight) {
      void this.#loadEarlier(where);
    }
    const count = end - start;
    const height = this.#lines?.offsetHeight ?? 0;
    if (count > 20 && height) this.#rowHeight = height / count;
  }

  redrawInPlace(): void {
    this.#keepPlace();
    this.requestUpdate();
  }

  // Remembers the first row in view before something changes.
  #keepPlace(): void {
    if (!this.#scroller || chat.following) return;
    this.#anchor = firstInView(this, this.#scroller) ?? this.#anchor;
    if (this.where) this.where.reading = this.#anchor;
  }

  #settle(): void {
    const scroller = this.#scroller;
    if (!scroller) return;
    if (this.#markPending) {
      this.#markPending = false;
      toMark(this, scroller);
      chat.following = this.#atEnd(scroller);
      if (chat.following) chat.seen();
      this.#keepPlace();
      return;
    }
    if (chat.following) {
      if (this.where) this.where.reading = undefined;
      // Somebody has scrolled up, and the event that tells it is still to come.
      if (this.#ending.isLeft(scroller) && !atBottom(scroller)) return this.#onScroll();
      this.#ending.reach(scroller);
      chat.seen();
      return;
    }
    const anchor = this.#anchor;
    if (!anchor) return this.#keepPlace(); // dragged far away, and now there are rows
    holdAt(this, scroller, anchor);
  }

  #atEnd(scroller: HTMLElement): boolean {
    return this.#window.end >= (this.where?.lines.length ?? 0) && atBottom(scroller);
  }

  #onScroll(): void {
    const scroller = this.#scroller;
    const { where } = this;
    if (!scroller || !where) return;
    const was = chat.following;
    // What grows below is no reason to stop following; only scrolling up is.
    if (was && !this.#ending.isLeft(scroller)) return;
    // While following, lines that are not drawn yet are no distance either.
    chat.following = was ? atBottom(scroller) : this.#atEnd(scroller);
    if (chat.following) {
      chat.seen();
      if (!was) this.requestUpdate();
      return;
    }
    this.#keepPlace();
    const anchor = this.#anchor;
    if (anchor) this.#news.cameTo(anchor.key);
    this.#moveWindow(where, scroller);
    if (was) this.requestUpdate();
    if (this.#window.start === 0 && scroller.scrollTop < 300) void this.#loadEarlier(where);
  }

  #moveWindow(where: Conversation, scroller: HTMLElement): void {
    const { lines } = where;
    const seen = Math.ceil(scroller.clientHeight / this.#rowHeight);
    const at = this.#anchor && this.#window.indexOf(lines, this.#anchor.key);
    const box = this.#lines?.getBoundingClientRect();
    const view = scroller.getBoundingClientRect();
    const outside = !box || box.bottom < view.top || box.top > view.bottom;
    // Dragged far away: there is no row to hold on to, only the place.
    const first = outside || at === undefined ? Math.floor(scroller.scrollTop / this.#rowHeight) : at;
    if (outside) this.#anchor = undefined;
    if (this.#window.follow(lines, first, seen, outside)) this.requestUpdate();
  }

  async #loadEarlier(where: Conversation): Promise<void> {
    if (this.#loading || !canAskEarlier(where)) return;
    this.#loading = true;
    this.requestUpdate();
    await askEarlier(where);
    this.#loading = false;
    this.requestUpdate();
  }
}
customElements.define("halley-log", Log);
declare global {
  interface HTMLElementTagNameMap {
    "halley-log": Log;
  }
}
