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
import { firstInView, pills, top, typing } from "./log_edges.ts";
import { Part } from "./part.ts";
import { leaveMessage, point, toolsAt } from "./pointing.ts";
import { row, type Rows } from "./rows.ts";
import { ofRoom } from "./settings.ts";
import { words } from "./words.ts";

const most = 200; // rows at once
const following = 100; // rows kept while at the end, at most
const margin = 60; // rows ready above and below what is seen
const rush = 30; // lines since the last drawing that make a flood
const near = 40; // px from the end that count as being there
const manyUnread = 500; // from here on the end is shown, and the way to the first offered
const w = words.room;

export class Log extends Part {
  app!: App;

  where: Conversation | undefined;
  #start = 0;
  #end = 0;
  #rowHeight = 26;
  #anchor: { key: number; top: number } | undefined;
  #opened = new Set<number>();
  #lastKey = 0; // of the last line when the end was last seen
  #firstKey = 0;
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
  #lastTop = 0; // where we put the scroller ourselves
  #lastHeight = 0; // of it then; another one moves it too
  #firstNew = 0; // key of the first of very many unread lines
  #mentionsAbove: number[] = []; // keys not seen yet

  #rows: Rows = {
    where: undefined as unknown as Conversation,
    place: { network: "", name: "" },
    presence: "smart",
    opened: this.#opened,
    shown: new Set(),
    onToggle: (key) => {
      if (!this.#opened.delete(key)) this.#opened.add(key);
      this.#keepPlace();
      this.requestUpdate();
    },
    onShow: (url) => {
      this.#rows.shown.add(url);
      this.#keepPlace();
      this.requestUpdate();
    },
    onNick: (nick) => this.app.openPerson(nick),
    onJump: (id) => this.toMessage(id),
    onReact: (line, mark) => {
      void import("./writing.ts").then(({ react }) => react(this.#rows.place, line, mark), () => {});
    },
  };

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
    this.#start = Math.max(0, at - margin);
    this.#end = Math.min(lines.length, this.#start + most);
    this.#firstKey = lines[this.#start]?.key ?? 0;
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
    if (chat.following && !this.#wasFollowing) this.#lastTop = 0;
    this.#wasFollowing = chat.following;
    if (chat.following) {
      // In a flood what is above the view would be gone before anybody has scrolled there.
      const screens = lines.length - this.#end > rush ? 1.2 : 2;
      this.#end = lines.length;
      this.#start = Math.max(0, this.#end - this.#screens(screens));
      this.#lastKey = lines[lines.length - 1]?.key ?? 0;
      this.#anchor = undefined;
      return;
    }
    this.#keepPlace();
    // Lines may have been put in before the window or dropped from the front.
    const moved = this.#indexOf(this.#firstKey) - this.#start;
    if (moved && this.#indexOf(this.#firstKey) >= 0) {
      this.#start += moved;
      this.#end += moved;
    }
    this.#end = Math.min(Math.max(this.#end, this.#start), lines.length);
    // New lines come into view below while there is room for them.
    if (lines.length - this.#end < margin && this.#end - this.#start < most) {
      this.#end = Math.min(lines.length, this.#start + most);
    }
  }

  // Rows that fill the view so many times; the first screens are drawn before it can be measured.
  #screens(count: number): number {
    return Math.min(following, Math.ceil((count * this.#height) / this.#rowHeight));
  }

  #change(where: Conversation): void {
    if (this.where) this.where.reading = undefined;
    this.where = where;
    this.#end = where.lines.length;
    this.#opened.clear();
    this.#anchor = where.reading;
    this.#loading = false;
    this.#lastTop = 0;
    leaveMessage(this);
    this.#firstNew = 0;
    this.#mentionsAbove = [];
    // After a reload: where the reader stood.
    const read = where.lines.findIndex(({ key }) => key === where.reading?.key);
    if (read >= 0) {
      this.#lastKey = where.lines.at(-1)?.key ?? 0;
      return this.#lookAt(where, read);
    }
    this.#markPending = where.markAt > 0;
    if (!this.#markPending) return;
    // Opened with something unread: the first of it stands at a quarter of the height.
    const first = where.lines.findIndex((line) => line.at > where.markAt);
    this.#markPending = first >= 0;
    if (first < 0) return;
    this.#mentionsAbove = where.lines
      .slice(first)
      .filter((line) => line.type === "said" && line.mention)
      .map((line) => line.key);
    if (where.lines.length - first >= manyUnread) {
      this.#firstNew = where.lines[first]?.key ?? 0;
      this.#markPending = false;
      return;
    }
    this.#start = Math.max(0, first - margin);
    this.#end = Math.min(where.lines.length, this.#start + most);
  }

  #indexOf(key: number): number {
    const lines = this.where?.lines ?? [];
    if (lines[this.#start]?.key === key) return this.#start;
    return lines.findIndex((line) => line.key === key);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { where } = this;
    if (!where) return nothing;
    const { lines } = where;
    const start = this.#start;
    const end = this.#end;
    this.#firstKey = lines[start]?.key ?? 0;
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
      ${pills(where, {
        lastKey: this.#lastKey,
        firstNew: this.#firstNew,
        mentionsAbove: this.#mentionsAbove.length,
        toEnd: () => this.toEnd(),
        toFirstNew: () => {
          this.toKey(this.#firstNew);
          this.#firstNew = 0;
        },
        toMention: () => this.toKey(this.#mentionsAbove.pop() ?? 0),
      })}`;
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
    const start = this.#start;
    if (!where || !this.#lines) return;
    const shown = where.lines.slice(start, this.#end);
    this.#keyed.show(this.#lines, shown, (i) => row(this.#rows, where.lines, start + i));
  }

  override measure(): void {
    this.#settle();
    if (!chat.following) return;
    // Room left above: there may be something to fill it with.
    const scroller = this.#scroller;
    const { where } = this;
    if (this.#start === 0 && where && scroller && scroller.scrollHeight <= scroller.clientHeight) {
      void this.#loadEarlier(where);
    }
    const count = this.#end - this.#start;
    const height = this.#lines?.offsetHeight ?? 0;
    if (count > 20 && height) this.#rowHeight = height / count;
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
      const mark = this.querySelector(".since");
      if (mark) {
        const offset = mark.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
        scroller.scrollTop += offset - scroller.clientHeight / 4;
      }
      chat.following = this.#atEnd();
      if (chat.following) chat.seen();
      this.#keepPlace();
      return;
    }
    if (chat.following) {
      if (this.where) this.where.reading = undefined;
      // Somebody has scrolled up, and the event that tells it is still to come.
      if (this.#isMoved(scroller) && !this.#atBottom()) return this.#onScroll();
      scroller.scrollTop = scroller.scrollHeight;
      this.#lastTop = scroller.scrollTop;
      this.#lastHeight = scroller.clientHeight;
      chat.seen();
      return;
    }
    const anchor = this.#anchor;
    if (!anchor) return this.#keepPlace(); // dragged far away, and now there are rows
    const element = this.querySelector<HTMLElement>(`[data-key="${anchor.key}"]`);
    if (!element) return;
    const top = element.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    if (Math.abs(top - anchor.top) > 0.5) scroller.scrollTop += top - anchor.top;
  }

  // Up, and by the reader.
  #isMoved({ scrollTop, clientHeight }: HTMLElement): boolean {
    return scrollTop < this.#lastTop - 2 && clientHeight === this.#lastHeight;
  }

  #atEnd(): boolean {
    return this.#end >= (this.where?.lines.length ?? 0) && this.#atBottom();
  }

  #atBottom(): boolean {
    const scroller = this.#scroller;
    if (!scroller) return false;
    return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight <= near;
  }

  #onScroll(): void {
    const scroller = this.#scroller;
    const { where } = this;
    if (!scroller || !where) return;
    const was = chat.following;
    // What grows below is no reason to stop following; only scrolling up is.
    if (was && !this.#isMoved(scroller)) return;
    // While following, lines that are not drawn yet are no distance either.
    chat.following = was ? this.#atBottom() : this.#atEnd();
    if (chat.following) {
      chat.seen();
      if (!was) this.requestUpdate();
      return;
    }
    this.#keepPlace();
    const anchor = this.#anchor;
    if (anchor) this.#mentionsAbove = this.#mentionsAbove.filter((key) => key < anchor.key);
    this.#moveWindow(where, scroller);
    if (was) this.requestUpdate();
    if (this.#start === 0 && scroller.scrollTop < 300) void this.#loadEarlier(where);
  }

  #moveWindow(where: Conversation, scroller: HTMLElement): void {
    const { lines } = where;
    const seen = Math.ceil(scroller.clientHeight / this.#rowHeight);
    const at = this.#anchor && this.#indexOfAny(this.#anchor.key);
    const box = this.#lines?.getBoundingClientRect();
    const view = scroller.getBoundingClientRect();
    const outside = !box || box.bottom < view.top || box.top > view.bottom;
    // Dragged far away: there is no row to hold on to, only the place.
    const first = outside || at === undefined ? Math.floor(scroller.scrollTop / this.#rowHeight) : at;
    if (outside) this.#anchor = undefined;
    const tight =
      (this.#start > 0 && first - this.#start < margin / 3) ||
      (this.#end < lines.length && this.#end - first - seen < margin / 3);
    if (!tight && !outside) return;
    this.#start = Math.max(0, Math.min(first - margin, lines.length - following));
    this.#end = Math.min(lines.length, this.#start + Math.min(most, seen + 2 * margin));
    this.#firstKey = lines[this.#start]?.key ?? 0;
    this.requestUpdate();
  }

  #indexOfAny(key: number): number | undefined {
    const lines = this.where?.lines ?? [];
    for (let i = this.#start; i < this.#end; i++) if (lines[i]?.key === key) return i;
    return undefined;
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
