// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the events and commands of the chat dialect speak about.

export type Kind = "irc" | "xmpp";
export type Role = "owner" | "admin" | "op" | "halfop" | "voice" | "visitor";
export type SaidKind = "message" | "action" | "notice";

export interface NetworkInfo {
  network: string;
  title: string;
  kind: Kind;
  guest: boolean;
  account: boolean;
  rooms?: string[];
  watched?: string[]; // open to passers-by
  nick?: NickRule;
}

// What can be said of a nick before it is tried; the rest is for the network to judge.
export interface NickRule {
  max?: number; // bytes
  forbidden?: string; // signs that stand in none
  not_first?: string; // and with which none begins, besides
}

export interface EnterRequest {
  network: string;
  nick: string;
  account?: string;
  password?: string;
  rooms?: (string | { room: string; key?: string })[];
  key?: string; // 16 to 64 random letters: the same key again makes no second session
}

export interface Failure {
  code: string;
  field?: string;
  text: string;
  retry_after?: number; // ms
}

// A run of formatting, counted in UTF-16 units of the text it belongs to.
export interface Span {
  start: number;
  length: number;
  bold?: boolean;
  italic?: boolean;
  underline?: boolean;
  strike?: boolean;
  mono?: boolean;
  block?: boolean;
  quote?: boolean;
  reverse?: boolean;
  fg?: string;
  bg?: string;
}

// In bytes; left out: not known.
export interface Limits {
  nick?: number;
  room?: number;
  topic?: number;
  line?: number; // a text and the name of whom it is for in one message; longer ones become several
}

export interface WireMember {
  nick: string;
  roles?: Role[];
  away?: boolean;
  self?: boolean;
  account?: string;
}

export interface Person {
  nick: string;
  user?: string;
  host?: string;
  real_name?: string;
  account?: string;
  server?: string;
  away?: string;
  rooms?: string[];
  idle?: number;
  signed_on?: number;
  secure?: boolean;
  bot?: boolean;
  operator?: boolean;
  lines?: string[];
}

export interface RoomEntry {
  room: string;
  name?: string;
  topic?: string;
  members: number;
}

export interface ListEntry {
  mask: string;
  by?: string;
  at?: number;
}

export type ListName = "bans" | "exceptions" | "invites";

// One setting of a room, in a word all networks share or the network's own.
export type SettingValue = boolean | string | readonly string[];
export interface RoomSetting {
  name: string;
  type: "flag" | "text" | "lines" | "secret" | "number" | "choice" | "choices";
  label?: string; // the network's own words
  value: SettingValue;
  options?: { value: string; label?: string }[];
}

export interface ModeChange {
  set: boolean;
  mode: string;
  value?: string;
  role?: Role;
}

// A room, or a conversation with one person.
export interface Placed {
  room?: string;
  with?: string;
}
