// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is open: a room or a private conversation, with its header, its log, the message field and,
// at the side, one panel.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { mayTopic, shortName, type Conversation } from "../client/index.ts";
import type { App, Panel } from "./shell.ts";
import { chat } from "./chat.ts";
import { later } from "./later.ts";
import { panelHead } from "./panel_head.ts";
import { icon, Part } from "./part.ts";
import { plainName } from "./text.ts";
import { words } from "./words.ts";
import "./bar.ts";
import "./composer.ts";
import "./log.ts";

const w = words.room;

export class Room extends Part {
  app!: App;

  protected override render(): TemplateResult | typeof nothing {
    const { current, connection, active } = chat;
    const { app } = this;
    if (!current || !connection || !active) return nothing;
    const name = active.name ? plainName(shortName(active.name)) : words.sidebar.messages;
    return html`<main class="room" aria-label=${name}>
        <header class="head">
          <button
            class="icon-button only-narrow"
            aria-label=${words.sidebar.back}
            @click=${() => app.show("list")}
          >
            ${icon("back")}
          </button>
          <h1 dir="auto" title=${active.name}>${name}</h1>
          ${this.#topicLine(current)}
          ${active.name ? this.#panelButton("search", "search", w.search) : nothing}
          ${current.isRoom
            ? html`${this.#panelButton("info", "info", w.info)} ${this.#memberCount(current)}`
            : nothing}
        </header>
        <halley-bar .app=${app}></halley-bar>
        ${active.name || chat.places().some(({ name, network }) => name && network === active.network)
          ? nothing
          : later("nowhere", () => html`<halley-nowhere .network=${active.network}></halley-nowhere>`)}
        <halley-log .app=${app}></halley-log>
        ${active.name ? html`<halley-composer .app=${app}></halley-composer>` : nothing}
      </main>
      ${this.#isShown() ? this.#panel(app.panel, current) : nothing}`;
  }

  #isShown(): boolean {
    const { app } = this;
    if (app.panel === "members" && !chat.current?.isRoom) return false;
    return app.isCompact() ? app.view === "panel" : app.panelOpen;
  }

  #panelButton(panel: Panel, sign: "search" | "info", label: string): TemplateResult {
    return html`<button
      class="icon-button"
      aria-label=${label}
      title=${label}
      aria-pressed=${this.#isShown() && this.app.panel === panel}
      @click=${() => this.app.togglePanel(panel)}
    >
      ${icon(sign)}
    </button>`;
  }

  #memberCount(current: Conversation): TemplateResult {
    const isShown = this.#isShown() && this.app.panel === "members";
    const label = isShown ? w.hideMembers : w.toMembers;
    return html`<button
      class="count"
      aria-pressed=${isShown}
      aria-label="${w.members(current.members.size)}, ${label}"
      title=${label}
      @click=${() => this.app.togglePanel("members")}
    >
      ${icon("people")}<span>${current.membersKnown ? current.members.size : ""}</span>
    </button>`;
  }

  #topicLine(current: Conversation): TemplateResult {
    const text = current.topic?.text ?? "";
    const canSet = chat.connection && mayTopic(chat.connection.model, current);
    if (!current.isRoom || (!text && !canSet)) return html`<span class="topic"></span>`;
    return html`<button
      class="topic ${text ? "" : "muted"}"
      dir="auto"
      title=${text ? plainName(text) : w.setTopic}
      @click=${() => this.app.togglePanel("info")}
    >
      ${text ? plainName(text) : w.setTopic}
    </button>`;
  }

  #panel(panel: Panel, current: Conversation): TemplateResult {
    const { app } = this;
    if (panel === "members") return html`<halley-members .app=${app}></halley-members>`;
    const name = plainName(shortName(current.name));
    const title =
      panel === "person" ? words.panel.person : panel === "info" ? w.info : `${w.search}: ${name}`;
    const body =
      panel === "person"
        ? later("card", () => html`<halley-person .app=${app} .nick=${app.person}></halley-person>`)
        : panel === "info"
          ? later("info", () => html`<halley-room-info .app=${app}></halley-room-info>`)
          : later("search", () => html`<halley-search .app=${app}></halley-search>`);
    return html`<aside class="panel" aria-label=${title}>
      ${panelHead(app, panel === "search" ? w.search : title)} ${body}
    </aside>`;
  }
}
customElements.define("halley-room", Room);
declare global {
  interface HTMLElementTagNameMap {
    "halley-room": Room;
  }
}
