// SPDX-License-Identifier: GPL-3.0-or-later
//
// Addresses of the page: "/" to sign in, "/r/<network>/<room>", "/d/<network>/<nick>", with
// "?nick=" for a link that suggests one. Passwords are never read from an address.
import type { Place } from "./chat.ts";

export interface Route {
  network: string;
  name: string;
  isRoom: boolean;
  nick: string;
}

export function readRoute(url: URL): Route | undefined {
  const [, kind, network, ...rest] = url.pathname.split("/");
  const nick = url.searchParams.get("nick") ?? "";
  // A room that was pasted without encoding its "#" arrives as the fragment.
  const name = rest.join("/") || (url.hash.length > 1 ? url.hash : "");
  if ((kind !== "r" && kind !== "d") || !network) return undefined;
  try {
    return {
      network: decodeURIComponent(network),
      name: decodeURIComponent(name),
      isRoom: kind === "r",
      nick: nick.slice(0, 64),
    };
  } catch {
    return undefined; // a stray % is no address of ours
  }
}

export function addressOf(place: Place, isRoom: boolean): string {
  if (!place.network) return "/";
  const name = encodeURIComponent(place.name);
  return `/${isRoom ? "r" : "d"}/${encodeURIComponent(place.network)}${name ? `/${name}` : ""}`;
}
