// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is known about one network: its rooms and conversations with their lines, people and topics.
// Plain records; changed only by apply() and the verbs in conversation.ts. No clock and no DOM: the
// time comes with each call.
import type { Failure, Kind, Limits, Span } from "../wire.ts";
import type { FoldLine, Line, SaidLine } from "./lines.ts";
import { Members } from "./members.ts";

export interface Topic {
  text: string;
  spans?: Span[];
  from?: string;
  at?: number;
}

export interface Ended {
  why: "kicked" | "banned" | "left" | "error";
  by?: string;
  text?: string | undefined;
  code?: string;
  // left: the room is no more, and where it goes on, or is open to its members only.
  reason?: "closed" | "members_only" | undefined;
  moved?: string | undefined;
}

// A time that nothing is known of (gaps.ts).
export interface Gap {
  since: number; // time of the last line that is known
  until: number;
  asked: boolean; // the gateway is asking the network's history; else it is ours to ask
}

export interface Conversation {
  name: string;
  isRoom: boolean;
  joined: boolean; // rooms: we are in it; private conversations: always true
  nick: string; // our own name here, if it differs from the network's
  lines: Line[];
  version: number; // grows with each change of the lines
  topic: Topic | undefined;
  members: Members;
  membersKnown: boolean;
  // Its modes that have no value ("m": nobody may write without a role; "t": only those who look after
  // the room may change its topic).
  traits: Set<string>;
  features: Set<string>; // what can be done here besides what can be done everywhere
  unread: number;
  mentions: number;
  readAt: number; // lines up to this time have been seen
  readTo?: string; // and as far as the line of this id, on another device; "": that is in readAt
  markAt: number; // where "New since" stands; 0: nowhere
  historyDone: boolean; // there is nothing older
  reading?: { key: number; top: number } | undefined; // the first line in view and where it stands, in px; not at the end
  ended: Ended | undefined;
  gap: Gap | undefined; // being filled
  typing: Map<string, number>; // who, until when
  // What apply() needs to find lines again.
  ids: Map<string, SaidLine>;
  sending: Map<number, SaidLine>; // own lines by command number
  gone: Map<string, { at: number; fold: FoldLine }>; // who left lately, to recognise a return
  spoke: Map<string, number>; // when somebody last wrote
  spokeToMe: Map<string, number>;
}

export interface NetworkModel {
  network: string;
  session: string; // whose events these are; "": none yet
  title: string;
  kind: Kind;
  nick: string;
  account: string;
  away: boolean;
  features: Set<string>;
  limits: Limits;
  roomPrefixes: string;
  status: "connecting" | "online" | "offline";
  offline:
    | { step: string; error: Failure; retryAt: number | undefined; final: boolean }
    | undefined;
  conversations: Map<string, Conversation>;
  notices: Conversation; // the network's own words
  invitations: { room: string; from: string; key?: string }[];
  tellsAll?: boolean; // also who comes and goes silently in a crowded room
  lastKey: number;
  version: number; // grows with each change of anything
}

export function emptyConversation(name: string, isRoom: boolean): Conversation {
  return {
    name,
    isRoom,
    joined: !isRoom,
    nick: "",
    lines: [],
    version: 0,
    topic: undefined,
    members: new Members(),
    membersKnown: false,
    traits: new Set(),
    features: new Set(),
    unread: 0,
    mentions: 0,
    readAt: 0,
    markAt: 0,
    historyDone: false,
    ended: undefined,
    gap: undefined,
    typing: new Map(),
    ids: new Map(),
    sending: new Map(),
    gone: new Map(),
    spoke: new Map(),
    spokeToMe: new Map(),
  };
}

export function emptyNetwork(network: string, title = network, kind: Kind = "irc"): NetworkModel {
  return {
    network,
    session: "",
    title,
    kind,
    nick: "",
    account: "",
    away: false,
    features: new Set(),
    limits: {},
    roomPrefixes: "",
    status: "connecting",
    offline: undefined,
    conversations: new Map(),
    notices: emptyConversation("", false),
    invitations: [],
    lastKey: 0,
    version: 0,
  };
}

// What can be done there: in every room, or in this one.
export const can = ({ features }: NetworkModel, where: Conversation, feature: string): boolean =>
  features.has(feature) || where.features.has(feature);

// Whether we may write there, as far as it is known.
export function maySpeak(model: NetworkModel, where: Conversation): boolean {
  const rank = where.members.find(ownNick(model, where))?.rank;
  return rank !== "visitor" && !(where.traits.has("m") && rank === "member");
}

// Where rooms have no mode for it, those who look after them do it.
export function mayTopic(model: NetworkModel, where: Conversation): boolean {
  if (!model.features.has("topic") || !where.joined) return false;
  if (model.roomPrefixes && !where.traits.has("t")) return true;
  const rank = where.members.find(ownNick(model, where))?.rank ?? "";
  return ["owner", "admin", "op", "halfop"].includes(rank);
}

export function ownNick(model: NetworkModel, where: Conversation): string {
  return where.nick || model.nick;
}
