// SPDX-License-Identifier: GPL-3.0-or-later
//
// Ways into another room, in the list of rooms: the field for its name, below which stands what goes
// wrong, and invitations.
import { shortName } from "../client/index.ts";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { chat } from "./chat.ts";
import { Part } from "./part.ts";
import { plainName } from "./text.ts";
import { failureText } from "./words.ts";
import { more } from "./words_later.ts";
import { wear } from "./sheets.ts";
import css from "./joining.css";

wear(css);

const w = more.joining;

export class JoinField extends Part {
  network!: string;

  #error = "";

  get #field(): HTMLInputElement {
    return this.querySelector("input") as HTMLInputElement;
  }

  protected override firstUpdated(): void {
    this.#field.focus();
  }

  protected override render(): TemplateResult {
    return html`<form class="add" @submit=${(event: Event) => void this.#join(event)}>
      <input
        name="room"
        placeholder=${w.roomName}
        aria-label=${w.roomName}
        autocapitalize="none"
        autocomplete="off"
        maxlength="200"
        aria-invalid=${this.#error !== ""}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          this.#done();
        }}
      />
      <button class="small">${w.join}</button>
      ${this.#error ? html`<p class="problem" role="alert">${this.#error}</p>` : nothing}
    </form>`;
  }

  #done(): void {
    this.dispatchEvent(new CustomEvent("done"));
  }

  async #join(event: Event): Promise<void> {
    event.preventDefault();
    const { network } = this;
    const room = this.#field.value.trim();
    if (!room) return;
    const title = chat.connections.get(network)?.model.title ?? network;
    const result = await chat.join(network, room).catch(() => undefined);
    if (!result || result.ok) return this.#done();
    const { code = "", text = "" } = result.error ?? {};
    this.#error = failureText(code, text, { nick: "", room, network: title });
    this.requestUpdate();
  }
}
customElements.define("halley-join", JoinField);

export class Invitations extends Part {
  network!: string;

  protected override render(): TemplateResult {
    const { network } = this;
    return html`${(chat.connections.get(network)?.model.invitations ?? []).map(
      ({ room, from, key }) =>
        html`<div class="invitation">
          <span>${w.invited(plainName(from), shortName(room))}</span>
          <button class="small" @click=${() => void chat.join(network, room, key)}>
            ${w.join}
          </button>
        </div>`,
    )}`;
  }
}
customElements.define("halley-invitations", Invitations);
