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

interface Heading {
  rank: Rank;
  count: number;
}
type Entry = Heading | Member;
const isHeading = (entry: Entry | undefined): entry is Heading => entry !== undefined && "count" in entry;

export class MembersPanel extends Part {
  app!: App;

  #filter = "";
  #top = 0;
  #height = 600;
  #entries: Entry[] = [];
  #ranks: Rank[] = []; // those that have a heading among them
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
    const groups = ranks.map((rank) => people.filter((one) => one.rank === rank));
    this.#ranks = ranks.filter((_, i) => groups[i]?.length);
    return groups.flatMap((group) => {
      const [first] = group;
      return first ? [{ rank: first.rank, count: group.length }, ...group] : [];
    });
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
          ${this.#ranks.map((rank) => this.#group(rank, first, last, current))}
        </div>
      </div>`;
  }

  // Those of one rank who are in view, below its heading if that is.
  #group(rank: Rank, first: number, last: number, current: Conversation): TemplateResult | typeof nothing {
    const height = this.#rowHeight;
    const rows: TemplateResult[] = [];
    for (let i = first; i < last; i++) {
      const entry = this.#entries[i] as Entry;
      if (entry.rank !== rank) continue;
      const at = `transform:translateY(${i * height}px);height:${height}px`;
      rows.push(isHeading(entry) ? heading(entry, at) : this.#person(entry, i, at, current));
    }
    if (!rows.length) return nothing;
    return html`<div role="group" aria-label=${words.roles[rank]}>${rows}</div>`;
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
      aria-setsize=${this.#entries.length - this.#ranks.length}
      aria-posinset=${index - this.#ranks.indexOf(one.rank)}
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
    const { key } = event;
    const entry = this.#entries[this.#focused];
    const page = Math.max(1, Math.floor(this.#height / this.#rowHeight) - 1);
    const last = this.#entries.length - 1;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -last, End: last };
    const by = steps[key];
    if ((key === "Enter" || key === "ContextMenu") && entry && !isHeading(entry)) {
      this.app.openPerson(entry.nick);
    } else if (by) {
      this.#goTo(this.#focused + by, by);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  // A heading is passed by; above the first person there is one.
  #goTo(wanted: number, by: number): void {
    let next = Math.max(1, Math.min(wanted, this.#entries.length - 1));
    if (isHeading(this.#entries[next])) next += by < 0 ? -1 : 1;
    this.#focused = next;
    const list = this.querySelector(".people");
    const top = next * this.#rowHeight;
    // With the first person his heading comes into view.
    if (list && top < list.scrollTop + this.#rowHeight) list.scrollTop = top - this.#rowHeight;
    else if (list && top + this.#rowHeight > list.scrollTop + this.#height) {
      list.scrollTop = top + this.#rowHeight - this.#height;
    }
    this.requestUpdate();
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

// Its text is the name of the group already.
function heading({ rank, count }: Heading, at: string): TemplateResult {
  return html`<div class="group" aria-hidden="true" .style=${at}>
    <span>${words.roles[rank]}</span>
    <span>${count}</span>
  </div>`;
}
