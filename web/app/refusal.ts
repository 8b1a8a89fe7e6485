// SPDX-License-Identifier: GPL-3.0-or-later
//
// Why the card did not lead into the chat: where that is to be mended, and in which words it is told.
import type { ChatError, NetworkInfo } from "../client/index.ts";
import { failureText } from "./failing.ts";
import type { At } from "./failure_text.ts";
import { faultIn, settle } from "./nick_form.ts";
import type { Field, Problem } from "./sign_in_fields.ts";

const fieldOfCode: Record<string, Field> = {
  nick_in_use: "nick",
  bad_nick: "nick",
  bad_password: "password",
  account_needed: "password",
  no_such_room: "room",
  bad_room: "room",
  room_full: "room",
  invite_only: "room",
  room_key: "key",
  banned: "form",
  unknown_network: "network",
};

const fields: readonly Field[] = ["network", "nick", "account", "password", "room", "key", "form"];

function fieldOf({ code, field }: ChatError): Field {
  const named = field === "rooms" ? "room" : field;
  return fieldOfCode[code] ?? fields.find((one) => one === named) ?? "form";
}

export function refusal(error: ChatError, at: At, chosen: NetworkInfo | undefined): Problem {
  settle();
  const { code, message } = error;
  const text = (code === "bad_nick" && faultIn(at.nick, chosen)) || failureText(code, message, at);
  return { field: fieldOf(error), text };
}
