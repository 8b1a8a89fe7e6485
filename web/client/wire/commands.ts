// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the gateway is asked for.
import type { ListName, ModeChange, Role, SaidKind, SettingValue } from "./nouns.ts";

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
  | { do: "read"; to: string; id?: string; at: number } // up to this message
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
  | { do: "settings"; room: string; set?: Record<string, SettingValue> } // told in the result
  | { do: "kick"; room: string; nick: string; text?: string }
  | { do: "invite"; room: string; nick: string; text?: string }
  | { do: "login"; account: string; password: string }
  | { do: "raw"; line: string }
  | { do: "ping" };

export type NumberedCommand = Command & { n: number };
