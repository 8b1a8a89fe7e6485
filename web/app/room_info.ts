// SPDX-License-Identifier: GPL-3.0-or-later
//
// About the room: its topic and link, what the reader wants to hear of it, and for those who look
// after it who is banned and a way to calm it down.
import { html, nothing, type TemplateResult } from "lit/html.js";
import {
  mayTopic,
  shortName,
  type Command,
  type Conversation,
  type InfoLine,
  type ListEntry,
  type ListName,
} from "../client/index.ts";
import type { App } from "./shell.ts";
import { calm, calmUntil } from "./calming.ts";
import { chat } from "./chat.ts";
import { changeRoom } from "./choosing.ts";
import { redraw } from "./frames.ts";
import { infoText } from "./info_text.ts";
import { carryOut, isModerator, mayInvite, maySet } from "./moderation.ts";
import { Part } from "./part.ts";
import { addressOf } from "./route.ts";
import { ofRoom, type Presence, type Told } from "./settings.ts";
import { plainName, richText } from "./text.ts";
import { clockTime, fullTime } from "./time.ts";
import { words } from "./words.ts";
import { more } from "./words_later.ts";
import { wear } from "./sheets.ts";
import css from "./room_info.css";

wear(css);

const w = more.info;
const s = more.settings;
const lists: [ListName, string][] = [
  ["bans", "ban_list"],
  ["exceptions", "exception_list"],
  ["invites", "invite_list"],
];

let wanted = ""; // the field that has the focus once it is there

export function focusSoon(field: string): void {
  wanted = field;
  redraw();
}

export class RoomInfo extends Part {
  app!: App;

  #place = "";
  #lists: { [name in ListName]?: ListEntry[] } = {};
  #error = "";
  #copied = "";

  protected override willUpdate(): void {
    const { active, connection, current } = chat;
    const place = `${active?.network}/${active?.name}`;
    if (place === this.#place || !connection || !current) return;
    this.#place = place;
    this.#error = "";
    this.#copied = "";
    this.#lists = {};
    if (!isModerator(connection.model, current)) return;
    for (const [name, feature] of lists) {
      if (connection.model.features.has(feature)) void this.#load(name);
    }
  }

  protected override updated(): void {
    const field = wanted && this.querySelector<HTMLElement>(`[name="${wanted}"]`);
    if (!field) return;
    field.focus();
    wanted = "";
  }

  async #load(list: ListName): Promise<void> {
    const { network = "", name: room = "" } = chat.active ?? {};
    const place = this.#place;
    const result = await chat.do(network, { do: "mode", room, list }).catch(() => undefined);
    if (place !== this.#place || !result?.ok) return; // not everybody is shown every list
    this.#lists[list] = result.list ?? [];
    this.requestUpdate();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { active, connection, current } = chat;
    if (!active || !connection || !current) return nothing;
    const { features } = connection.model;
    const isMine = isModerator(connection.model, current);
    return html`<div class="room-info">
      ${this.#topic(current, mayTopic(connection.model, current))} ${this.#links(current)}
      ${this.#wishes(active.network, current.name)}
      ${maySet(connection.model, current)
        ? html`<button @click=${() => void this.#openSettings()}>${more.form.open}</button>`
        : nothing}
      ${mayInvite(connection.model, current) ? this.#invite(current) : nothing}
      ${isMine && features.has("mode") ? this.#calm(active.network, current) : nothing}
      ${lists.map(([name]) => this.#entries(name, current))} ${isMine ? acts(current) : nothing}
      ${this.#error ? html`<p class="problem" role="alert">${this.#error}</p>` : nothing}
      <button class="destructive" @click=${() => void chat.leave({ ...active })}>${w.leave}</button>
    </div>`;
  }

  async #openSettings(): Promise<void> {
    const form = await import("./room_form.ts").catch(() => undefined);
    this.#error = form ? "" : words.later.failed;
    if (chat.active) form?.openRoomForm(chat.active);
    this.requestUpdate();
  }

  async #run(command: Command): Promise<boolean> {
    if (!chat.active) return false;
    this.#error = await carryOut(chat.active, command);
    this.requestUpdate();
    return !this.#error;
  }

  #topic({ topic, name }: Conversation, canSet: boolean): TemplateResult {
    return html`<section>
      <h3>${w.topic}</h3>
      <p dir="auto" class="whole">
        ${topic?.text ? richText(topic.text, topic.spans) : html`<span class="muted">${w.noTopic}</span>`}
      </p>
      ${topic?.from && topic.at
        ? html`<p class="muted">${w.topicBy(plainName(topic.from), fullTime(topic.at))}</p>`
        : nothing}
      ${canSet
        ? html`<form
            @submit=${(event: Event) => {
              event.preventDefault();
              const field = this.querySelector<HTMLTextAreaElement>('[name="topic"]');
              const text = (field?.value ?? "").replace(/\s*\n\s*/g, " ");
              void this.#run({ do: "topic", room: name, text });
            }}
          >
            <textarea
              name="topic"
              rows="3"
              aria-label=${w.setTopic}
              .value=${topic?.text ?? ""}
              @input=${() => this.requestUpdate()}
            ></textarea>
            ${this.#topicLimit()}
            <button class="primary">${w.save}</button>
          </form>`
        : nothing}
    </section>`;
  }

  #topicLimit(): TemplateResult | typeof nothing {
    const { title, limits } = chat.connection?.model ?? {};
    const text = this.querySelector<HTMLTextAreaElement>('[name="topic"]')?.value ?? "";
    const size = new TextEncoder().encode(text).length;
    if (!limits?.topic || size <= limits.topic) return nothing;
    return html`<p class="problem" role="status">${w.topicLong(title, limits.topic, size)}</p>`;
  }

  #links(current: Conversation): TemplateResult {
    const place = chat.active ?? { network: "", name: "" };
    const link = location.origin + addressOf(place, true);
    const button = (label: string, text: () => string): TemplateResult =>
      html`<button
        class="small"
        @click=${() =>
          void navigator.clipboard?.writeText(text()).then(() => {
            this.#copied = label;
            this.requestUpdate();
          })}
      >
        ${this.#copied === label ? w.copied : label}
      </button>`;
    return html`<section>
      <h3>${w.link}</h3>
      <p><code>${link}</code></p>
      <div class="chips">
        ${button(w.copy, () => link)} ${button(w.copyText, () => asText(current))}
      </div>
    </section>`;
  }

  #wishes(network: string, room: string): TemplateResult {
    const { notify, presence } = ofRoom(network, room);
    const choice = <T extends string>(
      label: string,
      value: T,
      options: [T, string][],
      set: (value: T) => void,
    ): TemplateResult =>
      html`<label class="field"
        ><span>${label}</span>
        <select @change=${(event: Event) => set((event.target as HTMLSelectElement).value as T)}>
          ${options.map(
            ([name, text]) =>
              html`<option value=${name} .selected=${name === value}>${text}</option>`,
          )}
        </select>
      </label>`;
    return html`<section>
      ${choice<Told>(
        w.notify,
        notify,
        [
          ["all", s.notifies.all],
          ["mentions", s.notifies.mentions],
          ["none", s.notifies.none],
        ],
        (value) => changeRoom(network, room, { notify: value }),
      )}
      ${choice<Presence>(
        w.presence,
        presence,
        [
          ["all", s.presences.all],
          ["smart", s.presences.smart],
          ["none", s.presences.none],
        ],
        (value) => changeRoom(network, room, { presence: value }),
      )}
    </section>`;
  }

  #invite(current: Conversation): TemplateResult {
    return html`<form
      class="with-button"
      @submit=${(event: Event) => {
        event.preventDefault();
        const field = this.querySelector<HTMLInputElement>('[name="invited"]');
        const nick = field?.value.trim() ?? "";
        if (!nick) return;
        void this.#run({ do: "invite", room: current.name, nick }).then((isDone) => {
          if (isDone && field) field.value = "";
        });
      }}
    >
      <input name="invited" placeholder=${w.invite} aria-label=${w.invite} autocomplete="off" />
      <button>${w.sendInvite}</button>
    </form>`;
  }

  // Whoever joins to make noise cannot; an end is set, so that nobody forgets it.
  #calm(network: string, { name }: Conversation): TemplateResult {
    const place = { network, name };
    const until = calmUntil(place);
    const set = async (isOn: boolean): Promise<void> => {
      this.#error = await calm(place, isOn);
      this.requestUpdate();
    };
    return html`<section>
      <p class="muted">${until ? w.calmUntil(clockTime(until)) : w.calmHint}</p>
      <button @click=${() => void set(!until)}>${until ? w.calmEnd : w.calm}</button>
    </section>`;
  }

  #entries(list: ListName, { name: room }: Conversation): TemplateResult | typeof nothing {
    const told = this.#lists[list];
    if (!told) return nothing;
    const { title, none, takeOff } = w.lists[list];
    const put = (who: string, set: boolean): Promise<boolean> =>
      this.#run({ do: "mode", room, list, who, set }).then((isDone) => {
        if (isDone) void this.#load(list);
        return isDone;
      });
    return html`<section>
      <h3>${title}</h3>
      ${told.length ? nothing : html`<p class="muted">${none}</p>`}
      <ul class="masks ${list}">
        ${told.map(
          ({ mask, by }) =>
            html`<li>
              <bdi>${plainName(mask)}</bdi>
              ${by ? html`<span class="muted">${w.bannedBy(plainName(by))}</span>` : nothing}
              <button class="small" @click=${() => void put(mask, false)}>
                ${takeOff(plainName(mask))}
              </button>
            </li>`,
        )}
      </ul>
      <form
        class="with-button"
        @submit=${(event: Event) => {
          event.preventDefault();
          const field = (event.target as HTMLFormElement).elements[0] as HTMLInputElement;
          const who = field.value.trim();
          if (who) void put(who, true).then((isDone) => void (isDone && (field.value = "")));
        }}
      >
        <input placeholder=${w.whom} aria-label=${`${title}: ${w.whom}`} autocomplete="off" />
        <button>${w.add}</button>
      </form>
    </section>`;
  }
}
customElements.define("halley-room-info", RoomInfo);

const mostActs = 50;

// What was done to the room and to people in it, newest first, as far as it is loaded.
function acts({ lines }: Conversation): TemplateResult | typeof nothing {
  const done = lines.filter(
    (line): line is InfoLine =>
      line.type === "info" && ["kicked", "mode", "role", "topic"].includes(line.info.what),
  );
  if (!done.length) return nothing;
  return html`<section>
    <h3>${w.acts}</h3>
    <ul class="acts">
      ${done
        .slice(-mostActs)
        .reverse()
        .map((line) => html`<li><span class="muted">${fullTime(line.at)}</span> ${infoText(line.info)}</li>`)}
    </ul>
  </section>`;
}

// What is loaded of a conversation, a line each.
export function asText(where: Conversation): string {
  const lines = where.lines.map((line) => {
    if (line.type !== "said" || line.removedBy !== undefined) return "";
    const who = line.kind === "action" ? `* ${line.from}` : `<${shortName(line.from)}>`;
    return `[${fullTime(line.at)}] ${who} ${line.text}`;
  });
  return lines.filter(Boolean).join("\n");
}
