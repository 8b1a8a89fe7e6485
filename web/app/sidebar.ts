// SPDX-License-Identifier: GPL-3.0-or-later
//
// Networks, their rooms and private conversations, with what is new in each.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { shortName, type Conversation } from "../client/index.ts";
import type { App } from "./shell.ts";
import { chat, type Connection } from "./chat.ts";
import { later } from "./later.ts";
import { icon, Part } from "./part.ts";
import { loadOffers } from "./entering.ts";
import { leaveNetwork } from "./leaving.ts";
import { inOrder } from "./order.ts";
import { addressOf } from "./route.ts";
import { change, settings } from "./settings.ts";
import { plainName } from "./text.ts";
import { words } from "./words.ts";

const w = words.sidebar;

export class Sidebar extends Part {
  app!: App;

  #joining: string | undefined; // network whose "join a room" field is open

  protected override render(): TemplateResult {
    const alone = this.app.isCompact() && this.app.view === "list";
    const { page } = this.app.page;
    return html`<nav aria-label=${w.rooms} class="sidebar">
      ${alone ? html`<h1 class="spoken">${w.rooms}</h1>` : nothing}
      <div class="top-row">
        <button
          class="quiet inbox"
          aria-current=${page === "inbox" ? "page" : nothing}
          @click=${() => this.app.go({ page: "inbox" })}
        >
          ${icon("at")}${w.inbox}
        </button>
        <button
          class="icon-button"
          aria-label=${w.find}
          title=${w.find}
          @click=${() => this.app.openDialog("palette")}
        >
          ${icon("search")}
        </button>
      </div>
      <div
        class="lists"
        @dragstart=${(event: DragEvent) => void import("./sorting.ts").then(({ drag }) => drag(event), () => {})}
      >
        ${[...chat.connections.values()].map((connection) => this.#network(connection))}
      </div>
      <div class="foot">
        ${this.#canAdd
          ? html`<button class="quiet" @click=${() => this.app.openDialog("adding")}>
              ${icon("plus")}${w.addNetwork}
            </button>`
          : nothing}
        <button
          class="quiet"
          aria-current=${page === "settings" ? "page" : nothing}
          @click=${() => this.app.go({ page: "settings", group: "appearance" })}
        >
          ${icon("gear")}${w.settings}
        </button>
        ${this.app.width === "medium"
          ? html`<button
              class="icon-button"
              aria-pressed=${settings.rail}
              aria-label=${w.narrow}
              title=${w.narrow}
              @click=${() => change({ rail: !settings.rail })}
            >
              ${icon("back")}
            </button>`
          : nothing}
      </div>
    </nav>`;
  }

  get #canAdd(): boolean {
    return (chat.offers ?? []).some((one) => !chat.connections.has(one.network));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!chat.offers) void loadOffers();
  }

  #network(connection: Connection): TemplateResult {
    const { model, link } = connection;
    const all = inOrder(model);
    const rooms = all.filter((one) => one.isRoom);
    const direct = all.filter((one) => !one.isRoom);
    const state =
      link.phase !== "open" || link.offline || link.quiet
        ? link.phase === "connecting"
          ? "connecting"
          : "offline"
        : model.status;
    const { network, title } = model;
    return html`<section aria-label=${title}>
      <div class="network">
        <span class="dot ${state}" role="img" aria-label=${w[state]} title=${w[state]}></span>
        <div class="names">
          <h2>${title}</h2>
          <span class="me">${plainName(model.nick)}${model.away ? html` (${w.awayNow})` : nothing}</span>
        </div>
        <button
          class="icon-button"
          aria-label=${w.leaveNetwork(title)}
          title=${w.leaveNetwork(title)}
          @click=${() => leaveNetwork(network)}
        >
          ${icon("leave")}
        </button>
      </div>
      ${model.invitations.length
        ? later("join", () => html`<halley-invitations .network=${network}></halley-invitations>`)
        : nothing}
      <ul>
        ${rooms.map((one) => this.#entry(network, one))}
        ${rooms.length ? nothing : html`<li class="muted none">${w.empty}</li>`}
      </ul>
      ${this.#joinField(network, model.features.has("list"))}
      ${direct.length
        ? html`<h3>${w.direct}</h3>
            <ul>
              ${direct.map((one) => this.#entry(network, one))}
            </ul>`
        : nothing}
      ${model.notices.lines.length
        ? html`<ul>
            ${this.#entry(network, model.notices)}
          </ul>`
        : nothing}
    </section>`;
  }

  #entry(network: string, one: Conversation): TemplateResult {
    const { active } = chat;
    const current =
      this.app.page.page === "chat" && active?.network === network && active.name === one.name;
    const name = one.name ? plainName(shortName(one.name)) : w.messages;
    const news = one.mentions
      ? w.mentions(one.mentions)
      : one.unread && !current
        ? w.unread(one.unread)
        : "";
    const state = `${one.unread && !current ? " unread" : ""}${one.isRoom && !one.joined ? " out" : ""}`;
    return html`<li>
      <a
        class="place${state}"
        href=${addressOf({ network, name: one.name }, one.isRoom)}
        title=${one.name}
        aria-current=${current ? "page" : nothing}
        aria-label=${news ? `${name}, ${news}` : name}
        @click=${(event: MouseEvent) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          chat.open({ network, name: one.name });
        }}
      >
        <span class="name"><bdi>${name}</bdi></span>
        ${one.mentions
          ? html`<span class="badge">${one.mentions > 99 ? "99+" : one.mentions}</span>`
          : one.unread && !current
            ? html`<span class="new-dot"></span>`
            : nothing}
      </a>
      ${one.name
        ? html`<button
            class="icon-button hover-only"
            aria-label=${words.room.leave(name)}
            title=${words.room.leave(name)}
            @click=${() => void chat.leave({ network, name: one.name })}
          >
            ${icon("close")}
          </button>`
        : nothing}
    </li>`;
  }

  #joinField(network: string, canList: boolean): TemplateResult {
    if (this.#joining !== network) {
      return html`<div class="add">
        <button class="quiet" @click=${() => this.#joinIn(network)}>
          ${icon("plus")}${w.joinRoom}
        </button>
        ${canList
          ? html`<button
              class="icon-button"
              aria-label=${w.browse}
              title=${w.browse}
              @click=${() => this.#browse(network)}
            >
              ${icon("list")}
            </button>`
          : nothing}
      </div>`;
    }
    const close = (): void => this.#joinIn(undefined);
    return later("join", () => html`<halley-join .network=${network} @done=${close}></halley-join>`);
  }

  #joinIn(network: string | undefined): void {
    this.#joining = network;
    this.requestUpdate();
  }

  #browse(network: string): void {
    if (chat.active?.network !== network) chat.open({ network, name: "" });
    this.app.openDialog("rooms");
  }
}
customElements.define("halley-sidebar", Sidebar);
