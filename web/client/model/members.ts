// SPDX-License-Identifier: GPL-3.0-or-later
//
// The people of one room, kept sorted by role and name: a binary search for each change, so that a
// thousand joins cost a thousand searches and not a thousand sorts.
import type { Role, WireMember } from "../wire.ts";

export interface Member {
  nick: string;
  rank: Rank;
  roles: Role[];
  away: boolean;
  self: boolean;
  account: string;
}

// Groups of the member panel, highest first. "member" is who has no role at all.
export const ranks = ["owner", "admin", "op", "halfop", "voice", "member", "visitor"] as const;
export type Rank = (typeof ranks)[number];

export function rankOf(roles: readonly Role[] | undefined): Rank {
  for (const rank of ranks) if (rank !== "member" && roles?.includes(rank)) return rank;
  return "member";
}

const order = new Map<Rank, number>(ranks.map((rank, i) => [rank, i]));
const names = new Map<string, string>();

// Names fold often and are few: remembered, up to a bound.
function folded(nick: string): string {
  let known = names.get(nick);
  if (known === undefined) {
    known = nick.toLowerCase();
    if (names.size > 20000) names.clear();
    names.set(nick, known);
  }
  return known;
}

function compare(a: Member, b: Member): number {
  const byRank = (order.get(a.rank) ?? 0) - (order.get(b.rank) ?? 0);
  if (byRank) return byRank;
  const x = folded(a.nick);
  const y = folded(b.nick);
  if (x !== y) return x < y ? -1 : 1;
  return a.nick < b.nick ? -1 : a.nick > b.nick ? 1 : 0;
}

export class Members {
  #byNick = new Map<string, Member>();
  #list: Member[] = [];
  version = 0;

  get size(): number {
    return this.#list.length;
  }
  get sorted(): readonly Member[] {
    return this.#list;
  }
  find(nick: string): Member | undefined {
    return this.#byNick.get(nick);
  }

  // The whole list, or a part of one. Sorted once.
  fill(people: readonly WireMember[], first: boolean): void {
    if (first) this.#byNick.clear();
    for (const person of people) this.#byNick.set(person.nick, memberOf(person));
    this.#list = [...this.#byNick.values()].sort(compare);
    this.version++;
  }

  add(person: WireMember): void {
    this.remove(person.nick);
    const member = memberOf(person);
    this.#byNick.set(member.nick, member);
    this.#list.splice(this.#place(member), 0, member);
    this.version++;
  }

  remove(nick: string): Member | undefined {
    const member = this.#byNick.get(nick);
    if (!member) return undefined;
    this.#byNick.delete(nick);
    this.#list.splice(this.#place(member), 1);
    this.version++;
    return member;
  }

  change(nick: string, part: Partial<Pick<Member, "away" | "account" | "roles" | "nick">>): void {
    const member = this.remove(nick);
    if (!member) return;
    const roles = part.roles ?? member.roles;
    this.add({ ...member, ...part, roles });
  }

  #place(member: Member): number {
    let low = 0;
    let high = this.#list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(this.#list[middle] as Member, member) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function memberOf(person: WireMember): Member {
  const roles = person.roles ?? [];
  return {
    nick: person.nick,
    roles,
    rank: rankOf(roles),
    away: person.away ?? false,
    self: person.self ?? false,
    account: person.account ?? "",
  };
}
