// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whom a ban shall meet: an account, an address or a mask of one's own; and how many of the room that
// would be. The network is asked for that; where it does not say, the page counts by what it knows.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { shortName, type Conversation } from "../client/index.ts";
import { chat } from "./chat.ts";
import { Part } from "./part.ts";
import { plainName } from "./text.ts";
import { more } from "./words_later.ts";

const w = more.card;
const quiet = 250; // ms without a key before a mask is asked about

type Scope = "account" | "address" | "mask";
export interface Banned {
  ban: string;
  by?: "account";
}

export class BanScope extends Part {
  nick!: string;
  #known = ""; // the account, if any
  #host = "";
  #scope: Scope = "address";
  #mask = "";
  #asked = "";
  #met: number | undefined; // by `asked`
  #timer: ReturnType<typeof setTimeout> | undefined;

  // What is known of the person comes while the form is open.
  set person({ account = "", host = "" }: { account?: string; host?: string }) {
    if (account === this.#known && host === this.#host) return;
    this.#known = account;
    this.#host = host;
    this.requestUpdate();
  }

  get isMask(): boolean {
    return this.#scope === "mask";
  }
  get banned(): Banned {
    if (this.#scope === "account") return { ban: this.#known, by: "account" };
    return { ban: (this.isMask && this.#mask) || this.nick };
  }

  protected override willUpdate(): void {
    const key = JSON.stringify(this.banned);
    if (key === this.#asked) return;
    this.#asked = key;
    this.#met = undefined;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#count(key), this.isMask ? quiet : 0);
  }

  async #count(key: string): Promise<void> {
    const { network = "", name: room = "" } = chat.active ?? {};
    const { ban: who, ...by } = this.banned;
    const asking = chat.do(network, { do: "mode", room, list: "bans", who, ...by });
    const result = await asking.catch(() => undefined);
    if (key !== this.#asked || !result?.list) return;
    this.#met = result.list.length;
    this.requestUpdate();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { current, connection } = chat;
    if (!current || !connection) return nothing;
    const choices: [Scope, string][] = [
      ["address", w.scopes.address],
      ["mask", w.scopes.mask],
    ];
    if (this.#known && connection.model.features.has("account_ban")) {
      choices.unshift(["account", w.scopes.account(plainName(this.#known))]);
    }
    return html`<label>${w.scope}
        <select name="scope" @change=${(event: Event) => this.#choose(event)}>
          ${choices.map(
            ([name, text]) =>
              html`<option value=${name} .selected=${name === this.#scope}>${text}</option>`,
          )}
        </select>
      </label>
      ${this.isMask
        ? html`<label>${w.mask}
            <input name="mask" autocomplete="off" dir="ltr" .value=${this.#mask} @input=${(event: Event) => this.#type(event)}
          /></label>`
        : nothing}
      <p class="muted" role="status">${w.matches(this.#name(), this.#met ?? this.#guess(current))}</p>`;
  }

  #name(): string {
    const { ban } = this.banned;
    return plainName(this.#scope === "address" ? this.#host || shortName(ban) : ban);
  }

  #guess(where: Conversation): number {
    const { ban, by } = this.banned;
    if (!by) return matching(where, ban);
    return where.members.sorted.filter((one) => one.account === ban || one.nick === this.nick).length;
  }

  #choose(event: Event): void {
    this.#scope = (event.target as HTMLSelectElement).value as Scope;
    this.#mask ||= this.nick;
    this.requestUpdate();
  }

  #type(event: Event): void {
    this.#mask = (event.target as HTMLInputElement).value.trim();
    this.requestUpdate();
  }
}
customElements.define("halley-ban-scope", BanScope);

// Members a ban would meet, as far as this page knows them: by nick with * and ?.
function matching(where: Conversation, mask: string): number {
  const nick = mask.split("!")[0] ?? "";
  const literal = nick.replace(/[\\^$.+()[\]{}|/-]/g, "\\$&");
  const pattern = new RegExp(`^${literal.replace(/\*/g, ".*").replace(/\?/g, ".")}$`, "i");
  return where.members.sorted.filter((one) => pattern.test(one.nick)).length;
}

// What a ban of somebody became: the mask that the network set for it, which lifts it again when the
// person is gone; undefined where the network says nothing of it.
export function bannedAs(where: Conversation | undefined): string | undefined {
  const line = where?.lines.findLast((one) => one.type === "info" && one.info.what === "mode");
  if (line?.type !== "info" || line.info.what !== "mode") return undefined;
  return line.info.changes.find((one) => one.set && !one.role && one.value)?.value;
}
