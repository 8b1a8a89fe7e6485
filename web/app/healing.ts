// SPDX-License-Identifier: GPL-3.0-or-later
//
// What was said while a session was lost: asked for as soon as its rooms are entered again.
import { Healer } from "../client/healer.ts";
import { chat, type Connection } from "./chat.ts";
import { redraw } from "./frames.ts";

const healers = new WeakMap<Connection, Healer>();

chat.watchers.add((connection, event) => {
  let healer = healers.get(connection);
  if (!healer) {
    healer = new Healer(connection.model, (command) => connection.session.do(command), redraw);
    healers.set(connection, healer);
  }
  healer.onEvent(event);
});
