// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the line about the connection says where the gateway is there, but the network, the room or the
// reader's voice in it is not.
import { html, type TemplateResult } from "lit/html.js";
import { shortName, type Conversation, type NetworkModel } from "../client/index.ts";
import type { App } from "./shell.ts";
import { chat, type Connection } from "./chat.ts";
import { comeBack } from "./returning.ts";
import { failureText } from "./failing.ts";
import { later } from "./later.ts";
import type { Action, Notice } from "./notice.ts";
import { words } from "./words.ts";
import { more } from "./words_later.ts";

const w = more.bar;

export function networkAway(connection: Connection): Notice {
  const { title, offline } = connection.model;
  const details = offline?.error.text ?? "";
  if (offline?.final) {
    const again: Action = [words.bar.rejoin, () => void comeBack(connection)];
    return { text: w.refused(title, details), tone: "danger", actions: [again], now: true };
  }
  const text = chat.connections.size > 1 ? w.network(title) : w.networkAlone(title);
  return { text, tone: "warning", details };
}

// Removed, or not let in. `rejoin`: the way back.
export function shutOut(connection: Connection, room: Conversation, rejoin: Action, app: App): Notice {
  if (room.ended?.reason === "closed") return closed(connection, room);
  const { model } = connection;
  const { why, by, text, code = "" } = room.ended ?? { why: "left" };
  const { network, title, nick } = model;
  const key = (): TemplateResult =>
    html`<halley-key .network=${network} .room=${room.name}></halley-key>`;
  const signIn: Action = [w.signIn, () => app.go({ page: "settings", group: "account" })];
  return {
    text:
      why === "kicked" || why === "banned"
        ? w[why](by, shortName(room.name), text)
        : failureText(room.ended?.reason ? "invite_only" : code, text ?? "", { nick, room: room.name, network: title }),
    tone: "danger",
    ...(code === "room_key" ? { field: later("join", key) } : {}),
    actions: code === "account_needed" && canSignIn(model) ? [signIn, rejoin] : [rejoin],
    now: true,
  };
}

// Coming back would only make another of that name.
function closed(connection: Connection, { name, ended }: Conversation): Notice {
  const { text, moved } = ended ?? {};
  const go: Action[] = moved
    ? [[w.goOn(shortName(moved)), () => void goOn(connection, name, moved)]]
    : [];
  return { text: w.closed(shortName(name), text), tone: "danger", actions: go, now: true };
}

async function goOn(connection: Connection, room: string, moved: string): Promise<void> {
  const { error } = await chat.join(connection.model.network, moved);
  if (error) chat.onEvent(connection, { ev: "error", room, error });
}

export function canSignIn({ account, features, network }: NetworkModel): boolean {
  const offer = chat.offers?.find((one) => one.network === network);
  return !account && Boolean(offer?.account || features.has("login"));
}

// Somebody who looks after the room is asked in private, where that can be done.
export function silence({ members }: Conversation, { features }: NetworkModel): Notice {
  const first = members.sorted[0]?.rank ?? "";
  const isCared = ["owner", "admin", "op"].includes(first) && features.has("private");
  const ask: Action = [
    w.ask,
    () => void import("./asking.ts").then(({ askToSpeak }) => askToSpeak(), () => {}),
  ];
  return { text: more.failure.cannot_speak, tone: "calm", actions: isCared ? [ask] : [] };
}
