// SPDX-License-Identifier: GPL-3.0-or-later
//
// A page with nothing on it: one session of the built library, and what it has told.
import { allCarriers, ChatSession, SharedSession, surroundings } from "/lib/library.js";
import { apply, emptyNetwork, restate } from "/lib/model.js";

const base = `${location.origin}/chat/v1`;

class Log {
  lines = []; // said by anybody, in order: "nick: text"
  own = []; // the same of our own lines, as this page is to show them
  states = [];
  events = [];
  model = emptyNetwork("irc");

  onEvent(event) {
    this.events.push(event);
    apply(this.model, event, Date.now());
    if (event.ev === "said") this.lines.push(`${event.from}: ${event.text}`);
  }
}

const store = (name) => ({
  read: () => JSON.parse(sessionStorage.getItem(name) ?? "null") ?? undefined,
  write: (what) =>
    what ? sessionStorage.setItem(name, JSON.stringify(what)) : sessionStorage.removeItem(name),
});

// `carriers`: names; `tabs`: "worker" or "channel" to share the session with other tabs.
window.make = ({ carriers, tabs, name = "irc", keep } = {}) => {
  const log = new Log();
  const options = {
    base,
    onEvent: (event) => log.onEvent(event),
    onState: (state) => log.states.push(state),
    ...(keep ? { store: store(keep) } : {}),
  };
  // WebSockets can be forbidden, as some networks do.
  const world = surroundings();
  const WebSocket = class {
    constructor(url) {
      if (!window.noSockets) return new globalThis.WebSocket(url);
      this.readyState = 3;
      setTimeout(() => this.onclose?.({ code: 1006 }), 0);
    }
    close() {}
  };
  if (tabs) {
    const present = () => restate(log.model);
    const worker = tabs === "worker" ? "/lib/worker.js" : undefined;
    window.session = new SharedSession({ ...options, name, present, worker, carriers });
  } else {
    const chosen = carriers && allCarriers.filter((kind) => carriers.includes(kind.name));
    const environment = { ...world, WebSocket };
    window.session = new ChatSession({ ...options, environment, carriers: chosen ?? allCarriers });
  }
  window.log = log;
  addEventListener("pagehide", () => window.session.save());
};

window.ready = true;
