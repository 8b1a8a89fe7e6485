// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every room, person and action by a few letters of its name.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { shortName, type Conversation } from "../client/index.ts";
import type { App } from "./shell.ts";
import { chat, type Connection, type Place } from "./chat.ts";
import { leaveNetwork } from "./leaving.ts";
import { languages } from "./languages.ts";
import { mayInvite, privateName } from "./moderation.ts";
import { Part } from "./part.ts";
import { change, settings } from "./settings.ts";
import { plainName } from "./text.ts";
import { words } from "./words.ts";
import { more } from "./words_later.ts";
import { wear } from "./sheets.ts";
import css from "./palette.css";

wear(css);

const w = more.palette;
const mostShown = 12;
const mostPeople = 5000; // of one room

interface Entry {
  name: string;
  kind: string;
  act(): void;
}

export class Palette extends Part {
  app!: App;

  #text = "";
  #chosen = 0;

  protected override firstUpdated(): void {
    this.querySelector("dialog")?.showModal();
  }

  #all(): Entry[] {
    const { app } = this;
    const s = more.settings;
    const room = chat.current?.isRoom;
    const action = (name: string, act: () => void): Entry => ({ name, kind: w.action, act });
    return [
      ...chat.places().map((place) => ({
        name: shortName(place.name),
        kind: chat.at(place)?.isRoom ? w.room : w.person,
        act: () => chat.open(place),
      })),
      ...this.#people(),
      action(words.sidebar.inbox, () => app.go({ page: "inbox" })),
      action(words.room.search, () => app.togglePanel("search")),
      ...(room ? [action(words.room.info, () => app.togglePanel("info"))] : []),
      ...(room ? [action(words.room.toMembers, () => app.togglePanel("members"))] : []),
      ...(chat.connection?.model.features.has("list")
        ? [action(words.sidebar.browse, () => app.openDialog("rooms"))]
        : []),
      ...(chat.active?.name ? this.#ofRoom(chat.active) : []),
      ...(chat.connection?.model.features.has("away") ? [this.#presence(chat.connection)] : []),
      action(words.sidebar.addNetwork, () => app.openDialog("adding")),
      ...[...chat.connections.values()].map(({ model: { network, title } }) =>
        action(words.sidebar.leaveNetwork(title), () => leaveNetwork(network)),
      ),
      action(s.showShortcuts, () => app.openDialog("sheet")),
      ...Object.entries(s.groups).map(([group, title]) =>
        action(`${s.title}: ${title}`, () => app.go({ page: "settings", group })),
      ),
      ...(["system", "light", "dark", "high"] as const).map((theme) =>
        action(`${s.theme}: ${s.themes[theme]}`, () => change({ theme })),
      ),
      ...Object.entries(languages).map(([language, title]) =>
        action(`${s.language}: ${title}`, () => change({ language })),
      ),
      action(`${s.density}: ${s.densities[settings.density === "compact" ? "normal" : "compact"]}`, () =>
        change({ density: settings.density === "compact" ? "normal" : "compact" }),
      ),
    ];
  }

  // Of all rooms, those of the open one first; who is met in several is there once.
  #people(): Entry[] {
    const { active, current } = chat;
    const here: [Place, Conversation][] = active && current ? [[active, current]] : [];
    const rooms = chat.places().map((place): [Place, Conversation | undefined] => [place, chat.at(place)]);
    const met = new Set<string>();
    const entries: Entry[] = [];
    for (const [place, where] of [...here, ...rooms]) {
      for (const { nick } of where?.members.sorted.slice(0, mostPeople) ?? []) {
        const who = `${place.network}/${privateName(place.name, nick)}`;
        if (met.has(who)) continue;
        met.add(who);
        const isHere = where === current;
        entries.push({
          name: shortName(nick),
          kind: isHere ? w.person : `${w.person}, ${plainName(shortName(place.name))}`,
          act: () => {
            if (!isHere) chat.open(place);
            this.app.openPerson(nick);
          },
        });
      }
    }
    return entries;
  }

  #ofRoom(place: Place): Entry[] {
    const { connection, current } = chat;
    const name = shortName(place.name);
    const action = (title: string, act: () => void): Entry => ({ name: title, kind: w.action, act });
    const move = (title: string, by: 1 | -1): Entry =>
      action(title, () => void import("./sorting.ts").then(({ step }) => step(by), () => {}));
    const invites = connection && current && mayInvite(connection.model, current);
    return [
      ...(invites ? [action(more.info.invite, () => this.#invite())] : []),
      action(words.room.leave(name), () => void chat.leave({ ...place })),
      move(w.up(name), -1),
      move(w.down(name), 1),
    ];
  }

  #invite(): void {
    const { app } = this;
    void import("./room_info.ts").then(({ focusSoon }) => {
      focusSoon("invited");
      if (!app.querySelector("halley-room-info")) app.togglePanel("info");
    }, () => {});
  }

  // A room that is named as rooms are here, and that one is not in.
  #join(): Entry[] {
    const room = this.#text.trim();
    const { active, connection } = chat;
    if (!active || !connection?.model.roomPrefixes.includes(room[0] ?? " ") || /[\s,]/.test(room)) return [];
    if (chat.at({ network: active.network, name: room })) return [];
    const act = (): void =>
      void import("./commands.ts").then(({ runCommand }) => runCommand(this.app, `/join ${room}`), () => {});
    return [{ name: words.signIn.joinRoom(room), kind: w.action, act }];
  }

  #presence({ model: { network, away } }: Connection): Entry {
    const act = (): void =>
      void chat.do(network, away ? { do: "away" } : { do: "away", text: words.sidebar.awayNow }).catch(() => {});
    return { name: away ? w.back : w.away, kind: w.action, act };
  }

  #matching(): Entry[] {
    const wanted = this.#text.trim().toLowerCase();
    const all = this.#all();
    if (!wanted) return all.slice(0, mostShown);
    all.push(...this.#join());
    const rate = ({ name }: Entry): number => {
      const at = name.toLowerCase().replace(/^[#&]/, "").indexOf(wanted.replace(/^[#&]/, ""));
      return at < 0 ? 3 : at === 0 ? 0 : 1;
    };
    return all
      .map((entry) => ({ entry, rate: rate(entry) }))
      .filter(({ rate }) => rate < 3)
      .sort((a, b) => a.rate - b.rate)
      .slice(0, mostShown)
      .map(({ entry }) => entry);
  }

  protected override render(): TemplateResult {
    const found = this.#matching();
    this.#chosen = Math.min(this.#chosen, Math.max(0, found.length - 1));
    return html`<dialog
      class="palette"
      aria-label=${w.title}
      @close=${() => this.app.dialog === "palette" && this.app.openDialog("")}
      @click=${(event: Event) => {
        if (event.target === event.currentTarget) this.querySelector("dialog")?.close();
      }}
    >
      <input
        name="palette"
        role="combobox"
        aria-expanded="true"
        aria-controls="goals"
        aria-autocomplete="list"
        aria-activedescendant=${found.length ? `goal-${this.#chosen}` : nothing}
        autocomplete="off"
        placeholder=${w.field}
        aria-label=${w.field}
        @input=${(event: Event) => {
          this.#text = (event.target as HTMLInputElement).value;
          this.#chosen = 0;
          this.requestUpdate();
        }}
        @keydown=${(event: KeyboardEvent) => this.#onKey(event, found)}
      />
      ${found.length ? nothing : html`<p class="muted">${w.none(this.#text)}</p>`}
      <ul id="goals" role="listbox" aria-label=${w.title}>
        ${found.map(
          (entry, i) =>
            html`<li
              role="option"
              id="goal-${i}"
              aria-selected=${i === this.#chosen}
              @click=${() => this.#go(entry)}
            >
              <bdi>${plainName(entry.name)}</bdi><span class="muted">${entry.kind}</span>
            </li>`,
        )}
      </ul>
    </dialog>`;
  }

  #onKey(event: KeyboardEvent, found: Entry[]): void {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.isComposing) return;
    if (by && found.length) this.#chosen = (this.#chosen + by + found.length) % found.length;
    else if (event.key === "Enter" && found[this.#chosen]) this.#go(found[this.#chosen] as Entry);
    else return;
    event.preventDefault();
    this.requestUpdate();
  }

  #go(entry: Entry): void {
    this.querySelector("dialog")?.close();
    this.app.openDialog("");
    entry.act();
  }
}
customElements.define("halley-palette", Palette);
