// SPDX-License-Identifier: GPL-3.0-or-later
//
// The log: a window of at most 200 rows onto as many lines as there are. At the end it stays at the
// end; anywhere else the line being read keeps its place on the screen whatever is put in around it.
// Lines outside the window are stood in for by space, estimated from the rows that were measured.
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { shortName, type Conversation, type Line } from "../client/index.ts";
import { chat } from "./chat.ts";
import { icon, Part } from "./part.ts";
import { row, type Rows } from "./rows.ts";
import { plainName } from "./text.ts";
import { words } from "./words.ts";

const most = 200; // rows at once
const following = 100; // rows kept while at the end, at most
const margin = 60; // rows ready above and below what is seen
const near = 40; // px from the end that count as being there
const page = 100; // lines of history asked for at once
const w = words.room;

export class Log extends Part {
  private where: Conversation | undefined;
  private start = 0;
  private end = 0;
  private rowHeight = 26;
  private anchor: { key: number; top: number } | undefined;
  private opened = new Set<number>();
  private lastKey = 0; // of the last line when the end was last seen
  private firstKey = 0;
  private loading = false;
  private scroller: HTMLElement | null = null;
  private resizes = new ResizeObserver(() => this.settle());
  private markPending = false;
  private lastTop = 0; // where we put the scroller ourselves

  private rows: Rows = {
    where: undefined as unknown as Conversation,
    opened: this.opened,
    onToggle: (key) => {
      if (!this.opened.delete(key)) this.opened.add(key);
      this.keepPlace();
      this.requestUpdate();
    },
    onNick: (nick) => this.dispatchEvent(new CustomEvent("nick", { detail: nick, bubbles: true })),
  };

  toEnd(): void {
    chat.following = true;
    this.requestUpdate();
  }

  // --- which lines ------------------------------------------------------------------------------

  protected override willUpdate(): void {
    const where = chat.current;
    if (!where) return;
    const { lines } = where;
    if (where !== this.where) this.change(where);
    this.rows.where = where;
    if (this.markPending) return;
    if (chat.following) {
      this.end = lines.length;
      this.start = Math.max(0, this.end - this.screens(2));
      this.lastKey = lines[lines.length - 1]?.key ?? 0;
      this.anchor = undefined;
      return;
    }
    this.keepPlace();
    // Lines may have been put in before the window or dropped from the front.
    const moved = this.indexOf(this.firstKey) - this.start;
    if (moved && this.indexOf(this.firstKey) >= 0) {
      this.start += moved;
      this.end += moved;
    }
    this.end = Math.min(Math.max(this.end, this.start), lines.length);
    // New lines come into view below while there is room for them.
    if (lines.length - this.end < margin && this.end - this.start < most) {
      this.end = Math.min(lines.length, this.start + most);
    }
  }

  // Rows that fill the view so many times; the first screens are drawn before it can be measured.
  private screens(count: number): number {
    const height = this.scroller?.clientHeight ?? 1000;
    return Math.min(following, Math.ceil((count * height) / this.rowHeight));
  }

  private change(where: Conversation): void {
    this.where = where;
    this.opened.clear();
    this.anchor = undefined;
    this.loading = false;
    this.markPending = where.markAt > 0;
    if (!this.markPending) return;
    // Opened with something unread: the first of it stands at a quarter of the height.
    const first = where.lines.findIndex((line) => line.at > where.markAt);
    if (first < 0) {
      this.markPending = false;
      return;
    }
    this.start = Math.max(0, first - margin);
    this.end = Math.min(where.lines.length, this.start + most);
  }

  private indexOf(key: number): number {
    const lines = this.where?.lines ?? [];
    if (lines[this.start]?.key === key) return this.start;
    return lines.findIndex((line) => line.key === key);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { where } = this;
    if (!where) return nothing;
    const { lines } = where;
    const { start, end } = this;
    this.firstKey = lines[start]?.key ?? 0;
    const shown: Line[] = lines.slice(start, end);
    const name = shortName(where.name) || words.sidebar.messages;
    return html`<div
        class="log"
        role="log"
        tabindex="0"
        aria-live="off"
        aria-label=${w.log(name)}
        @scroll=${() => this.onScroll()}
      >
        <div class="space" .style=${`height:${start * this.rowHeight}px`}></div>
        ${start === 0 ? this.top(where) : nothing}
        <div class="lines">
          ${repeat(
            shown,
            (line) => line.key,
            (line, i) => row(this.rows, line, lines[start + i - 1]),
          )}
        </div>
        <div class="space" .style=${`height:${(lines.length - end) * this.rowHeight}px`}></div>
      </div>
      ${this.typing(where)} ${this.pill(where)}`;
  }

  private top(where: Conversation): TemplateResult | typeof nothing {
    if (!where.lines.some((line) => line.type === "said")) return this.empty(where);
    if (this.loading) return html`<div class="top">${w.earlier}</div>`;
    const canAsk = chat.connection?.model.features.has("history") && where.name;
    return where.historyDone || !canAsk ? html`<div class="top">${w.beginning}</div>` : nothing;
  }

  private empty(where: Conversation): TemplateResult | typeof nothing {
    if (!where.name || (where.isRoom && !where.joined)) return nothing;
    if (!where.isRoom) {
      return html`<div class="empty">${w.nothingDirect(plainName(shortName(where.name)))}</div>`;
    }
    if (!where.membersKnown || where.members.size > 1) {
      return html`<div class="empty">${w.nothing}</div>`;
    }
    return html`<div class="empty">
      <p>${w.first}</p>
      <p class="share">
        <code>${location.href}</code>
        <button
          class="small"
          @click=${(event: Event) => {
            const button = event.currentTarget as HTMLButtonElement;
            void navigator.clipboard?.writeText(location.href).then(() => {
              button.textContent = w.copied;
            });
          }}
        >
          ${w.copyLink}
        </button>
      </p>
    </div>`;
  }

  private typing(where: Conversation): TemplateResult {
    const now = Date.now();
    const names = [...where.typing].filter(([, until]) => until > now).map(([nick]) => nick);
    if (names.length) setTimeout(() => this.requestUpdate(), 1500);
    return html`<div class="typing">${names.length ? w.typing(names.map(plainName)) : nothing}</div>`;
  }

  private pill(where: Conversation): TemplateResult | typeof nothing {
    if (chat.following) return nothing;
    let fresh = 0;
    for (let i = where.lines.length - 1; i >= 0 && fresh < 100; i--) {
      const line = where.lines[i] as Line;
      if (line.key === this.lastKey) break;
      if (line.type === "said" && line.key > this.lastKey) fresh++;
    }
    return html`<button class="pill" @click=${() => this.toEnd()}>
      ${icon("down")}${fresh ? w.latestNew(fresh) : w.latest}
    </button>`;
  }

  // --- where we stand ---------------------------------------------------------------------------

  protected override firstUpdated(): void {
    this.scroller = this.querySelector(".log");
    if (this.scroller) this.resizes.observe(this.scroller);
    const lines = this.querySelector(".lines");
    if (lines) this.resizes.observe(lines);
  }

  protected override updated(_: PropertyValues): void {
    this.settle();
    if (!chat.following) return;
    // Room left above: there may be something to fill it with.
    const { scroller, where } = this;
    if (this.start === 0 && where && scroller && scroller.scrollHeight <= scroller.clientHeight) {
      void this.loadEarlier(where);
    }
    const count = this.end - this.start;
    const height = this.querySelector<HTMLElement>(".lines")?.offsetHeight ?? 0;
    if (count > 20 && height) this.rowHeight = height / count;
  }

  // Remembers the first row in view before something changes.
  private keepPlace(): void {
    const { scroller } = this;
    if (!scroller || chat.following) return;
    const top = scroller.getBoundingClientRect().top;
    for (const element of this.querySelectorAll<HTMLElement>(".line")) {
      const box = element.getBoundingClientRect();
      if (box.bottom <= top) continue;
      this.anchor = { key: Number(element.dataset.key), top: box.top - top };
      return;
    }
  }

  private settle(): void {
    const { scroller } = this;
    if (!scroller) return;
    if (this.markPending) {
      this.markPending = false;
      const mark = this.querySelector(".since");
      if (mark) {
        const offset = mark.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
        scroller.scrollTop += offset - scroller.clientHeight / 4;
      }
      chat.following = this.atEnd();
      if (chat.following) chat.seen();
      this.keepPlace();
      return;
    }
    if (chat.following) {
      scroller.scrollTop = scroller.scrollHeight;
      this.lastTop = scroller.scrollTop;
      chat.seen();
      return;
    }
    const { anchor } = this;
    const element = anchor && this.querySelector<HTMLElement>(`[data-key="${anchor.key}"]`);
    if (!anchor || !element) return;
    const top = element.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    if (Math.abs(top - anchor.top) > 0.5) scroller.scrollTop += top - anchor.top;
  }

  private atEnd(): boolean {
    return this.end >= (this.where?.lines.length ?? 0) && this.atBottom();
  }

  private atBottom(): boolean {
    const { scroller } = this;
    if (!scroller) return false;
    return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight <= near;
  }

  private onScroll(): void {
    const { scroller, where } = this;
    if (!scroller || !where) return;
    const was = chat.following;
    // What grows below is no reason to stop following; only scrolling up is.
    if (was && scroller.scrollTop >= this.lastTop - 2) return;
    // While following, lines that are not drawn yet are no distance either.
    chat.following = was ? this.atBottom() : this.atEnd();
    if (chat.following) {
      chat.seen();
      if (!was) this.requestUpdate();
      return;
    }
    this.keepPlace();
    this.moveWindow(where, scroller);
    if (was) this.requestUpdate();
    if (this.start === 0 && scroller.scrollTop < 300) void this.loadEarlier(where);
  }

  private moveWindow(where: Conversation, scroller: HTMLElement): void {
    const { lines } = where;
    const seen = Math.ceil(scroller.clientHeight / this.rowHeight);
    const at = this.anchor && this.indexOfAny(this.anchor.key);
    const box = this.querySelector(".lines")?.getBoundingClientRect();
    const view = scroller.getBoundingClientRect();
    const outside = !box || box.bottom < view.top || box.top > view.bottom;
    // Dragged far away: there is no row to hold on to, only the place.
    const first = outside || at === undefined ? Math.floor(scroller.scrollTop / this.rowHeight) : at;
    if (outside) this.anchor = undefined;
    const tight =
      (this.start > 0 && first - this.start < margin / 3) ||
      (this.end < lines.length && this.end - first - seen < margin / 3);
    if (!tight && !outside) return;
    this.start = Math.max(0, Math.min(first - margin, lines.length - following));
    this.end = Math.min(lines.length, this.start + Math.min(most, seen + 2 * margin));
    this.firstKey = lines[this.start]?.key ?? 0;
    this.requestUpdate();
  }

  private indexOfAny(key: number): number | undefined {
    const lines = this.where?.lines ?? [];
    for (let i = this.start; i < this.end; i++) if (lines[i]?.key === key) return i;
    return undefined;
  }

  private async loadEarlier(where: Conversation): Promise<void> {
    const { connection, active } = chat;
    if (this.loading || where.historyDone || !where.name || !connection || !active) return;
    if (!where.joined || connection.link.phase !== "open") return;
    if (!connection.model.features.has("history")) return;
    const first = where.lines.find((line) => line.type === "said");
    this.loading = true;
    this.requestUpdate();
    const bound =
      first?.type === "said" && first.id
        ? { before: first.id }
        : first
          ? { before_at: first.at }
          : {};
    const before = where.lines.length;
    const result = await chat
      .do(active.network, { do: "history", to: where.name, limit: page, ...bound })
      .catch(() => undefined);
    this.loading = false;
    // Nothing came although more was promised: do not ask for ever.
    if (!result?.ok || where.lines.length === before) where.historyDone = true;
    this.requestUpdate();
  }
}
customElements.define("halley-log", Log);
