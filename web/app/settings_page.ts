// SPDX-License-Identifier: GPL-3.0-or-later
//
// All settings, in five groups. A change applies at once; there is nothing to save.
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { App } from "./shell.ts";
import { ignore, reset } from "./choosing.ts";
import { widths } from "./columns.ts";
import { accountGroup } from "./settings_account.ts";
import { icon, Part } from "./part.ts";
import { languages } from "./languages.ts";
import { change, settings, type Settings } from "./settings.ts";
import { words } from "./words.ts";
import { more } from "./words_later.ts";
import { wear } from "./sheets.ts";
import css from "./settings.css";

wear(css);

const w = more.settings;
const groups = ["appearance", "messages", "notifications", "account", "advanced"] as const;
type Group = (typeof groups)[number];
type Of<T> = { [K in keyof Settings]: Settings[K] extends T ? K : never }[keyof Settings];

export class SettingsPage extends Part {
  app!: App;

  private said = "";

  private get group(): Group {
    const { page } = this.app;
    const wanted = page.page === "settings" ? page.group : "";
    return groups.find((one) => one === wanted) ?? "appearance";
  }

  protected override render(): TemplateResult {
    const { group } = this;
    return html`<header class="head">
        <button
          class="icon-button only-narrow"
          aria-label=${words.sidebar.back}
          @click=${() => this.app.show("list")}
        >
          ${icon("back")}
        </button>
        <h1>${w.title}</h1>
      </header>
      <div class="page-body settings">
        <div class="tabs" role="tablist" aria-label=${w.title}>
          ${groups.map(
            (one) =>
              html`<button
                role="tab"
                id="tab-${one}"
                aria-selected=${one === group}
                aria-controls="group"
                tabindex=${one === group ? 0 : -1}
                @click=${() => this.app.go({ page: "settings", group: one })}
                @keydown=${(event: KeyboardEvent) => this.onTabKey(event, one)}
              >
                ${w.groups[one]}
              </button>`,
          )}
        </div>
        <div id="group" role="tabpanel" aria-labelledby="tab-${group}">${this[group]()}</div>
      </div>`;
  }

  private onTabKey(event: KeyboardEvent, one: Group): void {
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const next = groups[(groups.indexOf(one) + by + groups.length) % groups.length] as Group;
    this.app.go({ page: "settings", group: next });
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(`#tab-${next}`)?.focus());
  }

  // --- the groups -------------------------------------------------------------------------------

  private appearance(): TemplateResult {
    const tongues = { "": w.ofBrowser, ...languages };
    return html`${this.choose("language", w.language, tongues)}
      ${this.choose("theme", w.theme, w.themes)} ${this.choose("density", w.density, w.densities)}
      ${this.choose("layout", w.layout, w.layouts)}
      ${this.slide("textSize", `${w.textSize}: ${settings.textSize} %`, [85, 150], 5)}
      ${this.check("unreadFirst", w.unreadFirst)} ${this.check("rail", words.sidebar.narrow)}
      ${this.slide("sidebar", w.sidebar, widths.sidebar)} ${this.slide("panel", w.panel, widths.panel)}
      ${this.choose("clock", w.times, w.clocks)} ${this.check("seconds", w.seconds)}
      ${this.check("nickColours", w.nickColours)} ${this.check("calm", w.calm)}`;
  }

  private messages(): TemplateResult {
    return html`${this.choose("presence", w.presence, w.presences)} ${this.check("markup", w.markup)}
      ${this.check("textColours", w.textColours)} ${this.check("images", w.images)}
      <p class="hint">${w.imagesHint}</p>
      ${this.list("imageHosts", w.hosts, w.wordsHint)} ${this.choose("sendKey", w.sendKey, w.sendKeys)}
      ${this.choose("suffix", w.suffix, { ": ": "ada: ", ", ": "ada, ", " ": "ada" })}
      ${this.check("formatBar", w.formatBar)} ${this.check("typing", w.typing)} ${this.choose("ignoredAs", w.ignored, w.ignoredAs)}
      <h2>${w.ignoring}</h2>
      ${settings.ignored.length ? nothing : html`<p class="hint">${w.nobody}</p>`}
      <ul>
        ${settings.ignored.map(
          (one) =>
            html`<li>
              <button class="small" @click=${() => ignore(one, false)}>
                ${more.card.unignore(one.nick)}
              </button>
            </li>`,
        )}
      </ul>`;
  }

  private notifications(): TemplateResult {
    const state = typeof Notification === "function" ? Notification.permission : "denied";
    const { mentions, direct, all, none } = w.notifies;
    const [from, until] = settings.quiet ?? ["22:00", "07:00"];
    const hour = (i: 0 | 1, label: string, value: string): TemplateResult =>
      html`<label
        >${label}
        <input
          type="time"
          .value=${value}
          @change=${(event: Event) => {
            const times: [string, string] = [from, until];
            times[i] = (event.target as HTMLInputElement).value;
            change({ quiet: times });
          }}
        />
      </label>`;
    return html`${this.choose("notify", w.notify, { mentions, direct, all, none })}
      <div class="field">
        <span>${w.desktop}</span>
        ${state === "granted"
          ? w.allowed
          : state === "denied"
            ? w.denied
            : html`<button
                class="small"
                @click=${() =>
                  void Notification.requestPermission().then((given) =>
                    change({ desktop: given === "granted" ? "yes" : "no" }),
                  )}
              >
                ${w.allow}
              </button>`}
      </div>
      ${this.check("sound", w.sound)} ${this.list("words", w.words, w.wordsHint)}
      <label class="check"
        ><input
          type="checkbox"
          name="quiet"
          .checked=${settings.quiet !== undefined}
          @change=${() => change({ quiet: settings.quiet ? undefined : [from, until] })}
        />${w.quiet}</label
      >
      ${settings.quiet
        ? html`<div class="hours">${hour(0, w.from, from)} ${hour(1, w.until, until)}</div>`
        : nothing}`;
  }

  private account(): TemplateResult {
    return accountGroup(this);
  }

  private advanced(): TemplateResult {
    return html`${this.choose("announce", w.announce, w.announces)}
      ${this.check("shortcuts", w.shortcuts)}
      <p>
        <button class="small" @click=${() => this.app.openDialog("sheet")}>${w.showShortcuts}</button>
      </p>
      ${this.check("details", w.details)} ${this.check("developer", w.developer)}
      <p>
        <button
          class="destructive"
          @click=${() => {
            reset();
            this.said = w.resetDone;
            this.requestUpdate();
          }}
        >
          ${w.reset}
        </button>
      </p>
      <p role="status" class="hint">${this.said}</p>`;
  }

  // --- the fields -------------------------------------------------------------------------------

  private choose<K extends Of<string>>(
    name: K,
    label: string,
    options: Readonly<Record<string, string>>,
  ): TemplateResult {
    return html`<label class="field"
      ><span>${label}</span>
      <select
        name=${name}
        @change=${(event: Event) =>
          change({ [name]: (event.target as HTMLSelectElement).value } as Partial<Settings>)}
      >
        ${Object.entries(options).map(
          ([value, text]) =>
            html`<option value=${value} .selected=${value === settings[name]}>${text}</option>`,
        )}
      </select>
    </label>`;
  }

  private slide(
    name: "textSize" | "sidebar" | "panel",
    label: string,
    [least, most]: readonly [number, number],
    step = 4,
  ): TemplateResult {
    return html`<label class="field"
      ><span>${label}</span>
      <input
        type="range"
        name=${name}
        min=${least}
        max=${most}
        step=${step}
        .value=${String(settings[name])}
        @input=${(event: Event) =>
          change({ [name]: Number((event.target as HTMLInputElement).value) })}
      />
    </label>`;
  }

  private check(name: Of<boolean>, label: string): TemplateResult {
    return html`<label class="check"
      ><input
        type="checkbox"
        name=${name}
        .checked=${settings[name]}
        @change=${() => change({ [name]: !settings[name] })}
      />${label}</label
    >`;
  }

  private list(name: "words" | "imageHosts", label: string, hint: string): TemplateResult {
    return html`<label class="field"
        ><span>${label}</span>
        <input
          name=${name}
          autocomplete="off"
          .value=${settings[name].join(", ")}
          @change=${(event: Event) => {
            const text = (event.target as HTMLInputElement).value;
            const items = text.split(",").map((one) => one.trim()).filter(Boolean);
            change({ [name]: items.slice(0, 50) });
          }}
        />
      </label>
      <p class="hint">${hint}</p>`;
  }
}
customElements.define("halley-settings", SettingsPage);
