// SPDX-License-Identifier: GPL-3.0-or-later
//
// The settings of a room, over the page: a form in one vocabulary for every network. What the network
// has of it is told; what it calls otherwise stands below under its own words. Saved as a whole; a
// refusal keeps what was typed.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { shortName, type ChatError, type RoomSetting, type SettingValue } from "../client/index.ts";
import { chat, type Place } from "./chat.ts";
import { dialogHead } from "./dialog_head.ts";
import { failureAt } from "./failing.ts";
import { Part } from "./part.ts";
import { fieldName, groups, settingField } from "./room_form_fields.ts";
import { wear } from "./sheets.ts";
import { plainName } from "./text.ts";
import { words } from "./words.ts";
import { more } from "./words_later.ts";
import css from "./room_form.css";

wear(css);

const w = more.form;

export class RoomForm extends Part {
  place!: Place;

  #settings: RoomSetting[] | undefined;
  #typed: Record<string, SettingValue> = {}; // what differs from what the network told
  #problems: Record<string, string> = {}; // by setting; "": of the whole
  #shown = new Set<string>(); // passwords that are to be seen
  #state: "asking" | "" | "saving" | "saved" = "asking";

  protected override firstUpdated(): void {
    this.querySelector("dialog")?.showModal();
    void this.#ask({});
  }

  async #ask(set: Record<string, SettingValue>): Promise<void> {
    const { network, name: room } = this.place;
    const isChange = Object.keys(set).length > 0;
    this.#problems = {};
    try {
      const result = await chat.do(network, { do: "settings", room, ...(isChange ? { set } : {}) });
      this.#settings = result.settings ?? this.#settings;
      if (result.ok) this.#typed = {};
      else this.#refuse(result.error ?? { code: "", text: "" });
    } catch (error) {
      const { code, message: text } = error as ChatError;
      this.#refuse({ code, text });
    }
    this.#state = isChange && !Object.keys(this.#problems).length ? "saved" : "";
    this.requestUpdate();
    await this.updateComplete;
    this.#toProblem();
  }

  #refuse({ code, text, field = "" }: { code: string; text: string; field?: string }): void {
    const isKnown = this.#settings?.some(({ name }) => name === field);
    const say = code === "bad_field" && isKnown ? w.refused : failureAt(this.place, code, text);
    this.#problems[isKnown ? field : ""] = say;
  }

  #toProblem(): void {
    this.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }

  #value({ name, value }: RoomSetting): SettingValue {
    return this.#typed[name] ?? value;
  }

  #change(setting: RoomSetting, value: SettingValue): void {
    const { name } = setting;
    if (String(value) === String(setting.value)) delete this.#typed[name];
    else this.#typed[name] = value;
    const isNumber = setting.type !== "number" || /^\d*$/.test(String(value).trim());
    if (isNumber) delete this.#problems[name];
    else this.#problems[name] = w.number;
    this.#state = "";
    this.requestUpdate();
  }

  #save(event: Event): void {
    event.preventDefault();
    if (this.#settings?.some(({ name }) => this.#problems[name] === w.number)) return this.#toProblem();
    if (!Object.keys(this.#typed).length || this.#state === "saving") return;
    this.#state = "saving";
    this.requestUpdate();
    void this.#ask({ ...this.#typed });
  }

  protected override render(): TemplateResult {
    const title = w.title(plainName(shortName(this.place.name)));
    return html`<dialog class="room-form" aria-label=${title} @close=${() => this.remove()}>
      ${dialogHead(title)}
      ${this.#settings
        ? html`<form novalidate @submit=${(event: Event) => this.#save(event)}>
            <div class="fields">
              ${groups.map(([group, names]) =>
                this.#group(
                  w.groups[group],
                  names.flatMap((name) => this.#settings?.find((one) => one.name === name) ?? []),
                ),
              )}
              ${this.#group(
                w.groups.other,
                this.#settings.filter(({ name }) => !groups.some(([, names]) => names.includes(name))),
              )}
            </div>
            ${this.#foot()}
          </form>`
        : this.#state === "asking"
          ? html`<p class="muted">${words.later.loading}</p>`
          : html`<p class="problem" role="alert">${this.#problems[""]}</p>`}
    </dialog>`;
  }

  #group(title: string, settings: RoomSetting[]): TemplateResult | typeof nothing {
    if (!settings.length) return nothing;
    return html`<fieldset>
      <legend>${title}</legend>
      ${settings.map((setting) =>
        settingField(setting, this.#value(setting), {
          problem: this.#problems[setting.name],
          isShown: this.#shown.has(setting.name),
          show: () => {
            if (!this.#shown.delete(setting.name)) this.#shown.add(setting.name);
            this.requestUpdate();
          },
          change: (value) => this.#change(setting, value),
        }),
      )}
    </fieldset>`;
  }

  #foot(): TemplateResult {
    const isChanged = Object.keys(this.#typed).length > 0;
    const wrong = this.#settings?.find(({ name }) => this.#problems[name]);
    const problem = wrong ? `${fieldName(wrong)}: ${this.#problems[wrong.name]}` : this.#problems[""];
    return html`<footer>
      ${problem
        ? html`<p class="problem" role="alert">${problem}</p>`
        : html`<p class="muted" role="status">${this.#state === "saved" ? w.saved : ""}</p>`}
      <button class="primary" ?disabled=${!isChanged || this.#state === "saving"}>${w.save}</button>
    </footer>`;
  }
}
customElements.define("halley-room-form", RoomForm);

// One at a time.
export function openRoomForm(place: Place): void {
  document.querySelector("halley-room-form")?.remove();
  const form = new RoomForm();
  form.place = { network: place.network, name: place.name };
  document.querySelector("halley-app")?.after(form);
}
