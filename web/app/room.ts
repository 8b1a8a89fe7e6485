// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is open: a room or a private conversation, with its header, its log, the message field and,
// for rooms, the people.
import { html, nothing, type TemplateResult } from "lit";
import { shortName, type ChatError, type Conversation } from "../client/index.ts";
import type { App } from "./app.ts";
import { chat } from "./chat.ts";
import { icon, Part } from "./part.ts";
import { plainName, richText } from "./text.ts";
import { fullTime } from "./time.ts";
import { words } from "./words.ts";
import "./bar.ts";
import "./composer.ts";
import "./log.ts";
import "./members_panel.ts";

const w = words.room;

export class Room extends Part {
  static override properties = { app: { attribute: false } };
  declare app: App;

  private editing = false;
  private error = "";

  protected override render(): TemplateResult | typeof nothing {
    const { current, connection, active } = chat;
    if (!current || !connection || !active) return nothing;
    const name = active.name ? plainName(shortName(active.name)) : words.sidebar.messages;
    const withPanel = current.isRoom && (this.app.panelOpen || this.app.view === "panel");
    return html`<main class="room" aria-label=${name}>
        <header class="head">
          <button
            class="icon-button only-narrow"
            aria-label=${words.sidebar.back}
            @click=${() => this.app.show("list")}
          >
            ${icon("back")}
          </button>
          <h1 dir="auto" title=${active.name}>${name}</h1>
          ${this.topicLine(current)}
          ${current.isRoom
            ? html`<button
                class="count"
                aria-pressed=${withPanel}
                aria-label="${words.room.members(current.members.size)}, ${withPanel
                  ? w.hideMembers
                  : w.toMembers}"
                title=${withPanel ? w.hideMembers : w.toMembers}
                @click=${() => this.app.togglePanel()}
              >
                ${icon("people")}<span>${current.membersKnown ? current.members.size : ""}</span>
              </button>`
            : nothing}
        </header>
        <halley-bar></halley-bar>
        <halley-log></halley-log>
        ${active.name ? html`<halley-composer .app=${this.app}></halley-composer>` : nothing}
      </main>
      ${withPanel ? html`<halley-members .app=${this.app}></halley-members>` : nothing}
      ${this.editing ? this.topicDialog(current) : nothing}`;
  }

  private topicLine(current: Conversation): TemplateResult {
    const text = current.topic?.text ?? "";
    const canSet = chat.connection?.model.features.has("topic") && current.joined;
    if (!current.isRoom || (!text && !canSet)) return html`<span class="topic"></span>`;
    return html`<button
      class="topic ${text ? "" : "muted"}"
      dir="auto"
      title=${text || w.setTopic}
      @click=${() => this.openTopic()}
    >
      ${text ? plainName(text) : w.setTopic}
    </button>`;
  }

  openTopic(): void {
    this.editing = true;
    this.error = "";
    this.requestUpdate();
    void this.updateComplete.then(() => this.querySelector("dialog")?.showModal());
  }

  private topicDialog(current: Conversation): TemplateResult {
    const { topic } = current;
    const canSet = chat.connection?.model.features.has("topic") && current.joined;
    return html`<dialog
      class="topic-dialog"
      aria-label=${w.topic}
      @close=${() => {
        this.editing = false;
        this.requestUpdate();
      }}
    >
      <header>
        <h2>${w.topic}</h2>
        <button class="icon-button" aria-label=${w.close} @click=${() => this.closeDialog()}>
          ${icon("close")}
        </button>
      </header>
      <p dir="auto" class="whole">
        ${topic?.text ? richText(topic.text, topic.spans) : html`<span class="muted">${w.noTopic}</span>`}
      </p>
      ${topic?.from && topic.at
        ? html`<p class="muted">${w.topicBy(plainName(topic.from), fullTime(topic.at))}</p>`
        : nothing}
      ${canSet
        ? html`<form @submit=${(event: Event) => void this.saveTopic(event, current)}>
            <textarea name="topic" rows="3" aria-label=${w.setTopic} .value=${topic?.text ?? ""}
            ></textarea>
            ${this.error ? html`<p class="problem" role="alert">${this.error}</p>` : nothing}
            <button class="primary">${w.save}</button>
          </form>`
        : nothing}
    </dialog>`;
  }

  private closeDialog(): void {
    this.querySelector<HTMLDialogElement>("dialog.topic-dialog")?.close();
  }

  private async saveTopic(event: Event, current: Conversation): Promise<void> {
    event.preventDefault();
    const field = this.querySelector<HTMLTextAreaElement>('[name="topic"]');
    const text = (field?.value ?? "").replace(/\s*\n\s*/g, " ");
    try {
      const network = chat.active?.network ?? "";
      const result = await chat.do(network, { do: "topic", room: current.name, text });
      this.error = result.ok ? "" : (result.error?.text ?? "");
    } catch (error) {
      this.error = (error as ChatError).message;
    }
    if (!this.error) this.closeDialog();
    this.requestUpdate();
  }
}
customElements.define("halley-room", Room);
