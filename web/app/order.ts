// SPDX-License-Identifier: GPL-3.0-or-later
//
// The order of a network's rooms and private conversations wherever they are listed: as the reader has put
// them, new ones at the end; if he wishes so, those with something new before the others.
import type { Conversation, NetworkModel } from "../client/index.ts";
import { settings } from "./settings.ts";

// More than anybody has put into an order.
export const most = 1000;

// Rooms first.
export function inOrder({ network, conversations }: NetworkModel): Conversation[] {
  const { order, unreadFirst } = settings;
  const rank = ({ isRoom, mentions, unread, name }: Conversation): number =>
    (isRoom ? 0 : 4 * most) +
    (unreadFirst ? (mentions ? 0 : unread ? most : 2 * most) : 0) +
    ((order.indexOf(`${network}/${name}`) + most) % most);
  return [...conversations.values()].sort((a, b) => rank(a) - rank(b));
}
