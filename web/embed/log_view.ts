// SPDX-License-Identifier: GPL-3.0-or-later
//
// The log of an embedded room: its last lines, at the end unless the reader has scrolled up. What stands
// in the page is bounded, however much is said: at the end 60 rows, further up 300 around what is read.
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Conversation, Line, SaidLine } from "../client/index.ts";
import { row, type Rows } from "./rows.ts";

const atEnd = 60; // rows while following: a few screens, as all of them may be new with each drawing
const most = 300; // rows while not
const more = 100; // rows put in above or below
const soon = 300; // px from the first or the last row, where more are wanted
const near = 40; // px from the end that count as being there

export interface LogOwner {
  requestUpdate(): void;
  updateComplete: Promise<unknown>;
  renderRoot: HTMLElement | DocumentFragment;
}
type Point = (event: Event) => void;

export class LogView {
  following = true;
  #first = 0; // key of the first row while not following
  #where: Conversation | undefined; // as it was drawn
  #above = 0; // lines that are there before the first row
  #below = 0; // and behind the last
  #lastTop = 0;
  #seenKey = 0; // of the last line when the end was seen
  #waiting = false;
  #hold: { key: number; top: number } | undefined;

  constructor(private readonly owner: LogOwner) {}

  get #scroller(): HTMLElement | null {
    return this.owner.renderRoot.querySelector(".log");
  }

  toEnd(): void {
    this.following = true;
    this.#lastTop = 0;
    this.owner.requestUpdate();
  }

  render(
    where: Conversation,
    name: string,
    rows: Rows,
    earlier: (() => Promise<void>) | undefined,
    onPoint: Point | undefined,
  ): TemplateResult {
    const { words } = rows;
    const { lines } = where;
    const start = this.#start(lines);
    const shown = lines.slice(start, this.following ? undefined : start + most);
    this.#where = where;
    this.#above = start;
    this.#below = lines.length - start - shown.length;
    const canAsk = earlier && !where.historyDone;
    if (this.following) this.#seenKey = lines[lines.length - 1]?.key ?? 0;
    const news = this.following ? 0 : this.#newsIn(lines);
    return html`<div
        class="log ${rows.times.isLong ? "long" : ""}"
        part="log"
        role="log"
        tabindex="0"
        aria-live="off"
        aria-label=${words.room.log(name)}
        @scroll=${() => this.#onScroll()}
        @keydown=${(event: KeyboardEvent) => this.#onKey(event)}
        @mouseover=${onPoint}
        @mouseleave=${onPoint}
        @focusin=${onPoint}
        @focusout=${onPoint}
      >
        ${start > 0 || canAsk
          ? html`<div class="top">
              <button ?disabled=${this.#waiting} @click=${() => void this.#older(earlier)}>
                ${this.#waiting ? words.room.earlier : words.older}
              </button>
            </div>`
          : nothing}
        ${lines.some((line) => line.type === "said") ? nothing : html`<p class="empty">${words.room.nothing}</p>`}
        <div class="lines">
          ${repeat(shown, (line) => line.key, (_, i) => row(rows, lines, start + i))}
        </div>
      </div>
      ${this.following || !news
        ? nothing
        : html`<button class="pill" @click=${() => this.toEnd()}>${words.room.latest} (${news})</button>`}`;
  }

  // Index of the first line that is shown.
  #start(lines: readonly Line[]): number {
    const follow = Math.max(0, lines.length - atEnd);
    if (this.following) {
      this.#first = lines[follow]?.key ?? 0;
      return follow;
    }
    const at = lines.findIndex((line) => line.key === this.#first);
    return at < 0 ? follow : at;
  }

  #newsIn(lines: readonly Line[]): number {
    let count = 0;
    for (let i = lines.length - 1; i >= 0 && (lines[i] as Line).key > this.#seenKey; i--) {
      if (lines[i]?.type === "said") count++;
    }
    return count;
  }

  async #older(earlier: (() => Promise<void>) | undefined): Promise<void> {
    this.following = false;
    if (this.#above === 0) {
      this.#waiting = true;
      this.owner.requestUpdate();
      await earlier?.();
      this.#waiting = false;
    }
    this.#move(-more);
  }

  // So many lines further down; what is read keeps its place.
  #move(by: number): void {
    const scroller = this.#scroller;
    if (!scroller || this.#hold) return;
    for (const one of scroller.querySelectorAll<HTMLElement>(".line")) {
      const top = this.#topOf(one, scroller);
      this.#hold = { key: Number(one.dataset.key), top };
      if (top + one.offsetHeight > 0) break;
    }
    const lines = this.#where?.lines ?? [];
    const at = lines.findIndex(({ key }) => key === this.#first);
    this.#first = lines[Math.max(0, at + by)]?.key ?? 0;
    this.owner.requestUpdate();
  }
  #topOf(row: Element, scroller: Element): number {
    return row.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  }

  // After each drawing: at the end it stays there, and rows put in above move nothing that is read.
  settle(): void {
    const scroller = this.#scroller;
    const hold = this.#hold;
    this.#hold = undefined;
    if (!scroller) return;
    if (this.following) {
      // Somebody has scrolled up, and the event that tells it is still to come.
      if (scroller.scrollTop < this.#lastTop - 2 && !this.#isAtBottom(scroller)) return this.#onScroll();
      scroller.scrollTop = scroller.scrollHeight;
      this.#lastTop = scroller.scrollTop;
      return;
    }
    const row = hold && scroller.querySelector(`[data-key="${hold.key}"]`);
    if (row) scroller.scrollTop += this.#topOf(row, scroller) - hold.top;
  }

  #isAtBottom(scroller: HTMLElement): boolean {
    return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight <= near;
  }

  #onScroll(): void {
    const scroller = this.#scroller;
    if (!scroller) return;
    const was = this.following;
    if (was && scroller.scrollTop >= this.#lastTop - 2) return;
    this.following = this.#isAtBottom(scroller) && (was || !this.#below);
    if (this.following && !was) this.toEnd();
    if (this.following !== was) this.owner.requestUpdate();
    if (this.following) return;
    const below = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
    if (this.#above && scroller.scrollTop < soon) this.#move(-more);
    else if (this.#below && below < soon) this.#move(more);
  }

  // Up and Down go from message to message.
  #onKey(event: KeyboardEvent): void {
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    const all = [...(this.#scroller?.querySelectorAll<HTMLElement>(".row.said") ?? [])];
    if (!by || !all.length || event.altKey || event.ctrlKey || event.metaKey) return;
    const root = this.owner.renderRoot as ShadowRoot;
    const at = all.indexOf(root.activeElement as HTMLElement);
    const to = at < 0 ? all[all.length - 1] : all[at + by];
    if (!to) return;
    event.preventDefault();
    this.#goTo(to);
  }

  #goTo(row: HTMLElement): void {
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  // To a line that may be out of what is shown.
  async jump({ key }: SaidLine): Promise<void> {
    const lines = this.#where?.lines ?? [];
    const at = lines.findIndex((line) => line.key === key);
    const isShown = at >= this.#above && at < lines.length - this.#below;
    if (!isShown) this.#first = lines[Math.max(0, at - 20)]?.key ?? 0;
    this.following = false;
    this.owner.requestUpdate();
    await this.owner.updateComplete;
    const row = this.#scroller?.querySelector<HTMLElement>(`[data-key="${key}"] > .row`);
    if (row) this.#goTo(row);
  }
}
