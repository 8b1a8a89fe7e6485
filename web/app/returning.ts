// SPDX-License-Identifier: GPL-3.0-or-later
//
// Coming back after a session has ended: with a new one into the same rooms.
import { waitBefore, type EnterRequest } from "../client/index.ts";
import { chat, type Connection } from "./chat.ts";
import { connect, withKey } from "./connecting.ts";

const mostReturns = 12; // about two minutes

// After the session has ended: a new one, with the same rooms and the lines that are there.
export async function comeBack(connection: Connection): Promise<void> {
  const { model, request } = connection;
  if (chat.connections.get(request.network) !== connection) return;
  const rooms = [...model.conversations.values()]
    .filter((one) => one.isRoom && (one.joined || !one.ended))
    .map(({ name }) => withKey(name, chat.keyOf(request.network, name)));
  const renewed = (await chat.renew?.(request)) ?? request;
  if (chat.connections.get(request.network) !== connection) return;
  const again: EnterRequest = { ...renewed, nick: model.nick || request.nick, rooms };
  // After a reload the password is gone: better in as a guest than not at all.
  if (!again.password) delete again.account;
  const next = connect(model, again);
  connection.session.leave();
  model.status = "connecting";
  model.offline = undefined;
  for (const one of model.conversations.values()) if (one.isRoom) one.joined = false;
  await next.session.enter(again).catch(() => {
    // The bar under the header says why and offers another try.
  });
}

// The gateway was restarted under us: back without being asked, unless it keeps failing.
chat.onOver = (connection) => {
  const { error, comeBack: isInvited } = connection.link;
  const grace = connection.session.hello?.grace ?? 120000;
  const brief = Date.now() - connection.troubleSince < grace;
  const wanted = error?.code === "unreachable" ? connection.returns > 0 : isInvited && brief;
  if (!wanted || connection.returns >= mostReturns) return;
  const wait = waitBefore(connection.returns++, Math.random());
  setTimeout(() => void comeBack(connection), wait);
};
