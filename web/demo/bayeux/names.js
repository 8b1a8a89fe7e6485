// SPDX-License-Identifier: GPL-3.0-or-later
//
// Names as segments of a channel (gateway/dialects/bayeux.md, "Names"). `network`: {kind: "irc"} or
// {kind: "xmpp", service} with the room service the gateway is configured with.
const bytes = new TextEncoder();

function escape(text, fold) {
  const folded = fold ? text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : text;
  const one = (byte) => {
    const letter = String.fromCharCode(byte);
    return /[a-z0-9_@-]/.test(letter) ? letter : `~${byte.toString(16).padStart(2, "0")}`;
  };
  return [...bytes.encode(folded)].map(one).join("");
}

export function roomSegment(name, network) {
  if (network.kind === "irc") return escape(/^#[^#&+!]/.test(name) ? name.slice(1) : name, true);
  const own = network.service && name.endsWith(`@${network.service}`) && name.lastIndexOf("@") > 0;
  return personSegment(own ? name.slice(0, name.lastIndexOf("@")) : name, network);
}

export function personSegment(name, network) {
  const slash = network.kind === "xmpp" && name.includes("/") ? name.indexOf("/") : name.length;
  return escape(name.slice(0, slash), true) + escape(name.slice(slash), false);
}
