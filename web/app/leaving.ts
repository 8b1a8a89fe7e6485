// SPDX-License-Identifier: GPL-3.0-or-later
//
// Off a network: by the reader's wish, here or in another tab, also while entering is still under way.
import { chat, type Connection } from "./chat.ts";
import { redraw } from "./frames.ts";
import { pageStore } from "./keep.ts";

// Left in another tab, or there is nothing to go on with. What was refused for good stays to be read.
chat.onLeft = (connection) => {
  if (connection.model.offline?.final) return;
  drop(connection.model.network);
  tellLeft(connection);
};

export function leaveNetwork(network: string): void {
  const connection = chat.connections.get(network);
  drop(network);
  connection?.session.leave("Leaving");
  chat.onGone(network);
}

export function drop(network: string): void {
  chat.connections.delete(network);
  pageStore(network).write(undefined);
  if (chat.active?.network === network) {
    const next = chat.places()[0];
    chat.active = undefined;
    if (next) chat.open(next);
    else chat.onOpened({ network: "", name: "" });
  }
  redraw();
}

export function cancelEnter(network: string): void {
  chat.giveUp?.();
  const connection = chat.connections.get(network);
  if (!connection) return;
  chat.connections.delete(network);
  tellLeft(connection);
  connection.session.leave();
}

function tellLeft(connection: Connection): void {
  const error = { code: "left", text: "" };
  for (const watch of [...chat.watchers]) watch(connection, { ev: "closing", error });
}
