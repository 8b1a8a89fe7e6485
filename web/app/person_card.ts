// SPDX-License-Identifier: GPL-3.0-or-later
//
// One person: what the network tells about him and what the reader may do. Tools for moderators are
// shown to moderators.
import { html, nothing, type TemplateResult } from "lit";
import {
  ownNick,
  shortName,
  type ChatError,
  type Command,
  type Member,
  type Person,
  type Role,
} from "../client/index.ts";
import { chat } from "./chat.ts";
import { slotOf } from "./colour.ts";
import { Part } from "./part.ts";
import { plainName } from "./text.ts";
import { fullTime } from "./time.ts";
import { words } from "./words.ts";

const w = words.panel;
const moderating = ["owner", "admin", "op", "halfop"];

export class PersonCard extends Part {
  static override properties = { nick: { attribute: false } };
  declare nick: string;

  private asked = "";
  private person: Person | undefined;
  private error = "";
  private acting: "remove" | "ban" | undefined;

  protected override willUpdate(): void {
    if (this.asked === this.nick) return;
    this.asked = this.nick;
    this.person = undefined;
    this.error = "";
    this.acting = undefined;
    if (chat.connection?.model.features.has("whois")) void this.look();
  }

  private async look(): Promise<void> {
    const { active, current } = chat;
    const nick = this.nick;
    const command: Command = { do: "whois", nick };
    if (current?.isRoom) command.room = current.name;
    const result = await chat.do(active?.network ?? "", command).catch(() => undefined);
    if (nick !== this.nick) return;
    this.person = result?.person;
    this.requestUpdate();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { current, connection } = chat;
    if (!current || !connection) return nothing;
    const me = current.members.find(ownNick(connection.model, current));
    const member = current.members.find(this.nick);
    const self = this.nick === ownNick(connection.model, current);
    const rank = me ? moderating.indexOf(me.rank) : -1;
    const mayModerate = rank >= 0 && !self ? member : undefined;
    const name = plainName(shortName(this.nick));
    return html`<div class="person-card">
      <h3 class=${self ? "own-nick" : `n${slotOf(this.nick)}`}><bdi>${name}</bdi></h3>
      ${member ? html`<p class="muted">${words.role[member.rank]}${member.away ? `, ${w.away}` : ""}</p>` : nothing}
      ${this.facts()} ${this.acting ? this.reasonForm(name) : this.actions(name, self, mayModerate)}
      ${this.error ? html`<p class="problem" role="alert">${this.error}</p>` : nothing}
    </div>`;
  }

  private actions(name: string, self: boolean, tools: Member | undefined): TemplateResult {
    const features = chat.connection?.model.features ?? new Set<string>();
    return html`<div class="actions">
      ${self
        ? nothing
        : html`${features.has("private")
              ? html`<button @click=${() => this.talk()}>${w.message}</button>`
              : nothing}
            <button @click=${() => this.mention()}>${w.mention}</button>`}
      ${tools && features.has("role")
        ? html`${this.roleButton("voice", tools.roles.includes("voice"), name)}
          ${this.roleButton("op", tools.roles.includes("op"), name)}`
        : nothing}
      ${tools && features.has("kick") ? this.toolButton("remove", name) : nothing}
      ${tools && features.has("ban") ? this.toolButton("ban", name) : nothing}
    </div>`;
  }

  private facts(): TemplateResult | typeof nothing {
    const { person } = this;
    if (!person) return nothing;
    const address = person.host ? `${person.user ? `${person.user}@` : ""}${person.host}` : "";
    const rows: [string, string | undefined][] = [
      [w.realName, person.real_name],
      [w.account, person.account],
      [w.address, address],
      [w.server, person.server],
      [w.awayText, person.away],
      [w.idle, person.idle && person.idle >= 60 ? w.minutes(Math.floor(person.idle / 60)) : undefined],
      [w.since, person.signed_on ? fullTime(person.signed_on) : undefined],
      [w.inRooms, person.rooms?.map(shortName).join(", ")],
    ];
    return html`<dl>
      ${rows
        .filter(([, value]) => value)
        .map(([name, value]) => html`<dt>${name}</dt><dd dir="auto">${plainName(value ?? "")}</dd>`)}
    </dl>`;
  }

  private roleButton(role: Role, has: boolean, name: string): TemplateResult {
    const label =
      role === "op"
        ? has ? w.takeOp(name) : w.makeOp(name)
        : has ? w.takeVoice(name) : w.giveVoice(name);
    const room = chat.active?.name ?? "";
    return html`<button
      @click=${() => void this.run({ do: "mode", room, role, who: this.nick, set: !has })}
    >
      ${label}
    </button>`;
  }

  private toolButton(tool: "remove" | "ban", name: string): TemplateResult {
    return html`<button
      class="destructive"
      @click=${() => {
        this.acting = tool;
        this.requestUpdate();
        void this.updateComplete.then(() => this.querySelector("input")?.focus());
      }}
    >
      ${tool === "ban" ? w.ban(name) : w.remove(name)}
    </button>`;
  }

  private reasonForm(name: string): TemplateResult {
    return html`<form @submit=${(event: Event) => this.act(event)}>
      <input name="reason" placeholder=${w.reason} aria-label=${w.reason} autocomplete="off" />
      <div class="actions">
        <button class="destructive">${this.acting === "ban" ? w.ban(name) : w.remove(name)}</button>
        <button
          type="button"
          @click=${() => {
            this.acting = undefined;
            this.requestUpdate();
          }}
        >
          ${w.cancel}
        </button>
      </div>
    </form>`;
  }

  private act(event: Event): void {
    event.preventDefault();
    const text = this.querySelector<HTMLInputElement>("input")?.value.trim();
    const room = chat.active?.name ?? "";
    const reason = text ? { text } : {};
    if (this.acting === "ban") {
      void this.run({ do: "mode", room, ban: this.nick, set: true, ...reason });
    }
    void this.run({ do: "kick", room, nick: this.nick, ...reason });
    this.acting = undefined;
  }

  private async run(command: Command): Promise<void> {
    try {
      const result = await chat.do(chat.active?.network ?? "", command);
      this.error = result.ok ? "" : (result.error?.text ?? "");
    } catch (error) {
      this.error = (error as ChatError).message;
    }
    this.requestUpdate();
    if (!this.error && command.do === "kick") this.dispatchEvent(new CustomEvent("done"));
  }

  private talk(): void {
    const { active, connection } = chat;
    if (!active || !connection) return;
    this.dispatchEvent(new CustomEvent("done"));
    chat.talkTo(active.network, privateName(active.name, this.nick));
  }

  private mention(): void {
    this.dispatchEvent(new CustomEvent("done"));
    this.dispatchEvent(new CustomEvent("leave"));
    document.querySelector("halley-composer")?.insert(`${this.nick}: `);
  }
}
customElements.define("halley-person", PersonCard);

// Where people are known by the address of the room they sit in, a private line goes there.
export function privateName(room: string, nick: string): string {
  return room.includes("@") && !nick.includes("@") ? `${room}/${nick}` : nick;
}
