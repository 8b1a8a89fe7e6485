// SPDX-License-Identifier: GPL-3.0-or-later
//
// One person: what the network tells about him and what the reader may do. Tools for moderators are
// shown to moderators; what removes somebody asks for a reason first and can be undone for a while.
import { html, nothing, type TemplateResult } from "lit/html.js";
import {
  ownNick,
  shortName,
  type Command,
  type Conversation,
  type Member,
  type Person,
  type Role,
  type SaidLine,
} from "../client/index.ts";
import type { App } from "./shell.ts";
import { isCleanable, retract } from "./changing.ts";
import { talkTo } from "./asking.ts";
import { chat } from "./chat.ts";
import { ignore } from "./choosing.ts";
import { slotOf } from "./colour.ts";
import { bannedAs, type BanScope } from "./ban_scope.ts";
import { carryOut, isModerator, mayAct, mayInvite, privateName } from "./moderation.ts";
import { Part } from "./part.ts";
import { isIgnored, settings } from "./settings.ts";
import { plainName } from "./text.ts";
import { fullTime } from "./time.ts";
import { offer } from "./toast.ts";
import { locale, words } from "./words.ts";
import { more } from "./words_later.ts";
import { wear } from "./sheets.ts";
import css from "./person_card.css";

wear(css);

const w = more.card;

export class PersonCard extends Part {
  app!: App;
  nick!: string;

  #asked = "";
  #person: Person | undefined;
  #error = "";
  #note = ""; // what has been done
  #acting: "remove" | "ban" | undefined;

  protected override willUpdate(): void {
    const place = `${chat.active?.network}/${chat.active?.name}/${this.nick}`;
    if (this.#asked === place) return;
    this.#asked = place;
    this.#person = undefined;
    this.#error = this.#note = "";
    this.#acting = undefined;
    if (chat.connection?.model.features.has("whois")) void this.#look();
  }

  async #look(): Promise<void> {
    const { active, current } = chat;
    const asked = this.#asked;
    const command: Command = { do: "whois", nick: this.nick };
    if (current?.isRoom) command.room = current.name;
    const result = await chat.do(active?.network ?? "", command).catch(() => undefined);
    if (asked !== this.#asked) return;
    this.#person = result?.person;
    this.requestUpdate();
  }

  // --- drawing ----------------------------------------------------------------------------------

  protected override render(): TemplateResult | typeof nothing {
    const { current, connection } = chat;
    if (!current || !connection) return nothing;
    const member = current.members.find(this.nick);
    const self = this.nick === ownNick(connection.model, current);
    const name = plainName(shortName(this.nick));
    const away = member?.away ? `, ${words.panel.away}` : "";
    return html`<div class="person-card">
      <h3 class=${self ? "own-nick" : `n${slotOf(this.nick)}`}><bdi>${name}</bdi></h3>
      ${member ? html`<p class="muted">${more.role[member.rank]}${away}</p>` : nothing}
      ${this.#facts()}
      ${this.#acting
        ? this.#reasonForm(name, current)
        : html`<div class="actions">
            ${self ? nothing : this.#forEverybody(name)}
            ${!self && !member && mayInvite(connection.model, current)
              ? html`<button @click=${() => this.#invite(current.name)}>${more.info.sendInvite}</button>`
              : nothing}
            ${mayAct(connection.model, current, member) && member
              ? this.#forModerators(name, member)
              : nothing}
          </div>`}
      ${this.#error ? html`<p class="problem" role="alert">${this.#error}</p>` : nothing}
      <p class="muted" role="status">${this.#note}</p>
    </div>`;
  }

  #forEverybody(name: string): TemplateResult {
    const network = chat.active?.network ?? "";
    const account = this.#person?.account ?? "";
    const isOn = chat.current !== undefined && isIgnored(network, chat.current, this.nick);
    return html`<button @click=${() => this.#mention()}>${w.mention}</button>
      ${chat.connection?.model.features.has("private")
        ? html`<button @click=${() => this.#talk()}>${w.message}</button>`
        : nothing}
      <button @click=${() => ignore({ network, nick: this.nick, account }, !isOn)}>
        ${isOn ? w.unignore(name) : w.ignore(name)}
      </button>`;
  }

  #forModerators(name: string, member: Member): TemplateResult {
    const features = chat.connection?.model.features ?? new Set<string>();
    const room = chat.active?.name ?? "";
    const isMuted = member.roles.includes("visitor");
    const button = (label: string, act: () => void, isHard = false): TemplateResult =>
      html`<button class=${isHard ? "destructive" : ""} @click=${act}>${label}</button>`;
    const role = (which: Role, give: string, take: string): TemplateResult => {
      const has = member.roles.includes(which);
      const command: Command = { do: "mode", room, role: which, who: this.nick, set: !has };
      return button(has ? take : give, () => void this.#run(command));
    };
    return html`${features.has("mute")
        ? button(isMuted ? w.unmute(name) : w.mute(name), () => {
            void this.#run({ do: "mode", room, mute: this.nick, set: !isMuted });
          })
        : nothing}
      ${features.has("kick") ? button(w.remove(name), () => this.#begin("remove"), true) : nothing}
      ${features.has("ban") ? button(w.ban(name), () => this.#begin("ban"), true) : nothing}
      ${features.has("role")
        ? html`${role("voice", w.giveVoice(name), w.takeVoice(name))}
          ${role("op", w.makeOp(name), w.takeOp(name))}`
        : nothing}`;
  }

  #facts(): TemplateResult | typeof nothing {
    const person = this.#person;
    if (!person) return nothing;
    // Addresses and servers are for those who look after the room, and for whoever asks for them.
    const { connection, current } = chat;
    const isShown =
      settings.details || (connection && current && isModerator(connection.model, current));
    const address = person.host ? `${person.user ? `${person.user}@` : ""}${person.host}` : "";
    const rows: [string, string | undefined][] = [
      [w.realName, person.real_name],
      [w.account, person.account],
      [w.address, isShown ? address : ""],
      [w.server, isShown ? person.server : ""],
      [w.away, person.away],
      [w.idle, person.idle && person.idle >= 60 ? w.minutes(Math.floor(person.idle / 60)) : undefined],
      [w.since, person.signed_on ? fullTime(person.signed_on) : undefined],
      [w.rooms, person.rooms?.map(shortName).join(", ")],
    ];
    return html`<dl>
      ${rows
        .filter(([, value]) => value)
        .map(([name, value]) => html`<dt>${name}</dt><dd><bdi>${plainName(value ?? "")}</bdi></dd>`)}
    </dl>`;
  }

  #reasonForm(name: string, current: Conversation): TemplateResult {
    const isBan = this.#acting === "ban";
    const lines = removable(current, this.nick);
    return html`<form @submit=${(event: Event) => this.#act(event)}>
      ${isBan
        ? html`<halley-ban-scope .nick=${this.nick} .person=${this.#whoHeIs()}></halley-ban-scope>`
        : nothing}
      ${isBan && chat.connection?.model.features.has("timed_ban") ? lasting() : nothing}
      <label>${w.reason}
        <input name="reason" autocomplete="off" list="reasons" />
      </label>
      ${isBan && lines.length
        ? html`<label class="check"
            ><input type="checkbox" name="clean" />${w.alsoRemove(lines.length)}</label
          >`
        : nothing}
      <datalist id="reasons">${w.reasons.map((one) => html`<option value=${one}></option>`)}</datalist>
      <div class="actions">
        <button class="destructive">${isBan ? w.banNow(name) : w.remove(name)}</button>
        <button type="button" @click=${() => this.#begin(undefined)}>${w.cancel}</button>
      </div>
    </form>`;
  }

  #whoHeIs(): { account?: string; host?: string } {
    const account = this.#person?.account || chat.current?.members.find(this.nick)?.account;
    const host = this.#person?.host;
    return { ...(account ? { account } : {}), ...(host ? { host } : {}) };
  }

  // --- acting -----------------------------------------------------------------------------------

  #begin(what: "remove" | "ban" | undefined): void {
    this.#acting = what;
    this.requestUpdate();
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('[name="reason"]')?.focus());
  }

  #act(event: Event): void {
    event.preventDefault();
    const text = this.querySelector<HTMLInputElement>('[name="reason"]')?.value.trim();
    const place = { ...(chat.active ?? { network: "", name: "" }) };
    const room = place.name;
    const reason = text ? { text } : {};
    const lasts = Number(this.querySelector<HTMLSelectElement>('[name="lasts"]')?.value);
    const name = plainName(shortName(this.nick));
    const scope = this.querySelector<BanScope>("halley-ban-scope");
    if (scope) {
      const { banned } = scope;
      const ban: Command = { do: "mode", room, ...banned, set: true, ...reason };
      const isCleaned = this.querySelector<HTMLInputElement>('[name="clean"]')?.checked;
      const where = chat.at(place);
      const lines = where && isCleaned ? removable(where, this.nick) : [];
      void this.#run(lasts ? { ...ban, lasts } : ban).then((isDone) => {
        const told = bannedAs(chat.at(place));
        const undo: Command = { do: "mode", room, ...(told ? { ban: told } : banned), set: false };
        if (isDone) for (const line of lines) retract(place, line, reason);
        if (isDone) offer(w.banned(name), w.undo, () => carryOut(place, undo));
      });
    }
    if (!scope?.isMask) {
      void this.#run({ do: "kick", room, nick: this.nick, ...reason });
    }
    this.#acting = undefined;
  }

  async #run(command: Command): Promise<boolean> {
    this.#error = await carryOut(chat.active ?? { network: "", name: "" }, command);
    this.requestUpdate();
    if (!this.#error && command.do === "kick") this.app.closePanel();
    return !this.#error;
  }

  #invite(room: string): void {
    const { nick } = this;
    void this.#run({ do: "invite", room, nick }).then((isDone) => {
      if (isDone) this.#note = more.command.invited(plainName(nick), shortName(room));
      this.requestUpdate();
    });
  }

  #talk(): void {
    const { active, connection } = chat;
    if (!active || !connection) return;
    talkTo(active.network, privateName(active.name, this.nick));
  }

  #mention(): void {
    this.app.closePanel();
    const { nick } = this;
    void this.app.updateComplete.then(() => {
      this.app.querySelector("halley-composer")?.insert(`${nick}: `);
    });
  }
}
customElements.define("halley-person", PersonCard);

const mostRemoved = 10; // messages

// What somebody said last, as far as it is loaded and can be taken away.
function removable(where: Conversation, nick: string): SaidLine[] {
  if (!chat.connection || !isCleanable(chat.connection.model, where)) return [];
  const said = where.lines.filter(
    (line): line is SaidLine =>
      line.type === "said" && line.from === nick && !!line.id && line.removedBy === undefined,
  );
  return said.slice(-mostRemoved);
}

const minute = 60 * 1000; // ms
const spans: [number, "minute" | "hour" | "day" | "week", number][] = [
  [10, "minute", minute],
  [1, "hour", 60 * minute],
  [1, "day", 24 * 60 * minute],
  [1, "week", 7 * 24 * 60 * minute],
];

function lasting(): TemplateResult {
  return html`<label>${w.lasts}
    <select name="lasts">
      <option value="">${w.untilLifted}</option>
      ${spans.map(([count, unit, ms]) => {
        const span = new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" });
        return html`<option value=${count * ms}>${span.format(count)}</option>`;
      })}
    </select>
  </label>`;
}
