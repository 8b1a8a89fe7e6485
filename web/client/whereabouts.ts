// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is needed to enter again as one was: the nick, the rooms and their keys, read off what is
// asked and told. Passwords stay in memory.
import type { ChatEvent, Command, EnterRequest, Hello } from "./wire.ts";

export interface Whereabouts {
  network: string;
  nick: string;
  account?: string;
  rooms: { room: string; key?: string }[];
}

export class Bearings {
  #at: Whereabouts | undefined;
  #password: string | undefined;
  #keys = new Map<string, string>();

  entering(request: EnterRequest): void {
    const { network, nick, account, password, rooms = [] } = request;
    this.#password = password;
    for (const one of rooms) {
      if (typeof one !== "string" && one.key) this.#keys.set(one.room, one.key);
    }
    this.#at = { network, nick, rooms: rooms.map((one) => (typeof one === "string" ? { room: one } : one)) };
    if (account) this.#at.account = account;
  }
  // Somebody else entered: only the network is known.
  found(hello: Hello): void {
    this.#at ??= { network: hello.network, nick: hello.nick ?? "", rooms: [] };
  }
  // After a reload.
  restore(at: Whereabouts | undefined): void {
    this.#at = at;
  }
  save(): Whereabouts | undefined {
    return this.#at;
  }

  onCommand(command: Command): void {
    if (command.do === "join" && command.key) this.#keys.set(command.room, command.key);
  }
  onEvent(event: ChatEvent): void {
    const at = this.#at;
    if (!at) return;
    if (event.ev === "online") at.nick = event.nick;
    else if (event.ev === "nick" && event.self && !event.room) at.nick = event.to;
    else if (event.ev === "joined" && event.self) this.#joined(at, event.room);
    else if ((event.ev === "left" || event.ev === "kicked") && event.self) {
      at.rooms = event.room ? at.rooms.filter(({ room }) => room !== event.room) : [];
    }
  }
  #joined(at: Whereabouts, room: string): void {
    const key = this.#keys.get(room);
    const others = at.rooms.filter((one) => one.room.toLowerCase() !== room.toLowerCase());
    at.rooms = [...others, key ? { room, key } : { room }];
  }

  // After a reload the password is gone: better in as a guest than not at all.
  request(): EnterRequest | undefined {
    const at = this.#at;
    const password = this.#password;
    if (!at?.nick) return undefined;
    const { network, nick, account, rooms } = at;
    const mine = account && password ? { account, password } : {};
    return { network, nick, ...mine, rooms };
  }
}
