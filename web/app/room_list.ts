// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rooms a network tells of, to look through and join.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { shortName, type ChatError, type RoomEntry } from "../client/index.ts";
import type { App } from "./shell.ts";
import { chat } from "./chat.ts";
import { dialogHead } from "./dialog_head.ts";
import { failureText } from "./failing.ts";
import { icon, Part } from "./part.ts";
import { plainName } from "./text.ts";
import { speech } from "./words.ts";
import { more } from "./words_later.ts";

const mostShown = 200; // rows; the field narrows it down

export class RoomList extends Part {
  app!: App;
  network!: string;

  #rooms: RoomEntry[] | undefined;
  #filter = "";
  #error = "";

  protected override firstUpdated(): void {
    this.querySelector("dialog")?.showModal();
    void this.#load();
  }

  async #load(): Promise<void> {
    try {
      const result = await chat.do(this.network, { do: "list" });
      if (result.ok) {
        this.#rooms = [...(result.rooms ?? [])].sort((a, b) => b.members - a.members);
      } else {
        this.#error = result.error?.text ?? "";
      }
    } catch (error) {
      this.#error = (error as ChatError).message;
    }
    this.requestUpdate();
  }

  // A browser would empty the field first and close the list only then.
  #onKey(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    this.querySelector("dialog")?.close();
  }

  #close(): void {
    this.app.openDialog("");
  }

  protected override render(): TemplateResult {
    const title = more.list.title(chat.connections.get(this.network)?.model.title ?? "");
    return html`<dialog class="rooms" aria-label=${title} @close=${() => this.#close()}>
      ${dialogHead(title)}
      <input
        type="search"
        ?autofocus=${!matchMedia("(pointer: coarse)").matches}
        placeholder=${more.list.filter}
        aria-label=${more.list.filter}
        @keydown=${(event: KeyboardEvent) => this.#onKey(event)}
        @input=${(event: Event) => {
          this.#filter = (event.target as HTMLInputElement).value.toLowerCase();
          this.requestUpdate();
        }}
      />
      <div class="entries">${this.#entries()}</div>
    </dialog>`;
  }

  #entries(): unknown {
    if (this.#error) return html`<p class="problem" role="alert">${this.#error}</p>`;
    if (!this.#rooms) return html`<p class="muted waiting">${more.list.loading}</p>`;
    const found = this.#rooms.filter(
      (one) =>
        !this.#filter ||
        one.room.toLowerCase().includes(this.#filter) ||
        one.topic?.toLowerCase().includes(this.#filter),
    );
    if (!found.length) return html`<p class="muted">${more.list.none}</p>`;
    return found.slice(0, mostShown).map(
      (one) =>
        html`<button class="entry" title=${one.room} @click=${() => this.#join(one.room)}>
          <span class="name" dir="auto">${plainName(one.name || shortName(one.room))}</span>
          <span class="count">${icon("people")}${speech.number.format(one.members)}</span>
          ${one.topic ? html`<span class="topic" dir="auto">${plainName(one.topic)}</span>` : nothing}
        </button>`,
    );
  }

  #join(room: string): void {
    this.querySelector("dialog")?.close();
    void chat.join(this.network, room).then((result) => {
      if (result.ok || !chat.active) return;
      const { code = "", text = "" } = result.error ?? {};
      chat.note(chat.active, failureText(code, text, { nick: "", room, network: "" }), true);
    });
  }
}
customElements.define("halley-room-list", RoomList);
