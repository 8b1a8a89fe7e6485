// SPDX-License-Identifier: GPL-3.0-or-later
//
// <halley-room network room>: a chat room in a page of any site. Outside the room it shows what passers-by may
// see and a field for a nick; the code for talking is fetched when somebody joins. Asks the gateway for
// nothing before consent where the page wants that.
import { LitElement, nothing, type TemplateResult } from "lit";
import { rhythm } from "../app/rhythm.ts";
import type { ChatError } from "../client/failure.ts";
import { networks } from "../client/networks.ts";
import { sharedNames } from "../client/tabs/locks.ts";
import type { NetworkInfo } from "../client/wire.ts";
import { feedOf, type Look } from "./feed.ts";
import * as keep from "./keep.ts";
import { dress, onSystem } from "./look.ts";
import { outside, type Outside, type Problem } from "./outside_view.ts";
import type { Holder, Inside } from "./inside.ts";
import type { Login } from "./talk.ts";
import css from "./embed.css";
import { englishWords, preferred, wordsIn, type Words } from "./words.ts";

const here = new URL("../", import.meta.url).href.slice(0, -1);
const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

export class RoomElement extends LitElement {
  // Getters: static fields would have the private names written out for older browsers.
  static override get properties(): Record<string, object> {
    const flag = { type: Boolean };
    const names = ["network", "room", "nick", "theme", "accent", "layout", "height", "lang", "gateway"];
    const texts = Object.fromEntries(names.map((name) => [name, {}]));
    return { ...texts, roomKey: { attribute: "room-key" }, readonly: flag, members: flag, consent: flag };
  }
  static override get styles(): CSSStyleSheet[] {
    return [sheet];
  }
  declare network: string | null;
  declare room: string | null;
  declare roomKey: string | null;
  declare nick: string | null;
  declare theme: string | null;
  declare accent: string | null;
  declare layout: string | null;
  declare height: string | null;
  declare gateway: string | null;
  declare readonly: boolean;
  declare members: boolean;
  declare consent: boolean;

  words: Words | undefined;
  look: Look | undefined;
  offer: NetworkInfo | undefined;
  problem: Problem | undefined; // why nobody gets in
  fault = ""; // with what was typed
  faulty: "nick" | "password" | "key" = "nick"; // the field it is about
  withPassword = false;
  withKey = false; // the room has one, and it is not ours
  isJoining = false;
  #inside: Inside | undefined;
  #begun = 0; // counts beginnings, so that what comes late of an earlier one is dropped
  #at = "";
  #stops: (() => void)[] = [];

  get source(): string {
    return (this.gateway || here).replace(/\/$/, "");
  }
  get place(): string {
    return `${this.source}/${this.network}/${this.room}`;
  }
  get needsConsent(): boolean {
    return this.consent && !keep.hasAgreed(this.source);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // A move within the page is no end.
    if (this.#at !== this.place) this.#begin();
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    queueMicrotask(() => this.isConnected || this.#end());
  }
  protected override willUpdate(): void {
    if (this.isConnected && this.#at !== this.place) this.#begin();
  }

  // --- from outside to inside ---------------------------------------------------------------------

  #end(): void {
    this.#begun++;
    this.#at = "";
    this.#inside?.end();
    this.#inside = undefined;
    for (const stop of this.#stops.splice(0)) stop();
    Object.assign(this, { look: undefined, offer: undefined, problem: undefined, fault: "", isJoining: false, withPassword: false, withKey: false });
  }

  #begin(): void {
    this.#end();
    this.#at = this.place;
    const begun = this.#begun;
    this.#stops.push(onSystem(() => this.requestUpdate()));
    const tag = preferred(this.lang || document.documentElement.lang);
    if (tag.startsWith("en")) this.words = { ...englishWords, tag };
    else {
      void wordsIn(tag).then((words) => {
        if (begun !== this.#begun) return;
        this.words = words;
        this.redraw();
      });
    }
    if (this.network && this.room && !this.needsConsent) void this.#approach(begun);
  }

  agree(): void {
    keep.keepAgreed(this.source);
    void this.#approach(this.#begun);
    this.redraw();
  }

  // What can be known without entering; and what there is to go on with.
  async #approach(begun: number): Promise<void> {
    const [network, room] = [this.network ?? "", this.room ?? ""];
    this.#stops.push(
      feedOf(this.source).watch(network, room, (look) => {
        this.look = look;
        this.redraw();
      }),
    );
    if (origin === "null") this.problem = { why: "sandbox" };
    else this.problem = await this.#ask(network);
    if (begun !== this.#begun) return;
    this.redraw();
    if (!this.problem && (await this.#isUnderWay(network))) await this.#enter(undefined, begun);
    if (begun === this.#begun) this.tell("halley-ready", { network, room });
  }

  async #ask(network: string): Promise<Problem | undefined> {
    try {
      const all = await networks(`${this.source}/chat/v1`);
      this.offer = all.find((one) => one.network === network);
      if (!this.offer) return { why: "no_network" };
      return this.offer.guest || this.offer.account ? undefined : { why: "members_only" };
    } catch (error) {
      const { code, field } = error as ChatError;
      return { why: code === "not_allowed" && field === "origin" ? "site" : "unreachable" };
    }
  }
  async askAgain(): Promise<void> {
    this.problem = await this.#ask(this.network ?? "");
    this.redraw();
  }

  async #isUnderWay(network: string): Promise<boolean> {
    if (keep.hasSession(`${this.source}/${network}`)) return true;
    const names = await sharedNames(`${this.source}/chat/v1`).catch(() => []);
    return (names as string[]).includes(`embed:${network}`);
  }

  // With a nick: somebody joins. Without: goes on where this tab or another one is.
  async #enter(nick: string | undefined, begun = this.#begun, login?: Login, key = this.roomKey ?? undefined): Promise<void> {
    const code = await import("./inside.ts").catch(() => undefined);
    if (begun !== this.#begun) return;
    if (!code) {
      this.fault = this.words?.broken ?? "";
      return;
    }
    await code.prepare();
    const inside = new code.Inside(this as Holder, this.network ?? "", this.room ?? "");
    const outcome = await inside.enter(nick, login, key);
    if (begun !== this.#begun) return inside.end();
    if (outcome.isIn) this.#inside = inside;
    else {
      inside.end();
      this.fault = outcome.fault;
      const { code } = outcome;
      const isPassword = code === "bad_password" || code === "account_needed";
      this.faulty = isPassword ? "password" : code === "room_key" ? "key" : "nick";
      if (isPassword && this.offer?.account) this.withPassword = true;
      if (this.faulty === "key") this.withKey = true;
    }
  }

  // Also for the host page, which may know who its visitor is.
  async join(nick: string, login?: Login, key?: string): Promise<void> {
    this.isJoining = true;
    this.fault = "";
    this.redraw();
    await this.#enter(nick, this.#begun, login, key);
    this.isJoining = false;
    if (this.#inside && !this.readonly) keep.keepNick(nick);
    this.requestUpdate();
    await this.updateComplete;
  }

  // Somebody has pressed Join: the focus goes on from there.
  async press(nick: string, login?: Login, key?: string): Promise<void> {
    await this.join(nick, login, key);
    const wanted = this.#inside ? ["textarea", ".log"] : [`#${this.faulty}`, ".join"];
    const found = wanted.map((one) => this.renderRoot.querySelector<HTMLElement>(one));
    found.find((one) => one)?.focus({ preventScroll: true });
  }

  leave(): void {
    this.#inside?.end();
    this.#inside = undefined;
    this.redraw();
  }

  // --- drawing ------------------------------------------------------------------------------------

  tell(name: string, detail: Record<string, unknown>): void {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  }

  readonly #rhythm = rhythm(() => this.requestUpdate());
  redraw(): void {
    this.#rhythm.later();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { words } = this;
    if (!words) return nothing;
    return this.#inside?.render(words) ?? outside(this as Outside, words);
  }

  protected override updated(): void {
    const height = /^\d+$/.test(this.height ?? "") ? `${this.height}px` : this.height;
    if (height) this.style.setProperty("--halley-height", height);
    const frame = this.renderRoot.querySelector<HTMLElement>(".frame");
    const probe = this.renderRoot.querySelector<HTMLElement>(".probe");
    if (frame && probe) this.#dress(frame, probe);
    this.#inside?.settle();
  }

  #dressed = "";
  #dress(frame: HTMLElement, probe: HTMLElement): void {
    const own = getComputedStyle(this);
    const given = ["canvas", "side", "hover", "mention"].map((name) => own.getPropertyValue(`--halley-${name}`));
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const high = matchMedia("(prefers-contrast: more)").matches;
    const how = [this.theme, this.accent, dark, high, ...given].join();
    if (how === this.#dressed && frame.style.length) return;
    this.#dressed = how;
    dress(frame, probe, this.theme ?? "", this.accent ?? "");
  }
}
