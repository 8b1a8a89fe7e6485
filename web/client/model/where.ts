// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which conversations an event is about.
import { conversation } from "./conversation.ts";
import type { Conversation, NetworkModel } from "./model.ts";

export function place(model: NetworkModel, event: { room?: string; with?: string }): Conversation {
  return event.room !== undefined
    ? conversation(model, event.room, true)
    : conversation(model, event.with ?? "", false);
}

export function known(
  model: NetworkModel,
  event: { room?: string; with?: string },
): Conversation | undefined {
  return model.conversations.get(event.room ?? event.with ?? "");
}

export function everything(model: NetworkModel): Conversation[] {
  return [...model.conversations.values()];
}

export function roomsOf(model: NetworkModel, name: string | undefined): Conversation[] {
  if (name !== undefined && name !== "") {
    const one = model.conversations.get(name);
    return one ? [one] : [];
  }
  return everything(model).filter((one) => one.isRoom);
}

export function endRoom(room: Conversation, ended: NonNullable<Conversation["ended"]>): void {
  room.joined = false;
  room.ended = ended;
  room.typing.clear();
  room.version++;
}

export function touch(where: Conversation | undefined): void {
  if (where) where.version++;
}
