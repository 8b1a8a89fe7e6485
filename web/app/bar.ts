// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one line that says how the connection is. Brief gaps stay silent; what is said is what has
// happened to the reader, then what happens next.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { maySpeak, shortName } from "../client/index.ts";
import type { App } from "./shell.ts";
import { chat, type Connection } from "./chat.ts";
import { comeBack } from "./returning.ts";
import type { Action, Notice } from "./notice.ts";
import { Part } from "./part.ts";
import { fetched } from "./rarely.ts";
import { words } from "./words.ts";

const patience = 800; // ms of trouble before it is mentioned
const w = words.bar;
const outOfRoom = fetched(() => import("./out_of_room.ts"));

export class Bar extends Part {
  app!: App;

  #timer: ReturnType<typeof setTimeout> | undefined;
  #waiting = 0; // since when, for words that are on their way
  #told = false; // about this trouble: then what follows is told at once

  protected override render(): TemplateResult | typeof nothing {
    const { connection } = chat;
    const notice = connection && (linkNotice(connection) ?? roomNotice(connection, this.app));
    clearTimeout(this.#timer);
    if (!connection || !notice) {
      this.#told = false;
      this.#waiting = 0;
      return html`<div role="status" class="bar-place"></div>`;
    }
    this.#waiting = notice.isStandIn ? this.#waiting || Date.now() : 0;
    const waited = Date.now() - (this.#waiting || connection.troubleSince);
    if (!notice.now && (this.#waiting || !this.#told) && waited < patience) {
      this.#timer = setTimeout(() => this.requestUpdate(), patience - waited + 5);
      return html`<div role="status" class="bar-place"></div>`;
    }
    this.#told = true;
    // A countdown is shown; it changes by the second.
    if (connection.link.phase === "waiting") {
      this.#timer = setTimeout(() => this.requestUpdate(), 500);
    }
    return html`<div role="status" class="bar-place">
      <div class="bar ${notice.tone}">
        ${notice.spoken
          ? html`<span aria-hidden="true">${notice.text}</span><span class="spoken">${notice.spoken}</span>`
          : html`<span>${notice.text}</span>`}
        ${notice.field ?? (notice.actions ?? []).map(
          ([label, act]) => html`<button class="small" @click=${act}>${label}</button>`,
        )}
        ${notice.details
          ? html`<details>
              <summary>${w.details}</summary>
              <span>${notice.details}</span>
            </details>`
          : nothing}
      </div>
    </div>`;
  }
}
customElements.define("halley-bar", Bar);

function linkNotice(connection: Connection): Notice | undefined {
  const { link, session, model } = connection;
  const rejoin: Action = [w.rejoin, () => void comeBack(connection)];
  if (link.phase === "over") {
    if (link.error?.code === "left") return undefined;
    const expired = link.error?.code === "unknown_session" && !connection.returns;
    const text = expired
      ? w.expired
      : link.comeBack || (connection.returns > 0 && link.error?.code !== "unreachable")
        ? w.restarting(model.title)
        : link.error?.code === "unreachable"
          ? w.gateway
          : w.ended(link.error?.message ?? "");
    return { text, tone: "danger", actions: [rejoin], now: true };
  }
  if (link.offline) return { text: w.offline, tone: "warning", now: true };
  if (link.quiet) return { text: w.quiet, tone: "warning", now: true };
  if (link.phase === "waiting" || (link.phase === "connecting" && link.attempt > 0)) {
    const tryNow: Action = [w.tryNow, () => session.tryNow()];
    if (link.attempt > 4) return { text: w.gateway, tone: "danger", actions: [tryNow] };
    const left = Math.max(1, Math.ceil(((link.retryAt ?? 0) - Date.now()) / 1000));
    if (link.phase === "connecting") return { text: w.retrying, tone: "warning" };
    return { text: w.lost(left), spoken: w.retrying, tone: "warning", actions: [tryNow] };
  }
  return undefined;
}

// Where it takes more words than these, they come with out_of_room.ts.
function roomNotice(connection: Connection, app: App): Notice | undefined {
  const { model } = connection;
  const { current } = chat;
  const connecting: Notice = { text: w.connecting(model.title), tone: "calm" };
  if (model.status === "connecting") return connecting;
  if (model.status === "offline" && model.offline) {
    return outOfRoom(({ networkAway }) => networkAway(connection), { ...connecting, isStandIn: true });
  }
  if (!current?.isRoom) return undefined;
  if (current.joined) {
    return maySpeak(model, current) ? undefined : outOfRoom(({ silence }) => silence(current, model), undefined);
  }
  const room = shortName(current.name);
  const { ended } = current;
  if (!ended) return { text: w.joining(room), tone: "calm" };
  const rejoin: Action = [
    w.rejoin,
    () => {
      void chat.join(model.network, current.name).then(({ error }) => {
        if (error) chat.onEvent(connection, { ev: "error", room: current.name, error });
      });
    },
  ];
  const left: Notice = { text: w.left(room), tone: "calm", actions: [rejoin] };
  if (ended.why === "left" && !ended.reason) return { ...left, now: true };
  return outOfRoom(({ shutOut }) => shutOut(connection, current, rejoin, app), { ...left, isStandIn: true });
}
