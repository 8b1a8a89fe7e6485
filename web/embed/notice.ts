// SPDX-License-Identifier: GPL-3.0-or-later
//
// How the connection is, in plain words: what has happened to the reader, then what happens next.
import { failureSentence } from "../app/failure_text.ts";
import { shortName, type Conversation } from "../client/index.ts";
import type { Talk } from "./talk.ts";
import type { Words } from "./words.ts";

export interface Notice {
  text: string;
  tone: "calm" | "warning" | "danger";
  action?: [label: string, act: () => void];
  isNow?: boolean; // said at once; brief gaps stay silent
}

type Again = () => void; // a new session for one that has ended

export function noticeOf(
  talk: Talk,
  where: Conversation | undefined,
  w: Words,
  again: Again,
): Notice | undefined {
  return linkNotice(talk, w, again) ?? networkNotice(talk, w, again) ?? (where && roomNotice(talk, where, w));
}

function linkNotice(talk: Talk, { bar: w }: Words, again: Again): Notice | undefined {
  const { state } = talk.session;
  if (state.phase === "over") {
    const { code, message = "" } = state.error ?? {};
    const text =
      code === "unknown_session" ? w.expired : code === "unreachable" ? w.gateway : w.ended(code === "left" ? "" : message).trim();
    return { text, tone: "danger", action: [w.rejoin, again], isNow: true };
  }
  if (state.offline) return { text: w.offline, tone: "warning", isNow: true };
  if (state.quiet) return { text: w.quiet, tone: "warning", isNow: true };
  if (state.phase !== "waiting" && !(state.phase === "connecting" && state.attempt > 0)) return undefined;
  const tryNow: Notice["action"] = [w.tryNow, () => talk.session.tryNow()];
  if (state.attempt > 4) return { text: w.gateway, tone: "danger", action: tryNow };
  if (state.phase === "connecting") return { text: w.retrying, tone: "warning" };
  const seconds = Math.max(1, Math.ceil(((state.retryAt ?? 0) - Date.now()) / 1000));
  return { text: w.lost(seconds), tone: "warning", action: tryNow };
}

function networkNotice(talk: Talk, { bar: w }: Words, again: Again): Notice | undefined {
  const { model } = talk;
  if (model.status === "connecting") return { text: w.connecting(model.title), tone: "calm" };
  if (model.status !== "offline" || !model.offline) return undefined;
  const { error, final } = model.offline;
  if (!final) return { text: w.networkAlone(model.title), tone: "warning" };
  const action: Notice["action"] = [w.rejoin, again];
  return { text: w.refused(model.title, error.text), tone: "danger", action, isNow: true };
}

function roomNotice(talk: Talk, where: Conversation, words: Words): Notice | undefined {
  if (where.joined) return undefined;
  const { bar: w } = words;
  const room = shortName(where.name);
  const { ended } = where;
  if (!ended) return { text: w.joining(room), tone: "calm" };
  const { why, by, text = "", code = "" } = ended;
  const said =
    why === "kicked" ? w.kicked(by, room, ended.text)
    : why === "banned" ? w.banned(by, room, ended.text)
    : why === "left" ? w.left(room)
    : failureSentence(code, text, { nick: talk.nick, room, network: talk.model.title }, words.failure);
  const action: Notice["action"] = [w.rejoin, () => void talk.enter(talk.nick, where.name).catch(() => {})];
  return { text: said, tone: why === "left" ? "calm" : "danger", action, isNow: true };
}
