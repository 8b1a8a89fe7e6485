// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one card a visitor sees first: network, nick, room, one button. What goes wrong is said under
// the field it belongs to, and nothing that was typed is lost.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { shortName, type ChatError, type NetworkInfo } from "../client/index.ts";
import { chat, type Handed } from "./chat.ts";
import { cancelEnter, enter, loadOffers } from "./entering.ts";
import { lastTime, rememberLast } from "./keep.ts";
import { Part } from "./part.ts";
import { linkToOpen, type Route } from "./route.ts";
import { plainName } from "./text.ts";
import { failureText, words } from "./words.ts";

type Field = "network" | "nick" | "account" | "password" | "room" | "form";

const fieldOf: Record<string, Field> = {
  nick_in_use: "nick",
  bad_nick: "nick",
  bad_password: "password",
  account_needed: "password",
  no_such_room: "room",
  bad_room: "room",
  room_full: "room",
  invite_only: "room",
  room_key: "room",
  banned: "form",
  unknown_network: "network",
};

function hostOf(route: Route | undefined, uri: string): string {
  return route?.host?.replace(/^\w+:/, "") || uri.slice(0, 100);
}

// Readable, and rarely taken.
function suggestion(): string {
  const first = ["swift", "quiet", "amber", "lucky", "misty", "solar", "brave", "olive"];
  const second = ["fox", "wren", "otter", "comet", "maple", "robin", "heron", "lynx"];
  const pick = (list: string[]): string => list[Math.floor(Math.random() * list.length)] as string;
  return `${pick(first)}${pick(second)}${Math.floor(Math.random() * 90 + 10)}`;
}

export class SignIn extends Part {
  route: Route | undefined;
  adding = false;

  private link = linkToOpen();
  private network = "";
  private nick = "";
  private room: string | undefined; // undefined: nobody has touched the field yet
  private account = "";
  private password = "";
  private withPassword = false;
  private showPassword = false;
  private stage: "" | "connecting" | "joining" = "";
  private error: { field: Field; text: string } | undefined;
  private isNamed = false; // the site around has said who this is

  override connectedCallback(): void {
    super.connectedCallback();
    this.nick = this.route?.nick || lastTime().nick || suggestion();
    if (!chat.offers) void loadOffers();
  }

  private get offers(): NetworkInfo[] {
    const all = chat.offers ?? [];
    return this.adding ? all.filter((one) => !chat.connections.has(one.network)) : all;
  }

  private get chosen(): NetworkInfo | undefined {
    const wanted = this.network || this.route?.network || lastTime().network;
    return this.offers.find((one) => one.network === wanted) ?? this.offers[0];
  }

  private get handed(): Handed | undefined {
    const { handed } = chat;
    return handed && (!handed.network || handed.network === this.chosen?.network) ? handed : undefined;
  }

  private get roomText(): string {
    if (this.room !== undefined) return this.room;
    const { chosen, route } = this;
    if (route?.isRoom && route.name && route.network === chosen?.network) return route.name;
    return chosen?.rooms?.[0] ?? "";
  }

  // A link that named a server: now that the networks are known, to which of them it leads.
  protected override willUpdate(): void {
    const { offers } = chat;
    if (this.handed && !this.isNamed) {
      this.isNamed = true;
      this.nick = this.handed.nick || this.handed.account;
    }
    if (!this.link || !offers) return;
    const uri = this.link;
    this.link = "";
    void import("./open_link.ts").then(({ readUri, resolveHost }) => {
      const route = readUri(uri, this.nick);
      const network = route?.host && resolveHost(route.host, offers);
      if (route && network) this.route = { ...route, network };
      else this.error = { field: "form", text: words.signIn.elsewhere(plainName(hostOf(route, uri))) };
      this.requestUpdate();
    });
  }

  protected override render(): TemplateResult {
    const { chosen } = this;
    const deep = this.route?.isRoom && this.route.name && this.route.network === chosen?.network;
    const title = this.adding
      ? words.signIn.addTitle
      : deep
        ? words.signIn.joinRoom(shortName(this.route?.name ?? ""))
        : words.signIn.start;
    return html`<div class="card">
      <h1>${title}</h1>
      ${this.handed?.line ??
      (this.adding || !chosen?.guest ? nothing : html`<p class="lead">${words.signIn.lead}</p>`)}
      ${this.body(chosen)}
    </div>`;
  }

  private body(chosen: NetworkInfo | undefined): TemplateResult {
    if (chat.offersError) {
      return html`<p class="problem" role="alert">
          ${failureText("unreachable", "", { nick: "", room: "", network: "" })}
        </p>
        <button class="primary" @click=${() => void loadOffers()}>
          ${words.signIn.tryAgain}
        </button>`;
    }
    if (!chat.offers) return html`<p class="muted waiting">${words.signIn.loading}</p>`;
    if (!chosen) {
      return html`<p class="muted">
        ${this.adding ? words.signIn.usedHere : words.signIn.noNetworks}
      </p>`;
    }
    const busy = this.stage !== "";
    const withPassword = !this.handed && (this.withPassword || !chosen.guest);
    return html`<form @submit=${(event: Event) => this.submit(event)} novalidate>
      <fieldset ?disabled=${busy}>
        ${this.offers.length > 1 || this.adding || this.unknownNetwork ? this.networkField(chosen) : nothing}
        ${this.textField("nick", words.signIn.nick, this.nick, (text) => (this.nick = text))}
        ${withPassword ? this.passwordFields() : nothing}
        ${this.textField("room", words.signIn.room, this.roomText, (text) => (this.room = text))}
        ${this.roomChips(chosen)}
      </fieldset>
      ${this.error?.field === "form"
        ? html`<p class="problem" role="alert">${this.error.text}</p>`
        : nothing}
      <button class="primary" type="submit" aria-disabled=${busy}>
        ${busy ? html`<span class="spinner"></span>` : nothing}
        ${this.stage === "" ? words.signIn.join : words.signIn[this.stage]}
      </button>
      ${busy
        ? this.below(words.signIn.cancel, () => this.cancel(chosen))
        : chosen.account && !withPassword && !this.handed
          ? this.below(words.signIn.havePassword, () => this.askPassword())
          : nothing}
    </form>`;
  }

  private below(label: string, act: () => void): TemplateResult {
    return html`<div class="below">
      <button type="button" class="quiet" @click=${act}>${label}</button>
    </div>`;
  }

  private get unknownNetwork(): boolean {
    return this.error?.field === "network";
  }

  private networkField(chosen: NetworkInfo): TemplateResult {
    return html`<label class="field">
      <span>${words.signIn.network}</span>
      <select
        name="network"
        @change=${(event: Event) => {
          this.network = (event.target as HTMLSelectElement).value;
          this.room = undefined;
          this.error = undefined;
          this.requestUpdate();
        }}
      >
        ${this.offers.map(
          (one) =>
            html`<option value=${one.network} .selected=${one === chosen}>${one.title}</option>`,
        )}
      </select>
      ${this.problem("network")}
    </label>`;
  }

  private textField(
    name: "nick" | "room" | "account",
    label: string,
    value: string,
    set: (text: string) => void,
  ): TemplateResult {
    const wrong = this.error?.field === name;
    return html`<div class="field">
      <label for="in-${name}">${label}</label>
      <input
        id="in-${name}"
        name=${name}
        .value=${value}
        autocomplete=${name === "room" ? "off" : "username"}
        autocapitalize="none"
        spellcheck="false"
        dir="auto"
        maxlength="200"
        aria-invalid=${wrong}
        aria-describedby=${wrong ? `bad-${name}` : nothing}
        @input=${(event: Event) => {
          set((event.target as HTMLInputElement).value);
          if (wrong) this.error = undefined;
          this.requestUpdate();
        }}
      />
      ${this.problem(name)}
    </div>`;
  }

  private passwordFields(): TemplateResult {
    const wrong = this.error?.field === "password";
    return html`${this.textField(
        "account",
        words.signIn.account,
        this.account,
        (text) => (this.account = text),
      )}
      <p class="hint">${words.signIn.accountHint}</p>
      <div class="field">
        <label for="in-password">${words.signIn.password}</label>
        <div class="with-button">
          <input
            id="in-password"
            name="password"
            type=${this.showPassword ? "text" : "password"}
            autocomplete="current-password"
            .value=${this.password}
            aria-invalid=${wrong}
            aria-describedby=${wrong ? "bad-password" : nothing}
            @input=${(event: Event) => {
              this.password = (event.target as HTMLInputElement).value;
            }}
          />
          <button
            type="button"
            class="quiet"
            @click=${() => {
              this.showPassword = !this.showPassword;
              this.requestUpdate();
            }}
          >
            ${this.showPassword ? words.signIn.hide : words.signIn.show}
          </button>
        </div>
        ${this.problem("password")}
      </div>`;
  }

  private roomChips(chosen: NetworkInfo): TemplateResult | typeof nothing {
    const rooms = chosen.rooms ?? [];
    if (rooms.length < 2) return nothing;
    return html`<div class="chips">
      ${rooms.slice(0, 8).map(
        (room) =>
          html`<button
            type="button"
            class="chip"
            aria-pressed=${room === this.roomText}
            @click=${() => {
              this.room = room;
              this.requestUpdate();
            }}
          >
            ${shortName(room)}
          </button>`,
      )}
    </div>`;
  }

  private problem(field: Field): TemplateResult | typeof nothing {
    if (this.error?.field !== field) return nothing;
    return html`<p class="problem" id="bad-${field}" role="alert">${this.error.text}</p>`;
  }

  private askPassword(): void {
    this.withPassword = true;
    this.requestUpdate();
    void this.updateComplete.then(() => this.focusOn("password"));
  }

  private fail(field: Field, text: string): void {
    this.error = { field, text };
    if (field === "password") this.withPassword = true;
    this.stage = "";
    this.requestUpdate();
    void this.updateComplete.then(() => this.focusOn(field));
  }

  private focusOn(field: Field): void {
    const input = this.querySelector<HTMLElement>(`[name="${field}"]`);
    input?.focus();
    if (input instanceof HTMLInputElement) input.select();
  }

  private cancel(chosen: NetworkInfo): void {
    cancelEnter(chosen.network);
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    const { chosen } = this;
    if (!chosen || this.stage) return;
    const nick = this.nick.trim();
    const room = this.roomText.trim();
    if (!nick) return this.fail("nick", words.signIn.needNick);
    if (this.route?.network && !chat.offers?.some((one) => one.network === this.route?.network)) {
      this.route = undefined;
    }
    this.error = undefined;
    this.stage = "connecting";
    this.requestUpdate();
    const { handed } = this;
    const request = {
      network: chosen.network,
      nick,
      ...(room ? { rooms: [room] } : {}),
      ...(handed
        ? { account: handed.account, password: handed.token }
        : this.password
          ? { account: this.account.trim() || nick, password: this.password }
          : {}),
    };
    try {
      await enter(request, () => {
        this.stage = "joining";
        this.requestUpdate();
      });
      rememberLast({ network: chosen.network, nick });
      this.password = "";
      this.stage = "";
      this.dispatchEvent(new CustomEvent("entered", { bubbles: true }));
    } catch (error) {
      this.onRefused(error as ChatError, { nick, room, network: chosen.title });
    }
  }

  private onRefused(error: ChatError, at: { nick: string; room: string; network: string }): void {
    if (error.code === "left") {
      this.stage = "";
      this.requestUpdate();
      return;
    }
    if (error.code === "bad_password" && this.handed) {
      void chat.renew?.({ network: "", nick: "" }); // the next try has a new one
      return this.fail("form", this.handed.refused);
    }
    const named = error.field === "rooms" ? "room" : error.field;
    const known = ["network", "nick", "account", "password", "room"].includes(named ?? "");
    const field = fieldOf[error.code] ?? (known ? (named as Field) : "form");
    this.fail(field, failureText(error.code, error.message, at));
  }
}
customElements.define("halley-sign-in", SignIn);
