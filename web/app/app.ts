// SPDX-License-Identifier: GPL-3.0-or-later
//
// The frame of the page: which view is shown, the address bar, the keyboard, the title, and the
// voice that tells a screen reader what is new.
import { html, nothing, type TemplateResult } from "lit";
import { shortName, type Conversation, type SaidLine } from "../client/index.ts";
import { Announcer } from "./announcer.ts";
import { chat, type Place } from "./chat.ts";
import { onKey } from "./keys.ts";
import { Part } from "./part.ts";
import { addressOf, readRoute, type Route } from "./route.ts";
import { words } from "./words.ts";
import "./room_list.ts";
import "./room.ts";
import "./sidebar.ts";
import "./sign_in.ts";

export type View = "list" | "room" | "panel";

export class App extends Part {
  view: View = "room";
  panelOpen = matchMedia("(min-width: 1120px)").matches;
  browsing: string | undefined; // network whose room list is open
  adding = false;

  private ready = false;
  private route: Route | undefined = readRoute(new URL(location.href));
  private announcer = new Announcer();

  override connectedCallback(): void {
    super.connectedCallback();
    chat.onOpened = (place) => this.onOpened(place);
    chat.onSaid = (where, line) => this.onSaid(where, line);
    addEventListener("popstate", (event) => this.onBack(event));
    addEventListener("keydown", (event) => onKey(this, event));
    addEventListener("focus", () => chat.following && chat.seen());
    void chat.resumeAll().then(() => {
      this.ready = true;
      const { route } = this;
      const there = route && chat.at(route) ? route : chat.places()[0];
      if (there) chat.open(there);
      else if (chat.connections.size) {
        chat.open({ network: [...chat.connections.keys()][0] as string, name: "" });
      }
      this.requestUpdate();
    });
  }

  show(view: View): void {
    if (this.view === view) return;
    this.view = view;
    history.pushState({ view, place: chat.active }, "");
    chat.changed();
  }

  togglePanel(): void {
    if (this.isCompact()) return this.show(this.view === "panel" ? "room" : "panel");
    this.panelOpen = !this.panelOpen;
    chat.changed();
  }

  isCompact(): boolean {
    return this.clientWidth < 640;
  }

  private onOpened(place: Place): void {
    const address = addressOf(place, chat.at(place)?.isRoom ?? true);
    const state = { view: "room", place };
    this.view = place.network ? "room" : "list";
    this.adding = false;
    if (location.pathname !== address) history.pushState(state, "", address);
    else history.replaceState(state, "");
    this.requestUpdate();
    void this.updateComplete.then(() => {
      if (!matchMedia("(pointer: coarse)").matches) this.querySelector("textarea")?.focus();
    });
  }

  private onBack(event: PopStateEvent): void {
    const state = event.state as { view?: View; place?: Place } | null;
    this.adding = false;
    if (state?.place && chat.at(state.place)) {
      const { place } = state;
      if (place.network !== chat.active?.network || place.name !== chat.active.name) {
        chat.open(place);
      }
    }
    this.view = state?.view ?? "room";
    chat.changed();
  }

  private onSaid(where: Conversation, line: SaidLine): void {
    if (where === chat.current) this.announcer.hear(where, line);
  }

  private headline(): string {
    let mentions = 0;
    for (const { model } of chat.connections.values()) {
      for (const one of model.conversations.values()) mentions += one.mentions;
    }
    const name = chat.current?.name ? shortName(chat.current.name) : "";
    const count = mentions ? `(${mentions}) ` : "";
    return `${count}${name ? `${name} - ` : ""}${words.product}`;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.ready) return nothing;
    document.title = this.headline();
    if (!chat.active || (!chat.connections.size && !this.adding)) {
      return html`<main class="welcome">
        <div class="brand"><img src="/favicon.svg" alt="" width="28" height="28" />Halley</div>
        <halley-sign-in .route=${this.route}></halley-sign-in>
      </main>`;
    }
    const hasPanel = this.panelOpen && !this.isCompact() && (chat.current?.isRoom ?? false);
    return html`<a class="skip" href="#composer" @click=${(event: Event) => this.skip(event)}
        >${words.room.skip}</a
      >
      <div class="frame" data-view=${this.view} ?data-panel=${hasPanel}>
        <halley-sidebar .app=${this}></halley-sidebar>
        <halley-room .app=${this}></halley-room>
      </div>
      ${this.browsing
        ? html`<halley-room-list .app=${this} .network=${this.browsing}></halley-room-list>`
        : nothing}
      ${this.adding ? this.addDialog() : nothing}
      <div class="spoken" aria-live="polite">${this.announcer.text}</div>`;
  }

  private addDialog(): TemplateResult {
    return html`<div
      class="veil"
      @click=${(event: Event) => {
        if (event.target === event.currentTarget) this.closeAdding();
      }}
    >
      <div role="dialog" aria-modal="true" aria-label=${words.signIn.addTitle}>
        <halley-sign-in adding @entered=${() => this.closeAdding()}></halley-sign-in>
      </div>
    </div>`;
  }

  closeAdding(): void {
    this.adding = false;
    this.requestUpdate();
  }

  private skip(event: Event): void {
    event.preventDefault();
    this.querySelector("textarea")?.focus();
  }
}
customElements.define("halley-app", App);
