// SPDX-License-Identifier: GPL-3.0-or-later
//
// What one command after a slash is: how it is used, what it needs, what it does.
import type { Command, ResultEvent } from "../client/index.ts";
import type { App } from "./shell.ts";
import { chat, type Connection, type Place } from "./chat.ts";

export interface Call {
  app: App;
  place: Place;
  connection: Connection;
  room: string; // "" outside rooms
  text: string; // everything after the name
  first: string; // its first word
  rest: string; // and what follows that
}

export interface Slash {
  usage: string;
  feature?: string;
  inRoom?: boolean; // works in a room only
  needs?: number; // words
  isForDevelopers?: boolean;
  run(call: Call): void | Promise<ResultEvent | void>;
}

export function ask(call: Call, command: Command): Promise<ResultEvent> {
  return chat.do(call.place.network, command);
}

export function optional<Name extends string>(name: Name, text: string): { [K in Name]?: string } {
  return (text ? { [name]: text } : {}) as { [K in Name]?: string };
}
