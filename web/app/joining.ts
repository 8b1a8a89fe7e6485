// SPDX-License-Identifier: GPL-3.0-or-later
//
// Ways into another room, in the list of rooms: the field for its name, below which stands what goes
// wrong, and invitations.
import { shortName } from "../client/index.ts";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { chat } from "./chat.ts";
import { failureText } from "./failing.ts";
import { Part } from "./part.ts";
import { plainName } from "./text.ts";
import { words } from "./words.ts";
import { more } from "./words_later.ts";
import { wear } from "./sheets.ts";
import css from "./joining.css";

wear(css);

const w = more.joining;

export class JoinField extends Part {
  network!: string;

  #error = "";
  #withKey = false; // the room has asked for its password

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
      ${this.#withKey ? keyField(this.#error !== "") : nothing}
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
    const key = this.querySelector<HTMLInputElement>('[name="key"]')?.value;
    const result = await chat.join(network, room, key || undefined).catch(() => undefined);
    if (!result || result.ok) return this.#done();
    const { code = "", text = "" } = result.error ?? {};
    this.#error = failureText(code, text, { nick: "", room, network: title });
    this.#withKey ||= code === "room_key";
    this.requestUpdate();
    if (code !== "room_key") return;
    await this.updateComplete;
    this.querySelector<HTMLElement>('[name="key"]')?.focus();
  }
}
customElements.define("halley-join", JoinField);

// In place of "Rejoin" where the room wants its password.
export class KeyField extends Part {
  network!: string;
  room!: string;

  protected override render(): TemplateResult {
    return html`<form class="key" @submit=${(event: Event) => void this.#join(event)}>
      ${keyField(false)}<button class="small">${words.bar.rejoin}</button>
    </form>`;
  }

  async #join(event: Event): Promise<void> {
    event.preventDefault();
    const { network, room } = this;
    const field = this.querySelector("input") as HTMLInputElement;
    if (!field.value) return field.focus();
    const { error } = await chat.join(network, room, field.value);
    const connection = chat.connections.get(network);
    if (!error || !connection) return;
    field.select();
    chat.onEvent(connection, { ev: "error", room, error });
  }
}
customElements.define("halley-key", KeyField);

function keyField(isWrong: boolean): TemplateResult {
  return html`<input
    name="key"
    type="password"
    placeholder=${w.key}
    aria-label=${w.key}
    autocomplete="off"
    maxlength="200"
    aria-invalid=${isWrong}
  />`;
}

// For the card, where somebody has not entered yet.
export const keyLabel = (): string => w.key;

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
