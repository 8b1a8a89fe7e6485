// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the gateway tells.
import type { Failure, Kind, Limits, ListEntry, ModeChange, Person, Placed, Role, RoomEntry, RoomSetting, SaidKind, Span, WireMember } from "./nouns.ts";

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
  settings?: RoomSetting[];
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
  | { ev: "left"; room?: string; from: string; text?: string; self?: boolean; at?: number; why?: "closed" | "members_only"; moved_to?: string }
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
  | { ev: "waiting"; n: number; ms: number } // it will in so long: the network takes no more now
  // Read up to there, on whatever device; where `read_markers` is a feature. The time of a message or its id.
  | ({ ev: "read"; id?: string; at?: number } & Placed)
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
