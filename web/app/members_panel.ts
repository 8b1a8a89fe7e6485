// SPDX-License-Identifier: GPL-3.0-or-later
//
// The people of the room by role. Rows have one height and only those in view exist, so that ten
// thousand people cost what twenty do. Choosing somebody opens his card.
import { html, nothing, type TemplateResult } from "lit/html.js";
import {
  ownNick,
  ranks,
  shortName,
  type Conversation,
  type Member,
  type Rank,
} from "../client/index.ts";
import type { App } from "./shell.ts";
import { chat } from "./chat.ts";
import { slotOf } from "./colour.ts";
import { Part } from "./part.ts";
import { panelHead } from "./panel_head.ts";
import { settings } from "./settings.ts";
import { plainName } from "./text.ts";
import { words } from "./words.ts";

const w = words.panel;
const filterFrom = 20; // people, before a filter is worth its place

type Entry = { rank: Rank; count: number } | Member;

export class MembersPanel extends Part {
  app!: App;

  #filter = "";
  #top = 0;
  #height = 600;
  #entries: Entry[] = [];
  #built = "";
  #focused = 1; // the first entry is a heading
  #observed: Element | null = null;
  #resizes = new ResizeObserver(([entry]) => {
    this.#height = entry?.contentRect.height ?? this.#height;
    this.requestUpdate();
  });

  protected override willUpdate(): void {
    const { current, active } = chat;
    if (!current) return;
    const version = `${active?.network}/${current.name}/${current.members.version}/${this.#filter}`;
    if (version === this.#built) return;
    this.#built = version;
    this.#entries = this.#build(current);
    this.#focused = Math.max(1, Math.min(this.#focused, this.#entries.length - 1));
  }

  #build(current: Conversation): Entry[] {
    const wanted = this.#filter.toLowerCase();
    const people = wanted
      ? current.members.sorted.filter((one) => one.nick.toLowerCase().includes(wanted))
      : current.members.sorted;
    const entries: Entry[] = [];
    for (const rank of ranks) {
      const group = people.filter((one) => one.rank === rank);
      if (group.length) entries.push({ rank, count: group.length }, ...group);
    }
    return entries;
  }

  get #rowHeight(): number {
    const height = matchMedia("(pointer: coarse)").matches ? 44 : 28;
    return Math.round((height * settings.textSize) / 100);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { current } = chat;
    if (!current) return nothing;
    return html`<aside class="panel" aria-label=${w.title}>
      ${panelHead(this.app, w.title, current.members.size)} ${this.#list(current)}
    </aside>`;
  }

  #list(current: Conversation): TemplateResult {
    const height = this.#rowHeight;
    const first = Math.max(0, Math.floor(this.#top / height) - 10);
    const last = Math.min(this.#entries.length, first + Math.ceil(this.#height / height) + 20);
    const isShown = this.#focused >= first && this.#focused < last;
    const empty = this.#filter ? w.nobody(this.#filter) : current.membersKnown ? w.hidden : "";
    return html`${current.members.size > filterFrom
        ? html`<input
            type="search"
            placeholder=${w.filter}
            aria-label=${w.filter}
            .value=${this.#filter}
            @input=${(event: Event) => {
              this.#filter = (event.target as HTMLInputElement).value;
              this.requestUpdate();
            }}
          />`
        : nothing}
      <div
        class="people"
        role="listbox"
        tabindex="0"
        aria-label=${w.title}
        aria-activedescendant=${isShown ? `person-${this.#focused}` : nothing}
        @scroll=${(event: Event) => {
          this.#top = (event.currentTarget as HTMLElement).scrollTop;
          this.requestUpdate();
        }}
        @keydown=${(event: KeyboardEvent) => this.#onKey(event)}
      >
        ${this.#entries.length ? nothing : html`<p class="muted none">${empty}</p>`}
        <div class="all" role="presentation" .style=${`height:${this.#entries.length * height}px`}>
          ${this.#entries.slice(first, last).map((entry, i) => {
            const at = `transform:translateY(${(first + i) * height}px);height:${height}px`;
            return "count" in entry ? this.#group(entry, at) : this.#person(entry, first + i, at, current);
          })}
        </div>
      </div>`;
  }

  #group(entry: { rank: Rank; count: number }, at: string): TemplateResult {
    // Said with each person instead: a list box has no place for headings.
    return html`<div class="group" aria-hidden="true" .style=${at}>
      <span>${words.roles[entry.rank]}</span>
      <span>${entry.count}</span>
    </div>`;
  }

  #person(one: Member, index: number, at: string, current: Conversation): TemplateResult {
    const self = one.self || (chat.connection && one.nick === ownNick(chat.connection.model, current));
    const state = `${one.away ? " away" : ""}${index === this.#focused ? " focused" : ""}`;
    const name = plainName(shortName(one.nick));
    return html`<div
      class="person${state}"
      role="option"
      id="person-${index}"
      aria-selected="false"
      aria-setsize=${current.members.size}
      aria-posinset=${index + 1}
      aria-label="${[name, self && w.you, one.away && w.away].filter(Boolean).join(" ")}, ${words
        .roles[one.rank]}"
      title=${one.nick}
      .style=${at}
      @click=${() => this.app.openPerson(one.nick)}
    >
      <bdi class=${self ? "own-nick" : `n${slotOf(one.nick)}`}>${name}</bdi>
      ${self ? html`<span class="muted">${w.you}</span>` : nothing}
      ${one.away ? html`<span class="muted">${w.away}</span>` : nothing}
    </div>`;
  }

  #onKey(event: KeyboardEvent): void {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const entry = this.#entries[this.#focused];
    if (event.key === "Enter" && entry && !("count" in entry)) {
      this.app.openPerson(entry.nick);
    } else if (by) {
      let next = this.#focused + by;
      while (this.#entries[next] && "count" in (this.#entries[next] as Entry)) next += by;
      if (!this.#entries[next]) return;
      this.#focused = next;
      const list = this.querySelector(".people");
      const top = next * this.#rowHeight;
      if (list && top < list.scrollTop) list.scrollTop = top;
      else if (list && top + this.#rowHeight > list.scrollTop + this.#height) {
        list.scrollTop = top + this.#rowHeight - this.#height;
      }
      this.requestUpdate();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  protected override updated(): void {
    // Observing what is observed already tells its size again, and that draws again.
    const list = this.querySelector(".people");
    if (list === this.#observed) return;
    this.#observed = list;
    this.#resizes.disconnect();
    if (list) this.#resizes.observe(list);
  }
}
customElements.define("halley-members", MembersPanel);
declare global {
  interface HTMLElementTagNameMap {
    "halley-members": MembersPanel;
  }
}
