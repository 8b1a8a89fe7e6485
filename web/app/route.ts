// SPDX-License-Identifier: GPL-3.0-or-later
//
// Addresses of the page: "/" to sign in, "/r/<network>/<room>", "/d/<network>/<nick>", with
// "?nick=" for a link that suggests one and "/m/<id>" for one message; "/#<network>/<room>" for
// pages that cannot have others; "/mentions", "/settings/<group>"; "/open?uri=" for links that name
// a server. Passwords are never read from an address.
import type { Place } from "./chat.ts";

export interface Route {
  network: string;
  name: string;
  isRoom: boolean;
  nick: string;
  message?: string;
  host?: string; // of "/open": the network is the one that is there, see resolveHost()
}

export type Page = { page: "chat" } | { page: "inbox" } | { page: "settings"; group: string };

export function readPage(url: URL): Page {
  const [, first, second = ""] = url.pathname.split("/");
  if (first === "mentions") return { page: "inbox" };
  if (first === "settings") return { page: "settings", group: second };
  return { page: "chat" };
}

export function readRoute(url: URL): Route | undefined {
  const nick = (url.searchParams.get("nick") ?? "").slice(0, 64);
  let [, kind, network = "", ...rest] = url.pathname.split("/");
  // A room that was pasted without encoding its "#" arrives as the fragment.
  if (!rest.join("") && url.hash.length > 1) rest = [url.hash];
  if (!kind && /^#[^/#]+\/./.test(url.hash)) {
    kind = "r";
    [network = "", ...rest] = url.hash.slice(1).split("/");
  }
  if ((kind !== "r" && kind !== "d") || !network) return undefined;
  let message: string | undefined;
  if (rest.length > 2 && rest[rest.length - 2] === "m") [, message] = rest.splice(-2);
  try {
    return {
      network: decodeURIComponent(network),
      name: decodeURIComponent(rest.join("/")),
      isRoom: kind === "r",
      nick,
      ...(message ? { message: decodeURIComponent(message) } : {}),
    };
  } catch {
    return undefined; // a stray % is no address of ours
  }
}

// The link that "/open?uri=" was asked to follow; "": none.
export function linkToOpen(): string {
  if (location.pathname !== "/open") return "";
  return new URLSearchParams(location.search).get("uri") ?? "";
}

export function addressOf(place: Place, isRoom: boolean, message?: string): string {
  if (!place.network) return "/";
  const name = encodeURIComponent(place.name);
  const base = `/${isRoom ? "r" : "d"}/${encodeURIComponent(place.network)}${name ? `/${name}` : ""}`;
  return message ? `${base}/m/${encodeURIComponent(message)}` : base;
}
