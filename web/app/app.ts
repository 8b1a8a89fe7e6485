// SPDX-License-Identifier: GPL-3.0-or-later
//
// The frame of the page: which view is shown, and what of it the address bar and the history keep.
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { Announcer } from "./announcer.ts";
import { headline, otherPage, overlay } from "./around_chat.ts";
import { chat, type Place } from "./chat.ts";
import { redraw } from "./frames.ts";
import { fetchSecond, second } from "./moment.ts";
import { Part } from "./part.ts";
import { addressOf, readPage, readRoute, type Page, type Route } from "./route.ts";
import { resumeAll } from "./resuming.ts";
import { settings } from "./settings.ts";
import type { App, Panel, View, Width } from "./shell.ts";
import { plainIcon } from "./tab_icon.ts";
import { words } from "./words.ts";
import "./room.ts";
import "./sidebar.ts";
import "./sign_in.ts";

// What an entry of the browser's history shows; `under`: what the one before it does, on a phone.
interface Entry {
  view?: View;
  place?: Place | undefined;
  page?: Page;
  panel?: Panel;
  person?: string;
  under?: View | undefined;
}

async function goOn(): Promise<void> {
  await resumeAll();
  if (settings.stay) await import("./staying.ts").then(({ comeAgain }) => comeAgain()).catch(() => {});
}

export class Frame extends Part implements App {
  view: View = "room";
  page: Page = { page: "chat" };
  panel: Panel = "members";
  panelOpen = matchMedia("(min-width: 1120px)").matches;
  person = "";
  dialog: App["dialog"] = "";

  #ready = false;
  #isBack = false; // what is opened has its entry in the history already
  #route: Route | undefined = readRoute(new URL(location.href));
  #announcer: Announcer | undefined;
  #drawnFor: Width | undefined;
  #resizes = new ResizeObserver(() => this.width !== this.#drawnFor && redraw());

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resizes.observe(this);
    chat.onOpened = (place) => this.#onOpened(place);
    chat.onSaid = (place, where, line) => {
      if (where === chat.current) this.#announcer?.hear(where, line);
      if (document.hidden || !document.hasFocus()) {
        void import("./notifier.ts").then(({ notify }) => notify(place, where, line), () => {});
      }
    };
    addEventListener("popstate", () => this.#restore());
    addEventListener("keydown", (event) => second()?.onKey(this, event));
    addEventListener("pointerdown", (event) => {
      void import("./columns.ts").then(({ drag }) => drag(this, event), () => {});
    });
    addEventListener("focus", () => chat.arrive());
    const page = readPage(new URL(location.href));
    void goOn().then(() => {
      const route = this.#route;
      this.#isBack = this.#entry.view !== undefined;
      const there = route && chat.at(route) ? route : chat.places()[0];
      if (there) chat.open({ network: there.network, name: there.name });
      else if (chat.connections.size) {
        chat.open({ network: [...chat.connections.keys()][0] as string, name: "" });
      }
      if (this.#isBack) this.#restore();
      this.#ready = true;
      if (chat.connections.size && page.page !== "chat") this.go(page);
      this.#follow();
      // Somebody who is on this network already, in another tab, is led on by a link.
      const isElsewhere = route?.isRoom && route.name && !chat.at(route);
      if (isElsewhere && chat.connections.has(route.network)) void chat.join(route.network, route.name).then(() => this.#follow());
      this.requestUpdate();
    });
  }

  // --- where we are -----------------------------------------------------------------------------

  get #entry(): Entry {
    return (history.state as Entry | null) ?? {};
  }

  #push(address?: string): void {
    const { view, page, panel, person } = this;
    const entry: Entry = { view, place: chat.active, page, panel, person, under: this.#entry.view };
    history.pushState(entry, "", address);
  }

  // Going up is going back.
  show(view: View): void {
    if (this.view === view) return;
    this.view = view;
    if (this.#entry.under === view) history.back();
    else this.#push();
    redraw();
  }

  go(page: Page): void {
    const address =
      page.page === "inbox" ? "/mentions" : page.page === "settings" ? `/settings/${page.group}` : "/";
    this.page = page;
    this.view = "room";
    this.dialog = "";
    if (location.pathname === address) history.replaceState({ ...this.#entry, view: "room", page }, "");
    else this.#push(address);
    redraw();
  }

  togglePanel(panel: Panel = "members"): void {
    const isShown = this.isCompact() ? this.view === "panel" : this.panelOpen;
    if (isShown && this.panel === panel) return this.closePanel();
    this.panel = panel;
    this.#openPanel();
  }

  #openPanel(): void {
    if (!this.isCompact()) this.panelOpen = true;
    else {
      this.view = "panel";
      this.#push();
    }
    redraw();
  }

  closePanel(): void {
    if (this.panel === "person" && this.isWide()) {
      this.panel = "members";
      return redraw();
    }
    if (this.isCompact()) return this.show("room");
    this.panelOpen = false;
    redraw();
  }

  openPerson(nick: string): void {
    this.person = nick;
    this.panel = "person";
    this.#openPanel();
  }

  toMessage(id: string): void {
    void this.updateComplete.then(() => this.querySelector("halley-log")?.toMessage(id));
  }

  // To the message that the link names, once its room is there.
  #follow(): void {
    const route = this.#route;
    if (route?.message && chat.at(route)) this.toMessage(route.message);
  }

  openDialog(dialog: App["dialog"]): void {
    this.dialog = dialog;
    this.requestUpdate();
  }

  get width(): Width {
    const { clientWidth } = this;
    return clientWidth < 640 ? "compact" : clientWidth < 1120 ? "medium" : "wide";
  }

  isCompact(): boolean {
    return this.width === "compact";
  }

  isWide(): boolean {
    return this.width === "wide";
  }

  #onOpened(place: Place): void {
    const address = addressOf(place, chat.at(place)?.isRoom ?? true);
    const isPhone = this.isCompact();
    this.page = { page: "chat" };
    this.view = place.network ? "room" : "list";
    this.dialog = "";
    if (this.panel === "person") this.panel = "members";
    if (!this.isWide()) this.panelOpen = false;
    if (!this.#isBack) {
      // Where somebody came from nowhere, the list is behind the room.
      if (isPhone && !this.#entry.view) history.replaceState({ view: "list", place }, "");
      const isThere = location.pathname === address && !(isPhone && this.#entry.view !== "room");
      if (!place.network) history.pushState(null, "", address);
      else if (isThere) history.replaceState({ ...this.#entry, view: "room", place }, "");
      else this.#push(address);
    }
    this.requestUpdate();
    void this.updateComplete.then(() => {
      if (!matchMedia("(pointer: coarse)").matches) this.querySelector("textarea")?.focus();
    });
  }

  // Behind the drawing of the room; again after a loss, if it could not be had.
  protected override updated(): void {
    if (this.#announcer || chat.connection?.link.phase !== "open") return;
    setTimeout(() => {
      fetchSecond().then(({ Announcer: Made }) => (this.#announcer ??= new Made()), () => {});
    }, 0);
  }

  // By Back or after a reload: what the history has.
  #restore(): void {
    const { view = "room", place, page = { page: "chat" }, panel, person } = this.#entry;
    this.#isBack = true;
    if (place && chat.at(place) && !chat.isActive(place.network, place.name)) chat.open(place);
    this.#isBack = false;
    this.dialog = "";
    this.page = page;
    this.view = view;
    if (view === "panel") Object.assign(this, { panel, person });
    redraw();
  }

  // --- drawing ----------------------------------------------------------------------------------

  protected override render(): TemplateResult | typeof nothing {
    if (!this.#ready) return nothing;
    document.title = headline();
    if (!chat.active || !chat.connections.size) {
      return html`<main class="welcome">
        <div class="brand"><img src=${plainIcon} alt="" width="28" height="28" />Halley</div>
        <halley-sign-in .route=${this.#route} @entered=${() => this.#follow()}></halley-sign-in>
      </main>`;
    }
    const isChat = this.page.page === "chat";
    const hasPanel =
      isChat && this.panelOpen && !this.isCompact() && (chat.current?.isRoom || this.panel !== "members");
    const { width } = this;
    this.#drawnFor = width;
    const stacked = width === "compact" || settings.layout === "stacked";
    const rail = width === "medium" && settings.rail;
    if (rail) void import("./rail.ts").catch(() => {});
    const sidebar = width === "wide" ? settings.sidebar : rail ? 56 : 216;
    return html`${isChat
        ? html`<a class="skip" href="#composer" @click=${(event: Event) => this.#skip(event)}
            >${words.room.skip}</a
          >`
        : nothing}
      <div
        class="frame ${stacked ? "stacked" : "lines-layout"} ${rail ? "rail" : ""}"
        data-view=${this.view}
        ?data-panel=${hasPanel}
        .style=${`--sidebar:${sidebar}px;--panel:${settings.panel}px`}
      >
        <halley-sidebar .app=${this}></halley-sidebar>
        ${isChat ? html`<halley-room .app=${this}></halley-room>` : otherPage(this)}
      </div>
      ${overlay(this)}
      <div class="spoken" aria-live="polite">${this.#announcer?.text}</div>`;
  }

  #skip(event: Event): void {
    event.preventDefault();
    this.querySelector("textarea")?.focus();
  }
}
customElements.define("halley-app", Frame);
declare global {
  interface HTMLElementTagNameMap {
    "halley-app": Frame;
  }
}
