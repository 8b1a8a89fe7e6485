// SPDX-License-Identifier: GPL-3.0-or-later
//
// Networks, their rooms and private conversations, with what is new in each.
import { html, nothing, type TemplateResult } from "lit";
import { shortName, type Conversation } from "../client/index.ts";
import type { App } from "./app.ts";
import { chat, type Connection } from "./chat.ts";
import { icon, Part } from "./part.ts";
import { addressOf } from "./route.ts";
import { plainName } from "./text.ts";
import { chosenTheme, dress, type Choice } from "./theme.ts";
import { words } from "./words.ts";

const w = words.sidebar;

export class Sidebar extends Part {
  static override properties = { app: { attribute: false } };
  declare app: App;

  private joining: string | undefined; // network whose "join a room" field is open
  private error = "";

  protected override render(): TemplateResult {
    const alone = this.app.isCompact() && this.app.view === "list";
    return html`<nav aria-label=${w.rooms} class="sidebar">
      ${alone ? html`<h1 class="spoken">${w.rooms}</h1>` : nothing}
      <div class="lists">
        ${[...chat.connections.values()].map((connection) => this.network(connection))}
      </div>
      <div class="foot">
        ${this.canAdd
          ? html`<button class="quiet" @click=${() => this.add()}>${icon("plus")}${w.addNetwork}</button>`
          : nothing}
        <button class="quiet" @click=${() => this.nextTheme()}>
          ${icon("theme")}${w.theme[chosenTheme()]}
        </button>
      </div>
    </nav>`;
  }

  private get canAdd(): boolean {
    return (chat.offers ?? []).some((one) => !chat.connections.has(one.network));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!chat.offers) void chat.loadOffers();
  }

  private network(connection: Connection): TemplateResult {
    const { model, link } = connection;
    const all = [...model.conversations.values()];
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
          @click=${() => chat.leaveNetwork(network)}
        >
          ${icon("leave")}
        </button>
      </div>
      ${model.invitations.map(
        ({ room, from, key }) =>
          html`<div class="invitation">
            <span>${w.invited(plainName(from), shortName(room))}</span>
            <button class="small" @click=${() => void chat.join(network, room, key)}>
              ${w.accept}
            </button>
          </div>`,
      )}
      <ul>
        ${rooms.map((one) => this.entry(network, one))}
        ${rooms.length ? nothing : html`<li class="muted none">${w.empty}</li>`}
      </ul>
      ${this.joinField(network, model.features.has("list"))}
      ${direct.length
        ? html`<h3>${w.direct}</h3>
            <ul>
              ${direct.map((one) => this.entry(network, one))}
            </ul>`
        : nothing}
      ${model.notices.lines.length
        ? html`<ul>
            ${this.entry(network, model.notices)}
          </ul>`
        : nothing}
    </section>`;
  }

  private entry(network: string, one: Conversation): TemplateResult {
    const { active } = chat;
    const current = active?.network === network && active.name === one.name;
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
        <span class="name" dir="auto">${name}</span>
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

  private joinField(network: string, canList: boolean): TemplateResult {
    if (this.joining !== network) {
      return html`<div class="add">
        <button class="quiet" @click=${() => this.openField(network)}>
          ${icon("plus")}${w.joinRoom}
        </button>
        ${canList
          ? html`<button
              class="icon-button"
              aria-label=${w.browse}
              title=${w.browse}
              @click=${() => this.browse(network)}
            >
              ${icon("list")}
            </button>`
          : nothing}
      </div>`;
    }
    return html`<form class="add" @submit=${(event: Event) => void this.join(event, network)}>
      <input
        name="room"
        placeholder=${w.roomName}
        aria-label=${w.roomName}
        autocapitalize="none"
        autocomplete="off"
        maxlength="200"
        aria-invalid=${this.error !== ""}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          this.joining = undefined;
          this.requestUpdate();
        }}
      />
      <button class="small">${w.accept}</button>
      ${this.error ? html`<p class="problem" role="alert">${this.error}</p>` : nothing}
    </form>`;
  }

  private openField(network: string): void {
    this.joining = network;
    this.error = "";
    this.requestUpdate();
    void this.updateComplete.then(() => this.querySelector("input")?.focus());
  }

  private browse(network: string): void {
    this.app.browsing = network;
    this.app.requestUpdate();
  }

  private add(): void {
    this.app.adding = true;
    this.app.requestUpdate();
  }

  private nextTheme(): void {
    const order: Choice[] = ["system", "light", "dark"];
    dress(order[(order.indexOf(chosenTheme()) + 1) % 3]);
    chat.changed();
  }

  private async join(event: Event, network: string): Promise<void> {
    event.preventDefault();
    const input = this.querySelector<HTMLInputElement>('input[name="room"]');
    const room = input?.value.trim() ?? "";
    if (!room) return;
    const title = chat.connections.get(network)?.model.title ?? network;
    const result = await chat.join(network, room).catch(() => undefined);
    if (!result || result.ok) {
      this.joining = undefined;
      this.error = "";
    } else {
      const { code = "", text = "" } = result.error ?? {};
      this.error = words.failure(code, text, { nick: "", room, network: title });
    }
    this.requestUpdate();
  }
}
customElements.define("halley-sidebar", Sidebar);
