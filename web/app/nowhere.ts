// SPDX-License-Identifier: GPL-3.0-or-later
//
// In no room: a field for the name of one, and some to choose from.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { sameName, shortName, type RoomEntry } from "../client/index.ts";
import { chat } from "./chat.ts";
import { failureText } from "./failing.ts";
import { icon, Part } from "./part.ts";
import { plainName } from "./text.ts";
import { speech, words } from "./words.ts";
import { more } from "./words_later.ts";
import { wear } from "./sheets.ts";
import "./joining.ts";
import css from "./nowhere.css";

wear(css);

const most = 8; // rooms

// The biggest first, then those that the operator names and the network does not tell of.
export function suggestions(listed: readonly RoomEntry[], named: readonly string[]): Partial<RoomEntry>[] {
  const known = [...listed].sort((a, b) => b.members - a.members);
  const isListed = (room: string): boolean =>
    known.some((one) => sameName(shortName(one.room), shortName(room)));
  const others = named.filter((room) => !isListed(room)).map((room) => ({ room }));
  return [...known, ...others].slice(0, most);
}

export class Nowhere extends Part {
  network!: string;

  #asked = "";
  #rooms: RoomEntry[] = [];
  #error = "";

  protected override willUpdate(): void {
    const { network } = this;
    const canList = chat.connections.get(network)?.model.features.has("list");
    if (!canList || this.#asked === network) return;
    this.#asked = network;
    this.#rooms = [];
    void chat.do(network, { do: "list" }).then(
      ({ rooms = [] }) => {
        this.#rooms = rooms;
        this.requestUpdate();
      },
      () => {},
    );
  }

  protected override render(): TemplateResult {
    const { network } = this;
    const named = chat.offers?.find((one) => one.network === network)?.rooms ?? [];
    const rooms = suggestions(this.#rooms, named);
    const title = chat.connections.get(network)?.model.title ?? network;
    return html`<div class="nowhere">
      <h2>${words.sidebar.empty}</h2>
      <halley-join .network=${network}></halley-join>
      ${this.#error ? html`<p class="problem" role="alert">${this.#error}</p>` : nothing}
      ${rooms.length ? html`<h3>${more.joining.suggested(title)}</h3>` : nothing}
      ${rooms.map(({ room = "", name, members, topic }) => {
        return html`<button class="entry" title=${room} @click=${() => void this.#join(room)}>
          <span class="name" dir="auto">${plainName(name || shortName(room))}</span>
          ${members === undefined
            ? nothing
            : html`<span class="count">${icon("people")}${speech.number.format(members)}</span>`}
          ${topic ? html`<span class="topic" dir="auto">${plainName(topic)}</span>` : nothing}
        </button>`;
      })}
    </div>`;
  }

  async #join(room: string): Promise<void> {
    const { network } = this;
    const { error } = await chat.join(network, room);
    const title = chat.connections.get(network)?.model.title ?? network;
    this.#error = error ? failureText(error.code, error.text, { nick: "", room, network: title }) : "";
    this.requestUpdate();
  }
}
customElements.define("halley-nowhere", Nowhere);
