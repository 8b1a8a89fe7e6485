// SPDX-License-Identifier: GPL-3.0-or-later
//
// The log of an embedded room: its last lines, at the end unless the reader has scrolled up. What stands
// in the page is bounded: at the end 150 rows, further up what the reader has asked for.
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Conversation, Line, SaidLine } from "../client/index.ts";
import { row, type Rows } from "./rows.ts";

const atEnd = 150; // rows while following
const more = 100; // rows added by asking for earlier ones
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
  #extra = 0; // earlier rows that were asked for
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
    this.#extra = 0;
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
    const shown = lines.slice(start);
    const canAsk = earlier && !where.historyDone;
    if (this.following) this.#seenKey = lines[lines.length - 1]?.key ?? 0;
    const news = this.following ? 0 : lines.filter((one) => one.key > this.#seenKey && one.type === "said").length;
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
              <button ?disabled=${this.#waiting} @click=${() => void this.#older(start, earlier)}>
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
    const follow = Math.max(0, lines.length - atEnd - this.#extra);
    if (this.following) {
      this.#first = lines[follow]?.key ?? 0;
      return follow;
    }
    const at = lines.findIndex((line) => line.key === this.#first);
    return at < 0 ? follow : at;
  }

  async #older(start: number, earlier: (() => Promise<void>) | undefined): Promise<void> {
    this.#leaveEnd();
    if (start > 0) {
      this.#extra += more;
      this.#first = -1; // the start is counted from the end again, once
      this.owner.requestUpdate();
      return;
    }
    this.#waiting = true;
    this.owner.requestUpdate();
    await earlier?.();
    this.#waiting = false;
    this.#extra += more;
    this.#first = -1;
    this.owner.requestUpdate();
  }

  #leaveEnd(): void {
    this.following = false;
    const scroller = this.#scroller;
    const first = scroller?.querySelector<HTMLElement>(".line");
    if (scroller && first) {
      this.#hold = { key: Number(first.dataset.key), top: this.#topOf(first, scroller) };
    }
  }
  #topOf(row: Element, scroller: Element): number {
    return row.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  }

  // After each drawing: at the end it stays there, and rows put in above move nothing that is read.
  settle(): void {
    const scroller = this.#scroller;
    if (!scroller) return;
    if (this.following) {
      // Somebody has scrolled up, and the event that tells it is still to come.
      if (scroller.scrollTop < this.#lastTop - 2 && !this.#isAtBottom(scroller)) return this.#onScroll();
      scroller.scrollTop = scroller.scrollHeight;
      this.#lastTop = scroller.scrollTop;
      return;
    }
    const { key = 0, top = 0 } = this.#hold ?? {};
    const row = this.#hold && scroller.querySelector(`[data-key="${key}"]`);
    if (row) scroller.scrollTop += this.#topOf(row, scroller) - top;
    this.#hold = undefined;
    if (this.#first < 0) this.#first = Number(scroller.querySelector<HTMLElement>(".line")?.dataset.key);
  }

  #isAtBottom(scroller: HTMLElement): boolean {
    return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight <= near;
  }

  #onScroll(): void {
    const scroller = this.#scroller;
    if (!scroller) return;
    const was = this.following;
    if (was && scroller.scrollTop >= this.#lastTop - 2) return;
    this.following = this.#isAtBottom(scroller);
    if (this.following && !was) this.toEnd();
    if (this.following !== was) this.owner.requestUpdate();
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

  // To a line that may be further up than what is shown.
  async jump({ key }: SaidLine): Promise<void> {
    this.following = false;
    if (key < this.#first) this.#first = key;
    this.owner.requestUpdate();
    await this.owner.updateComplete;
    const row = this.#scroller?.querySelector<HTMLElement>(`[data-key="${key}"] > .row`);
    if (row) this.#goTo(row);
  }
}
