// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one line that says how the connection is. Brief gaps stay silent; what is said is what has
// happened to the reader, then what happens next.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { maySpeak, shortName, type Conversation, type NetworkModel } from "../client/index.ts";
import type { App } from "./shell.ts";
import { chat, type Connection } from "./chat.ts";
import { comeBack } from "./entering.ts";
import { later } from "./later.ts";
import { Part } from "./part.ts";
import { failureText, words } from "./words.ts";

const patience = 800; // ms of trouble before it is mentioned
const w = words.bar;

type Action = [label: string, act: () => void];

interface Notice {
  text: string;
  spoken?: string; // instead of a text that changes by the second
  tone: "calm" | "warning" | "danger";
  details?: string;
  actions?: Action[];
  field?: TemplateResult; // in place of them
  now?: boolean; // said at once
}

export class Bar extends Part {
  app!: App;

  #timer: ReturnType<typeof setTimeout> | undefined;
  #told = false; // about this trouble: then what follows is told at once

  protected override render(): TemplateResult | typeof nothing {
    const { connection } = chat;
    const notice = connection && (linkNotice(connection) ?? roomNotice(connection, this.app));
    clearTimeout(this.#timer);
    if (!connection || !notice) {
      this.#told = false;
      return html`<div role="status" class="bar-place"></div>`;
    }
    const waited = Date.now() - connection.troubleSince;
    if (!notice.now && !this.#told && waited < patience) {
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

function roomNotice(connection: Connection, app: App): Notice | undefined {
  const { model } = connection;
  const { current } = chat;
  if (model.status === "connecting") return { text: w.connecting(model.title), tone: "calm" };
  if (model.status === "offline" && model.offline) {
    const { error, final } = model.offline;
    if (final) {
      const again: Action = [w.rejoin, () => void comeBack(connection)];
      return {
        text: w.refused(model.title, error.text),
        tone: "danger",
        actions: [again],
        now: true,
      };
    }
    const text = chat.connections.size > 1 ? w.network(model.title) : w.networkAlone(model.title);
    return { text, tone: "warning", details: error.text };
  }
  if (!current?.isRoom) return undefined;
  if (current.joined) return maySpeak(model, current) ? undefined : silence(current, model);
  const room = shortName(current.name);
  const rejoin: Action = [
    w.rejoin,
    () => {
      void chat.join(model.network, current.name).then(({ error }) => {
        if (error) chat.onEvent(connection, { ev: "error", room: current.name, error });
      });
    },
  ];
  const { ended } = current;
  if (!ended) return { text: w.joining(room), tone: "calm" };
  const { why, by, text, code = "" } = ended;
  if (why === "left") return { text: w.left(room), tone: "calm", actions: [rejoin], now: true };
  const isError = why === "error";
  const { network } = model;
  const key = (): TemplateResult =>
    html`<halley-key .network=${network} .room=${current.name}></halley-key>`;
  const signIn: Action = [w.signIn, () => app.go({ page: "settings", group: "account" })];
  return {
    text: isError
      ? failureText(code, text ?? "", { nick: model.nick, room: current.name, network: model.title })
      : w[why](by, room, text),
    tone: "danger",
    ...(code === "room_key" ? { field: later("join", key) } : {}),
    actions: code === "account_needed" && canSignIn(model) ? [signIn, rejoin] : [rejoin],
    now: true,
  };
}

export function canSignIn({ account, features, network }: NetworkModel): boolean {
  const offer = chat.offers?.find((one) => one.network === network);
  return !account && Boolean(offer?.account || features.has("login"));
}

// Somebody who looks after the room is asked in private, where that can be done.
function silence({ members }: Conversation, { features }: NetworkModel): Notice {
  const first = members.sorted[0]?.rank ?? "";
  const isCared = ["owner", "admin", "op"].includes(first) && features.has("private");
  const ask: Action = [
    w.ask,
    () => void import("./asking.ts").then(({ askToSpeak }) => askToSpeak(), () => {}),
  ];
  return { text: words.failure.cannot_speak, tone: "calm", actions: isCared ? [ask] : [] };
}
