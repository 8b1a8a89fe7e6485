// SPDX-License-Identifier: GPL-3.0-or-later
//
// What can be done with one message of an embedded room: a small bar on the message that the pointer or the
// focus is on, with only what the network can do. Fetched when somebody first points at a message.
import { html, nothing, svg, type TemplateResult } from "lit";
import { quickReactions } from "../app/quick_reactions.ts";
import { plainName } from "../app/plain_text.ts";
import { ownNick, shortName, type Conversation, type SaidLine } from "../client/index.ts";
import type { Talk } from "./talk.ts";
import type { Words } from "./words.ts";

const signs = {
  reply: "M9 6l-5 5 5 5M4 11h9a6 6 0 016 6v1",
  react: "M12 3.500a8.500 8.500 0 110 17 8.500 8.500 0 010-17zM8.500 14.500c1 1.300 2.100 2 3.500 2s2.500-.7 3.500-2M9 9.500v.01M15 9.500v.01",
  edit: "M5 19l1-4L16 5l3 3L9 18z",
  retract: "M5 7h14M10 7V5h4v2M7 7l1 12h8l1-12",
};

export interface ActingOwner {
  redraw(): Promise<unknown>; // until it is drawn
  root: ShadowRoot;
  reply(line: SaidLine): void;
  edit(line: SaidLine): void;
}

export class Acting {
  #key = 0; // of the message that is pointed at; 0: none
  #isPicking = false; // among reactions

  constructor(
    private readonly owner: ActingOwner,
    private readonly talk: Talk,
  ) {}

  // From the log: mouseover, mouseleave, focusin with what it is on, focusout with where the focus goes.
  point(type: string, target: Element | null): void {
    const focused = this.owner.root.activeElement;
    if (type === "focusout" && !target) return; // nowhere: a button of the bar has given way to others
    if (type === "mouseover" && focused?.closest(".tools")) return; // whoever is in the bar stays in it
    const row = (type === "mouseleave" ? focused : target)?.closest<HTMLElement>(".row.said");
    const key = Number(row?.parentElement?.dataset.key ?? 0);
    if (key === this.#key) return;
    this.#key = key;
    this.#isPicking = false;
    void this.owner.redraw();
  }

  // R answers the message that has the focus, Enter goes into its bar.
  key(event: KeyboardEvent): void {
    const row = this.owner.root.activeElement;
    if (!row?.matches(".row.said") || event.ctrlKey || event.metaKey || event.altKey) return;
    const wanted = { Enter: ".tools button", r: ".tools .reply" }[event.key];
    const button = wanted && row.querySelector<HTMLElement>(wanted);
    if (!button) return;
    event.preventDefault();
    if (event.key === "r") button.click();
    else button.focus();
  }

  // The bar, if it is on this message.
  tools(where: Conversation, line: SaidLine, { tools: w }: Words): TemplateResult | typeof nothing {
    const isSaid = line.state !== "sending" && line.state !== "failed" && line.removedBy === undefined;
    if (line.key !== this.#key || !isSaid || !where.joined) return nothing;
    const who = plainName(shortName(line.from));
    const { features } = this.talk.model;
    const can = (what: string): boolean => features.has(what) && line.id !== undefined;
    const id = line.id ?? "";
    const label = this.#isPicking ? w.react : w.actions(who);
    return html`<div class="tools" role="toolbar" aria-label=${label}>
      ${this.#isPicking
        ? quickReactions.map(
            (mark) => html`<button aria-label=${mark} @click=${() => this.#react(where, line, mark)}>${mark}</button>`,
          )
        : [
            this.#button("reply", w.replyTo(who), () => this.owner.reply(line)),
            can("react") ? this.#button("react", w.react, () => void this.#pick()) : nothing,
            can("edit") && line.self ? this.#button("edit", w.edit, () => this.owner.edit(line)) : nothing,
            can("retract") && line.self
              ? this.#button("retract", w.retract, () => this.talk.saying.ask(where, { do: "retract", to: where.name, id }))
              : nothing,
          ]}
    </div>`;
  }

  #button(sign: keyof typeof signs, label: string, act: () => void): TemplateResult {
    return html`<button class=${sign} aria-label=${label} title=${label} @click=${act}>
      <svg viewBox="0 0 24 24" aria-hidden="true">${svg`<path d=${signs[sign]} />`}</svg>
    </button>`;
  }

  async #pick(): Promise<void> {
    this.#isPicking = true;
    await this.owner.redraw();
    this.owner.root.querySelector<HTMLElement>(".tools button")?.focus({ preventScroll: true });
  }

  #react(where: Conversation, line: SaidLine, mark: string): void {
    this.#isPicking = false;
    this.react(where, line, mark);
    this.owner.root.querySelector<HTMLElement>(`[data-key="${line.key}"] > .row`)?.focus({ preventScroll: true });
    void this.owner.redraw();
  }

  // A reaction of mine on or off; the network is told all of mine.
  react(where: Conversation, { id, reactions }: SaidLine, mark: string): void {
    if (!id) return;
    const me = ownNick(this.talk.model, where);
    const mine = [...(reactions ?? [])].filter(([, people]) => people.has(me)).map(([one]) => one);
    const all = mine.includes(mark) ? mine.filter((one) => one !== mark) : [...mine, mark];
    void this.talk.saying.ask(where, { do: "react", to: where.name, id, reactions: all });
  }
}
