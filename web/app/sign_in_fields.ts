// SPDX-License-Identifier: GPL-3.0-or-later
//
// The pieces of the card: what is known of a room, its fields and what went wrong with each right below it.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { sameName, shortName, type NetworkInfo } from "../client/index.ts";
import { later } from "./later.ts";
import { words } from "./words.ts";

const w = words.signIn;
export type Field = "network" | "nick" | "account" | "password" | "room" | "key" | "form";

export interface Problem {
  field: Field;
  text: string;
}

export function problem(field: Field, wrong: Problem | undefined): TemplateResult | typeof nothing {
  if (wrong?.field !== field) return nothing;
  return html`<p class="problem" id="bad-${field}" role="alert">${wrong.text}</p>`;
}

// `onInput` gets what was typed; `secret`: whether what is typed is to be seen, and how to change that.
export function textField(
  name: Field,
  label: string,
  value: string,
  wrong: Problem | undefined,
  onInput: (text: string) => void,
  secret?: { isShown: boolean; toggle(): void },
): TemplateResult {
  const isWrong = wrong?.field === name;
  return html`<div class="field">
    <label for="in-${name}">${label}</label>
    <div class="with-button">
      <input
        id="in-${name}"
        name=${name}
        type=${!secret || secret.isShown ? "text" : "password"}
        .value=${value}
        autocomplete=${name === "room" || name === "key" ? "off" : secret ? "current-password" : "username"}
        autocapitalize="none"
        spellcheck="false"
        dir="auto"
        maxlength="1000"
        aria-invalid=${isWrong}
        aria-describedby=${isWrong ? `bad-${name}` : nothing}
        @input=${(event: Event) => onInput((event.target as HTMLInputElement).value)}
      />
      ${secret
        ? html`<button type="button" class="quiet" @click=${secret.toggle}>
            ${secret.isShown ? w.hide : w.show}
          </button>`
        : nothing}
    </div>
    ${problem(name, wrong)}
  </div>`;
}

export function networkField(
  offers: NetworkInfo[],
  chosen: NetworkInfo,
  wrong: Problem | undefined,
  choose: (network: string) => void,
): TemplateResult {
  return html`<label class="field">
    <span>${w.network}</span>
    <select
      name="network"
      @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}
    >
      ${offers.map(
        (one) =>
          html`<option value=${one.network} .selected=${one === chosen}>${one.title}</option>`,
      )}
    </select>
    ${problem("network", wrong)}
  </label>`;
}

export function roomChips(
  rooms: string[],
  chosen: string,
  choose: (room: string) => void,
): TemplateResult | typeof nothing {
  if (rooms.length < 2) return nothing;
  return html`<div class="chips">
    ${rooms.slice(0, 8).map(
      (room) =>
        html`<button
          type="button"
          class="chip"
          dir="auto"
          aria-pressed=${room === chosen}
          @click=${() => choose(room)}
        >
          ${shortName(room)}
        </button>`,
    )}
  </div>`;
}

// What may be known of a room before one is in it.
export function live(chosen: NetworkInfo | undefined, wanted: string): TemplateResult | typeof nothing {
  const room = chosen?.watched?.find((one) => sameName(shortName(one), wanted));
  if (!chosen || !room) return nothing;
  const { network } = chosen;
  return html`<div class="live">
    ${later("passing", () => html`<halley-passing .network=${network} .room=${room}></halley-passing>`)}
  </div>`;
}

// Another way than the one button.
export function below(label: string, act: () => void): TemplateResult {
  return html`<div class="below">
    <button type="button" class="quiet" @click=${act}>${label}</button>
  </div>`;
}
