// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the demos share: a client of the gateway that the page's address names.
import { CometD } from "/cometd/cometd.js";
import { roomSegment } from "./names.js";

const asked = new URLSearchParams(location.search);
export const gateway = asked.get("gateway") ?? "http://localhost:8080";
export const network = asked.get("network") ?? "irc";
export const room = roomSegment(asked.get("room") ?? "halley", { kind: network.startsWith("xmpp") ? "xmpp" : "irc" });
export const nick = asked.get("nick") ?? `demo${Math.floor(Math.random() * 90000) + 10000}`;

// Calls `ready(cometd)` after each handshake: subscriptions are made there.
export function enter(ready) {
  const cometd = new CometD();
  cometd.configure({ url: `${gateway}/cometd`, logLevel: "warn" });
  cometd.addListener("/meta/handshake", (reply) => {
    document.body.dataset.state = reply.successful ? "in" : "refused";
    if (reply.successful) ready(cometd);
  });
  cometd.addListener("/meta/connect", (reply) => {
    document.body.dataset.state = reply.successful ? "in" : "away";
  });
  cometd.handshake({ ext: { chat: { nick, network } } });
  addEventListener("pagehide", () => cometd.disconnect());
  return cometd;
}

// The same colour for the same name on every page.
export function colourOf(name) {
  let hue = 0;
  for (const letter of name) hue = (hue * 31 + letter.codePointAt(0)) % 360;
  return `hsl(${hue} 65% 38%)`;
}

// One line of news, below.
export function tell(text, colour = "") {
  const news = document.querySelector(".news");
  news.textContent = text;
  news.style.color = colour;
}

// A new element with a text, at the end of another.
export function append(to, tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  to.append(made);
  return made;
}
