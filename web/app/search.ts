// SPDX-License-Identifier: GPL-3.0-or-later
//
// Looking through what is loaded in this window: every word of the question has to be there.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { shortName, type Conversation, type SaidLine } from "../client/index.ts";
import type { App } from "./shell.ts";
import { chat, type Place } from "./chat.ts";
import { slotOf } from "./colour.ts";
import { askEarlier, canAskEarlier } from "./earlier.ts";
import { Part } from "./part.ts";
import { isIgnored } from "./settings.ts";
import { plainName } from "./text.ts";
import { clockTime, fullTime, isoTime } from "./time.ts";
import { locale } from "./words.ts";
import { more } from "./words_later.ts";

const w = more.search;
const mostFound = 200;

export interface Found {
  place: Place;
  line: SaidLine;
}

// Newest first.
export function find(places: readonly Place[], question: string): Found[] {
  const wanted = question.toLowerCase().split(/\s+/).filter(Boolean);
  if (!wanted.length) return [];
  const found: Found[] = [];
  for (const place of places) {
    const where = chat.at(place);
    if (!where) continue;
    const { lines } = where;
    for (let i = lines.length - 1; i >= 0 && found.length < mostFound; i--) {
      const line = lines[i];
      if (line?.type !== "said" || line.removedBy !== undefined) continue;
      if (isIgnored(place.network, where, line.from)) continue;
      const text = `${line.from} ${line.text}`.toLowerCase();
      if (wanted.every((word) => text.includes(word))) found.push({ place, line });
    }
  }
  return found.sort((a, b) => b.line.at - a.line.at);
}

// For lists: of today the time, of another day its date.
const shortTime = (at: number): string =>
  new Date(at).toDateString() === new Date().toDateString()
    ? clockTime(at)
    : new Intl.DateTimeFormat(locale, { dateStyle: "short" }).format(at);

// Opens the place of a message and brings it into view.
export function goTo(app: App, place: Place, line: SaidLine): void {
  if (!chat.isActive(place.network, place.name) || app.page.page !== "chat") chat.open(place);
  if (app.isCompact()) app.show("room");
  void app.updateComplete.then(async () => {
    const room = app.querySelector("halley-room");
    await room?.updateComplete;
    const log = app.querySelector("halley-log");
    await log?.updateComplete;
    log?.toKey(line.key);
  });
}

export function messageRow({ place, line }: Found, app: App, withRoom: boolean): TemplateResult {
  return html`<li>
    <button class="entry" @click=${() => goTo(app, place, line)}>
      <span class="name"
        ><bdi class="n${slotOf(line.from)}">${plainName(shortName(line.from))}</bdi>
        ${withRoom ? html`<span class="muted">${plainName(shortName(place.name))}</span>` : nothing}
      </span>
      <time class="count" datetime=${isoTime(line.at)} title=${fullTime(line.at)}
        >${shortTime(line.at)}</time
      >
      <span class="topic" dir="auto">${plainName(line.text)}</span>
    </button>
  </li>`;
}

export class Search extends Part {
  app!: App;

  question = "";
  #everywhere = false;
  #isAsking = false;

  protected override firstUpdated(): void {
    this.querySelector("input")?.focus();
  }

  #results(where: Conversation): Found[] {
    const here = chat.active ?? { network: "", name: where.name };
    return find(this.#everywhere ? chat.places() : [here], this.question);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { current } = chat;
    if (!current) return nothing;
    const name = plainName(shortName(current.name));
    const found = this.#results(current);
    return html`<div class="search">
      <input
        type="search"
        name="search"
        placeholder=${w.field(name)}
        aria-label=${w.field(name)}
        .value=${this.question}
        @input=${(event: Event) => {
          this.question = (event.target as HTMLInputElement).value;
          this.requestUpdate();
        }}
      />
      <label class="check"
        ><input
          type="checkbox"
          .checked=${this.#everywhere}
          @change=${() => this.#toggle()}
        />${w.all}</label
      >
      <p class="muted" role="status">${found.length ? w.found(found.length) : w.scope}</p>
      ${this.question.trim() && !found.length ? this.#nothingFound(name) : nothing}
      ${this.#everywhere || !this.question.trim() ? nothing : this.#further(current, found.length > 0)}
      <ul class="found">
        ${found.map((one) => messageRow(one, this.app, this.#everywhere))}
      </ul>
    </div>`;
  }

  // What is not loaded: no network looks through its history for us, but it can be fetched.
  #further(current: Conversation, hasFound: boolean): TemplateResult | typeof nothing {
    if (current.historyDone && chat.connection?.model.features.has("history")) {
      return html`<p class="muted">${w.complete}</p>`;
    }
    // Said with the number where nothing is found.
    if (!canAskEarlier(current)) return hasFound ? html`<p class="muted">${w.scope}</p>` : nothing;
    return html`<button
      ?disabled=${this.#isAsking}
      @click=${async () => {
        this.#isAsking = true;
        this.requestUpdate();
        await askEarlier(current);
        this.#isAsking = false;
        this.requestUpdate();
      }}
    >
      ${w.further}
    </button>`;
  }

  #toggle(): void {
    this.#everywhere = !this.#everywhere;
    this.requestUpdate();
  }

  #nothingFound(name: string): TemplateResult {
    if (this.#everywhere) return html`<p>${w.noneAnywhere(this.question)}</p>`;
    return html`<p>
      ${w.none(this.question, name)}
      <button class="plain" @click=${() => this.#toggle()}>${w.tryAll}</button>
    </p>`;
  }
}
customElements.define("halley-search", Search);
