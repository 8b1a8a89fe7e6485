// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the page has of a network: its model, and the session that keeps it up to date.
import { SharedSession, type EnterRequest, type NetworkModel } from "../client/index.ts";
import { workerUrl } from "../client/tabs/worker.ts";
import { chat, type Connection } from "./chat.ts";
import { pageStore, remember } from "./keep.ts";
import { second } from "./moment.ts";
import { onSettings, settings } from "./settings.ts";

export const base = `${location.origin}/chat/v1`;

export function connect(model: NetworkModel, request: EnterRequest): Connection {
  const network = request.network;
  const { password: _, rooms = [], ...kept } = request;
  const before = chat.connections.get(network);
  const store = pageStore(network);
  const session = new SharedSession({
    base,
    name: network,
    worker: workerUrl,
    store,
    present: () => second()?.restate(model),
    onEvent: (event) => {
      if (event.ev === "hello") remember(event.session, network);
      chat.onEvent(connection, event);
    },
    onState: (state) => chat.onState(connection, state),
  });
  const connection: Connection = {
    model,
    session,
    link: session.state,
    request,
    troubleSince: before?.troubleSince ?? 0,
    returns: before?.returns ?? 0,
  };
  model.tellsAll = settings.presence === "all";
  chat.connections.set(network, connection);
  store.writeRequest({ ...kept, rooms: rooms.map((one) => (typeof one === "string" ? one : one.room)) });
  return connection;
}

export const withKey = (room: string, key: string | undefined): { room: string; key?: string } =>
  key ? { room, key } : { room };

onSettings(() => {
  for (const { model } of chat.connections.values()) model.tellsAll = settings.presence === "all";
});
