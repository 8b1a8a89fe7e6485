// SPDX-License-Identifier: GPL-3.0-or-later
//
// One setting of a room as a field: which it is by its name, how it looks by its type.
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { RoomSetting, SettingValue } from "../client/index.ts";
import { plainName } from "./text.ts";
import { words } from "./words.ts";
import { more } from "./words_later.ts";

const w = more.form;

// In which order what all networks have in common is shown.
export const groups: readonly ["about" | "access" | "talk" | "kept", readonly string[]][] = [
  ["about", ["name", "description", "language"]],
  ["access", ["members_only", "registered_only", "tls_only", "password", "max_people", "invites"]],
  [
    "talk",
    [
      "moderated",
      "registered_speak",
      "outside",
      "topic_open",
      "private_messages",
      "no_colours",
      "no_nick_changes",
    ],
  ],
  ["kept", ["hidden", "addresses", "persistent", "archive", "logging"]],
];

export interface Filling {
  problem: string | undefined;
  isShown: boolean; // of a password
  show(): void;
  change(value: SettingValue): void;
}

const of = (from: Record<string, string>, name: string): string | undefined =>
  Object.hasOwn(from, name) ? from[name] : undefined;

// Ours where it is one of the common ones, else the network's.
export function fieldName({ name, label }: RoomSetting): string {
  return of(w.names, name) ?? (plainName(label ?? "") || name.replace(/^.*(roomconfig_|[}#])/, ""));
}

const text = (event: Event): string => (event.target as HTMLInputElement).value;

export function settingField(setting: RoomSetting, value: SettingValue, to: Filling): TemplateResult {
  if (setting.type === "flag") {
    return html`<label class="check"
        ><input
          type="checkbox"
          name=${setting.name}
          .checked=${value === true}
          aria-invalid=${to.problem !== undefined}
          @change=${() => to.change(value !== true)}
        /><span dir="auto">${fieldName(setting)}</span></label
      >
      ${told(to.problem)}`;
  }
  if (setting.type === "choices") return several(setting, value, to);
  return html`<label class="field"
    ><span dir="auto">${fieldName(setting)}</span>${single(setting, value, to)} ${told(to.problem)}</label
  >`;
}

function told(problem: string | undefined): TemplateResult | typeof nothing {
  return problem ? html`<p class="problem">${problem}</p>` : nothing;
}

function optionName(setting: RoomSetting, { value, label }: { value: string; label?: string }): string {
  const known = setting.name === "addresses" || setting.name === "private_messages";
  return (known ? of(w.people, value) : undefined) ?? (plainName(label ?? "") || value);
}

function several(setting: RoomSetting, value: SettingValue, to: Filling): TemplateResult {
  const chosen = Array.isArray(value) ? value : [];
  return html`<div class="field" role="group" aria-label=${fieldName(setting)}>
    <span dir="auto">${fieldName(setting)}</span>
    ${(setting.options ?? []).map(
      (one) =>
        html`<label class="check"
          ><input
            type="checkbox"
            .checked=${chosen.includes(one.value)}
            aria-invalid=${to.problem !== undefined}
            @change=${() =>
              to.change(
                (setting.options ?? [])
                  .map((each) => each.value)
                  .filter((each) => chosen.includes(each) !== (each === one.value)),
              )}
          /><span dir="auto">${optionName(setting, one)}</span></label
        >`,
    )}
    ${told(to.problem)}
  </div>`;
}

function single(setting: RoomSetting, value: SettingValue, to: Filling): TemplateResult {
  const { name, type, options = [] } = setting;
  const isBad = to.problem !== undefined;
  switch (type) {
    case "choice":
      return html`<select
        name=${name}
        aria-invalid=${isBad}
        @change=${(event: Event) => to.change(text(event))}
      >
        ${options.map(
          (one) =>
            html`<option value=${one.value} .selected=${one.value === value}>
              ${optionName(setting, one)}
            </option>`,
        )}
      </select>`;
    case "lines":
      return html`<textarea
        name=${name}
        rows="3"
        dir="auto"
        aria-invalid=${isBad}
        .value=${Array.isArray(value) ? value.join("\n") : ""}
        @input=${(event: Event) => to.change(text(event).split("\n").filter(Boolean))}
      ></textarea>`;
    case "secret":
      return html`<div class="with-button">
          <input
            name=${name}
            type=${to.isShown ? "text" : "password"}
            autocomplete="new-password"
            autocapitalize="none"
            spellcheck="false"
            dir="auto"
            aria-invalid=${isBad}
            .value=${String(value)}
            @input=${(event: Event) => to.change(text(event))}
          />
          <button type="button" class="quiet" @click=${to.show}>
            ${to.isShown ? words.signIn.hide : words.signIn.show}
          </button>
        </div>
        ${value ? nothing : html`<p class="muted">${w.noPassword}</p>`}`;
    default:
      return html`<input
        name=${name}
        autocomplete="off"
        dir="auto"
        inputmode=${type === "number" ? "numeric" : "text"}
        aria-invalid=${isBad}
        .value=${String(value)}
        @input=${(event: Event) => to.change(type === "number" ? text(event).trim() : text(event))}
      />`;
  }
}
