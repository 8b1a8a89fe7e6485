// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one card a visitor sees first: network, nick, room, one button. What goes wrong is said under
// the field it belongs to, and nothing that was typed is lost.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { shortName, type ChatError, type NetworkInfo } from "../client/index.ts";
import { chat, type Handed } from "./chat.ts";
import { withKey } from "./connecting.ts";
import { enter, loadOffers } from "./entering.ts";
import { cancelEnter } from "./leaving.ts";
import { lastTime, rememberLast } from "./keep.ts";
import { Part } from "./part.ts";
import { linkToOpen, type Route } from "./route.ts";
import { settings } from "./settings.ts";
import {
  below,
  live,
  networkField,
  problem,
  roomChips,
  textField,
  type Field,
  type Problem,
} from "./sign_in_fields.ts";
import { suggestion } from "./suggestion.ts";
import { words, type Words } from "./words.ts";
import type { enLater } from "./words/en_later.ts";

const w = words.signIn;

export class SignIn extends Part {
  route: Route | undefined;
  adding: Words<typeof enLater>["adding"] | undefined; // onto one more network: what the card says then

  #link = linkToOpen();
  #network = "";
  private nick = "";
  private room: string | undefined; // undefined: nobody has touched the field yet
  private account = "";
  private password = "";
  private key = "";
  #keyLabel = ""; // the room has asked for its password
  #withPassword = false;
  #showPassword = false;
  #stage = ""; // what is being done, in words; "": nothing
  #error: Problem | undefined;
  #isNamed = false; // the site around has said who this is
  #isMet = false; // the field for the nick has been shown

  override connectedCallback(): void {
    super.connectedCallback();
    const { nick, account = "" } = lastTime();
    this.nick = this.route?.nick || nick || suggestion();
    this.account = account;
    this.#withPassword = !!account;
    if (!chat.offers) void loadOffers();
  }

  get #offers(): NetworkInfo[] {
    const all = chat.offers ?? [];
    return this.adding ? all.filter((one) => !chat.connections.has(one.network)) : all;
  }

  get #chosen(): NetworkInfo | undefined {
    const wanted = this.#network || this.route?.network || lastTime().network;
    return this.#offers.find((one) => one.network === wanted) ?? this.#offers[0];
  }

  get #handed(): Handed | undefined {
    const { handed } = chat;
    return handed && (!handed.network || handed.network === this.#chosen?.network) ? handed : undefined;
  }

  get #roomText(): string {
    if (this.room !== undefined) return this.room;
    const { route } = this;
    const chosen = this.#chosen;
    if (route?.isRoom && route.name && route.network === chosen?.network) return route.name;
    return chosen?.rooms?.[0] ?? "";
  }

  // A link that named a server: now that the networks are known, to which of them it leads.
  protected override willUpdate(): void {
    const { offers } = chat;
    if (this.#handed && !this.#isNamed) {
      this.#isNamed = true;
      this.nick = this.#handed.nick || this.#handed.account;
    }
    if (!this.#link || !offers) return;
    const uri = this.#link;
    this.#link = "";
    void import("./open_link.ts").then(({ readUri, resolveHost, elsewhere }) => {
      const route = readUri(uri, this.nick);
      const network = route?.host && resolveHost(route.host, offers);
      if (route && network) this.route = { ...route, network };
      else this.#error = { field: "form", text: elsewhere(route, uri) };
      this.requestUpdate();
    });
  }

  // Where there is a keyboard one may write at once; in a frame the focus is the page's around it.
  protected override updated(): void {
    if (this.#isMet || !this.querySelector('[name="nick"]')) return;
    this.#isMet = true;
    const isIdle = document.activeElement === document.body && parent === window;
    if (isIdle && matchMedia("(pointer: fine)").matches) this.#focusOn("nick");
  }

  protected override render(): TemplateResult {
    const chosen = this.#chosen;
    const deep = this.route?.isRoom && this.route.name && this.route.network === chosen?.network;
    const title = deep ? w.joinRoom(shortName(this.route?.name ?? "")) : w.start;
    return html`<div class="card">
      <h1>${this.adding?.title ?? title}</h1>
      ${this.#handed?.line ??
      (this.adding || !chosen?.guest ? nothing : html`<p class="lead">${w.lead}</p>`)}
      ${live(chosen, shortName(this.#roomText))} ${this.#body(chosen)}
    </div>`;
  }

  #body(chosen: NetworkInfo | undefined): TemplateResult {
    if (chat.offersError) {
      return html`<p class="problem" role="alert">
          ${words.failure.unreachable}
        </p>
        <button class="primary" @click=${() => void loadOffers()}>
          ${w.tryAgain}
        </button>`;
    }
    if (!chat.offers) return html`<p class="muted waiting">${w.loading}</p>`;
    if (!chosen) {
      return html`<p class="muted">
        ${this.adding?.usedHere ?? w.noNetworks}
      </p>`;
    }
    const busy = !!this.#stage;
    const withPassword = !this.#handed && (this.#withPassword || !chosen.guest);
    return html`<form @submit=${(event: Event) => this.#submit(event)} novalidate>
      <fieldset ?disabled=${busy}>
        ${this.#offers.length > 1 || this.adding || this.#error?.field === "network"
          ? networkField(this.#offers, chosen, this.#error, (network) => {
              this.#network = network;
              this.room = undefined;
              this.#error = undefined;
              this.requestUpdate();
            })
          : nothing}
        ${this.#textField("nick", w.nick, this.nick)} ${withPassword ? this.#passwordFields() : nothing}
        ${this.#textField("room", w.room, this.#roomText)}
        ${roomChips(chosen.rooms ?? [], this.#roomText, (room) => {
          this.room = room;
          this.requestUpdate();
        })}
        ${this.#keyLabel ? this.#secretField("key", this.#keyLabel) : nothing}
      </fieldset>
      ${problem("form", this.#error)}
      <button class="primary" type="submit" aria-disabled=${busy}>
        ${busy ? html`<span class="spinner"></span>` : nothing}
        ${this.#stage || w.join}
      </button>
      ${busy
        ? below(w.cancel, () => cancelEnter(chosen.network))
        : chosen.account && !withPassword && !this.#handed
          ? below(w.havePassword, () => this.#askPassword())
          : nothing}
    </form>`;
  }

  #textField(
    name: "nick" | "account" | "password" | "room" | "key",
    label: string,
    value: string,
    secret?: { isShown: boolean; toggle(): void },
  ): TemplateResult {
    const onInput = (text: string): void => {
      this[name] = text;
      const tell = (wrong: string): void => {
        if (this.#stage) return;
        if (wrong) this.#error = { field: name, text: wrong };
        else if (this.#error?.field === name) this.#error = undefined;
        this.requestUpdate();
      };
      if (name !== "nick") return tell("");
      void import("./nick_form.ts").then(({ check }) => check(text, this.#chosen, tell), () => {});
    };
    return textField(name, label, value, this.#error, onInput, secret);
  }

  #secretField(name: "password" | "key", label: string): TemplateResult {
    const toggle = (): void => {
      this.#showPassword = !this.#showPassword;
      this.requestUpdate();
    };
    return this.#textField(name, label, this[name], { isShown: this.#showPassword, toggle });
  }

  #passwordFields(): TemplateResult {
    return html`${this.#textField("account", w.account, this.account)}
      <p class="hint">${w.accountHint}</p>
      ${this.#secretField("password", w.password)}`;
  }

  #askPassword(): void {
    this.#withPassword = true;
    this.requestUpdate();
    void this.updateComplete.then(() => this.#focusOn("password"));
  }

  #fail(field: Field, text: string): void {
    this.#error = { field, text };
    if (field === "password") this.#withPassword = true;
    this.#stage = "";
    this.requestUpdate();
    void this.updateComplete.then(() => this.#focusOn(field));
  }

  #focusOn(field: Field): void {
    const input = this.querySelector<HTMLElement>(`[name="${field}"]`);
    input?.focus();
    if (input instanceof HTMLInputElement) input.select();
  }

  async #submit(event?: Event): Promise<void> {
    event?.preventDefault();
    const chosen = this.#chosen;
    if (!chosen || this.#stage) return;
    const nick = this.nick.trim();
    const room = this.#roomText.trim();
    if (!nick) return this.#fail("nick", w.needNick);
    if (this.route?.network && !chat.offers?.some((one) => one.network === this.route?.network)) {
      this.route = undefined;
    }
    this.#error = undefined;
    this.#stage = w.connecting;
    this.requestUpdate();
    const handed = this.#handed;
    const request = {
      network: chosen.network,
      nick,
      ...(room ? { rooms: [withKey(room, this.key)] } : {}),
      ...(handed
        ? { account: handed.account, password: handed.token }
        : this.password
          ? { account: this.account.trim() || nick, password: this.password }
          : {}),
    };
    try {
      await enter(request, (stage = w.joining) => {
        this.#stage = stage;
        this.requestUpdate();
      });
      rememberLast({ network: chosen.network, nick });
      this.password = this.key = "";
      this.#stage = "";
      this.dispatchEvent(new CustomEvent("entered", { bubbles: true }));
    } catch (error) {
      await this.#onRefused(error as ChatError, { nick, room, network: chosen.title });
    }
  }

  async #onRefused(
    error: ChatError,
    at: { nick: string; room: string; network: string },
  ): Promise<void> {
    if (error.code === "left") {
      this.#stage = "";
      this.requestUpdate();
      return;
    }
    if (error.code === "bad_password" && this.#handed) {
      void chat.renew?.({ network: "", nick: "" }); // the next try has a new one
      return this.#fail("form", this.#handed.refused);
    }
    const { alternative } = settings;
    if (error.code === "nick_in_use" && alternative && at.nick !== alternative) {
      this.nick = alternative;
      this.#stage = "";
      return this.#submit();
    }
    if (error.code === "room_key") {
      this.#keyLabel = await import("./joining.ts").then(({ keyLabel }) => keyLabel(), () => w.password);
    }
    const { code, message } = error;
    const { field, text } = await import("./refusal.ts").then(
      ({ refusal }) => refusal(error, at, this.#chosen),
      (): Problem => ({ field: "form", text: words.failure[code as "unreachable"] ?? (message || words.later.failed) }),
    );
    this.#fail(field, text);
  }
}
customElements.define("halley-sign-in", SignIn);
