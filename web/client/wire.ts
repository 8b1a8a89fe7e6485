// SPDX-License-Identifier: GPL-3.0-or-later
//
// The words of the chat dialect, version 1, as gateway/dialects/README.md defines them. Types only.
// A reader ignores fields and events it does not know.

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

export interface ModeChange {
  set: boolean;
  mode: string;
  value?: string;
  role?: Role;
}

interface Placed {
  room?: string;
  with?: string;
}

export interface Hello {
  ev: "hello";
  session: string;
  epoch: string;
  network: string;
  title: string;
  kind: Kind;
  nick?: string; // once the network has given one
  next: number;
  resumed: boolean;
  hold: number;
  grace: number;
  heartbeat: number;
  poll?: number;
}

export interface Said extends Placed {
  from: string;
  text: string;
  spans?: Span[];
  kind?: SaidKind;
  at: number;
  id?: string;
  origin_id?: string;
  account?: string;
  reply_to?: string;
  audience?: string;
  self?: boolean;
  echo_of?: number;
  replayed?: boolean; // fetched from the network's history to heal a gap
}

export interface ResultEvent {
  ev: "result";
  n: number;
  ok: boolean;
  error?: Failure;
  rooms?: RoomEntry[];
  person?: Person;
  list?: ListEntry[];
  id?: string;
}

export type ChatEvent =
  | {
      ev: "online";
      nick: string;
      account?: string;
      features: string[];
      limits?: Limits;
      room_prefixes?: string;
      resumed?: boolean;
    }
  | { ev: "offline"; step: string; error: Failure; retry_in?: number; final?: boolean }
  | {
      ev: "joined";
      room: string;
      from: string;
      self?: boolean;
      roles?: Role[];
      account?: string;
      real_name?: string;
      at?: number;
    }
  | { ev: "left"; room?: string; from: string; text?: string; self?: boolean; at?: number }
  | { ev: "nick"; room?: string; from: string; to: string; self?: boolean; at?: number }
  | {
      ev: "topic";
      room: string;
      text: string;
      spans?: Span[];
      from?: string;
      at?: number;
      initial?: boolean;
    }
  | { ev: "members"; room: string; members: WireMember[]; first?: boolean; last?: boolean }
  | {
      ev: "presence";
      room?: string;
      from: string;
      away?: boolean;
      text?: string;
      roles?: Role[];
      account?: string;
      real_name?: string;
      contact?: boolean;
      subscription?: string;
    }
  | ({ ev: "said" } & Said)
  | ({ ev: "typing"; from: string; state: "active" | "paused" | "done" } & Placed)
  | ({
      ev: "data"; // for programs: one JSON value
      from: string;
      type: string;
      value: unknown;
      at?: number;
      self?: boolean;
      echo_of?: number;
    } & Placed)
  | { ev: "data_lost"; count: number }
  | ({
      ev: "reacted";
      from: string;
      id: string;
      reactions: string[];
      complete?: boolean;
      self?: boolean;
    } & Placed)
  | ({
      ev: "edited";
      from: string;
      id: string;
      text: string;
      spans?: Span[];
      at?: number;
      self?: boolean;
    } & Placed)
  | ({ ev: "retracted"; from: string; id: string; text?: string } & Placed)
  | {
      ev: "kicked";
      room: string;
      from?: string;
      who: string;
      text?: string;
      ban?: boolean;
      self?: boolean;
      at?: number;
    }
  | { ev: "mode"; room: string; from?: string; changes: ModeChange[]; initial?: boolean }
  | ({ ev: "history"; items: Said[]; complete?: boolean; n?: number } & Placed)
  | {
      ev: "gap";
      room?: string;
      from?: number;
      to?: number;
      from_at?: number;
      to_at?: number;
      reason: string;
      healing?: boolean; // lines that are `replayed` follow, then `healed` for each room
    }
  | { ev: "healed"; room: string; complete: boolean; count: number }
  | { ev: "features"; room: string; features: string[] } // besides the network's
  | { ev: "sent"; n: number } // a say has left for the network as a whole
  | { ev: "members_changed"; room?: string; joined?: WireMember[]; left?: string[] }
  | ResultEvent
  | { ev: "error"; room?: string; error: Failure }
  | {
      ev: "notice";
      from?: string;
      text: string;
      spans?: Span[];
      kind: "motd" | "server" | "service";
      at?: number;
    }
  | { ev: "invited"; room: string; from: string; text?: string; key?: string }
  | { ev: "closing"; error: Failure; come_back?: boolean };

export type Command =
  | { do: "join"; room: string; key?: string }
  | { do: "part"; room: string; text?: string }
  | { do: "say"; to: string; text: string; kind?: SaidKind; reply_to?: string }
  | { do: "nick"; nick: string }
  | { do: "topic"; room: string; text?: string }
  | { do: "names"; room: string }
  | { do: "list"; filter?: string }
  | { do: "whois"; nick: string; room?: string }
  | { do: "away"; text?: string }
  | { do: "typing"; to: string; state: "active" | "paused" | "done" }
  | { do: "data"; to: string; type: string; value: unknown }
  | { do: "react"; to: string; id: string; reactions: string[] }
  | { do: "edit"; to: string; id: string; text: string }
  | { do: "retract"; to: string; id: string; text?: string }
  | {
      do: "history";
      to: string;
      before?: string;
      after?: string;
      before_at?: number;
      after_at?: number;
      limit?: number;
    }
  | { do: "mode"; room: string; changes: ModeChange[] }
  | { do: "mode"; room: string; role: Role; who: string; set: boolean }
  | {
      do: "mode";
      room: string;
      ban: string;
      by?: "account"; // where `account_ban` is a feature
      set: boolean;
      text?: string;
      lasts?: number; // ms
    }
  | { do: "mode"; room: string; mute: string; set: boolean; text?: string }
  | { do: "mode"; room: string; list: ListName } // told in the result
  | { do: "mode"; room: string; list: ListName; who: string; by?: "account" } // whom it would meet
  | { do: "mode"; room: string; list: ListName; who: string; set: boolean }
  | { do: "mode"; room: string; slow: number } // seconds; 0: not
  | { do: "kick"; room: string; nick: string; text?: string }
  | { do: "invite"; room: string; nick: string; text?: string }
  | { do: "login"; account: string; password: string }
  | { do: "raw"; line: string }
  | { do: "ping" };

export type NumberedCommand = Command & { n: number };
