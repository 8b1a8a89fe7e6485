// SPDX-License-Identifier: GPL-3.0-or-later
//
// "/open?uri=": links that name a server, and to which of the networks of this site they lead.
import type { NetworkInfo } from "../client/index.ts";
import type { Route } from "./route.ts";
import { plainName } from "./text.ts";
import { more } from "./words_later.ts";

// "ircs://irc.example.net/room", "irc:///#room", "xmpp:room@conference.example.net?join".
export function readUri(uri: string, nick: string): Route | undefined {
  const irc = /^ircs?:(?:\/\/([^/:?#]*)(?::\d+)?)?\/?([^?,]*)/i.exec(uri);
  const xmpp = /^xmpp:(?:\/\/[^/]*\/)?([^?/@]+)@([^?/;]+)/i.exec(uri);
  try {
    if (irc) {
      const name = decodeURIComponent(irc[2] ?? "");
      const room = /^[#&+!]/.test(name) || !name ? name : `#${name}`;
      return { network: "", name: room, isRoom: true, nick, host: `irc:${irc[1] ?? ""}` };
    }
    if (!xmpp) return undefined;
    const [, room = "", domain = ""] = xmpp;
    const name = `${decodeURIComponent(room)}@${domain}`;
    return { network: "", name, isRoom: /[?;]join\b/i.test(uri), nick, host: `xmpp:${domain}` };
  } catch {
    return undefined;
  }
}

// The offered network a server belongs to: its name is part of the host's, or its rooms live there.
// Undefined: this site does not go there.
export function resolveHost(host: string, offers: readonly NetworkInfo[]): string | undefined {
  const [kind = "", name = ""] = host.toLowerCase().split(":");
  const same = offers.filter((one) => one.kind === kind);
  if (!name) return same[0]?.network;
  const labels = name.split(".");
  return same.find(
    ({ network, title, rooms = [] }) =>
      labels.includes(network.toLowerCase()) ||
      title.toLowerCase() === name ||
      rooms.some((room) => room.toLowerCase().endsWith(`@${name}`)),
  )?.network;
}

// What is said where it leads nowhere.
export function elsewhere(route: Route | undefined, uri: string): string {
  return more.joining.elsewhere(plainName(route?.host?.replace(/^\w+:/, "") || uri.slice(0, 100)));
}
