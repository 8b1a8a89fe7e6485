// SPDX-License-Identifier: GPL-3.0-or-later
//
// The SharedWorker: a hub for each session that tabs of this browser share. It lives as long as one
// of them does. A page may import it as well, where nobody ever connects: then what the page has
// loaded anyway is the worker, and a visit costs no request more.
import type { Hub } from "./hub.ts";
import { gathered } from "./gathered.ts";
import { lockOfHub } from "./locks.ts";
import { makeHub, type HubPlace } from "./make_hub.ts";
import type { ToHub, ToPage } from "./messages.ts";

interface Room {
  hub: Hub;
  ports: Map<string, MessagePort>;
}

export const workerUrl = import.meta.url; // where this script is, once it is built

const rooms = new Map<string, Room>();

function room(place: HubPlace): Room {
  const lock = lockOfHub(place.base, place.name);
  let known = rooms.get(lock);
  if (known) return known;
  const ports = new Map<string, MessagePort>();
  const post = (message: ToPage): void => {
    if (message.to !== undefined) ports.get(message.to)?.postMessage(message);
    else for (const port of ports.values()) port.postMessage(message);
  };
  known = { hub: makeHub(place, gathered(post), (page) => ports.delete(page)), ports };
  rooms.set(lock, known);
  return known;
}

addEventListener("connect", (event) => {
  const port = (event as MessageEvent).ports[0] as MessagePort;
  let mine: Room | undefined;
  port.onmessage = ({ data }) => {
    if (!mine) {
      mine = room(data as HubPlace);
      return;
    }
    const message = data as ToHub;
    if (message.do === "bye") mine.ports.delete(message.page);
    else mine.ports.set(message.page, port);
    mine.hub.on(message);
  };
});
