// SPDX-License-Identifier: GPL-3.0-or-later
//
// Completing the word before the cursor: nicks, rooms and commands. Pure, so that its order can be
// tested: who spoke to me last comes first.
import { ownNick, shortName, type Conversation, type NetworkModel } from "../client/index.ts";

export interface Completion {
  start: number; // of the word that is replaced
  stem: string;
  choices: string[];
}

const most = 8;

export function complete(
  text: string,
  cursor: number,
  model: NetworkModel,
  where: Conversation,
  commands: readonly string[],
): Completion | undefined {
  const start = text.slice(0, cursor).search(/\S+$/);
  if (start < 0) return undefined;
  const stem = text.slice(start, cursor);
  const found = (names: readonly string[]): Completion => ({ start, stem, choices: [...names] });
  if (start === 0 && stem.startsWith("/")) {
    return found(commands.map((name) => `/${name}`).filter((name) => name.startsWith(stem.toLowerCase())).slice(0, most));
  }
  if (stem.length > 1 && model.roomPrefixes.includes(stem[0] as string)) {
    const rooms = [...model.conversations.values()].filter((one) => one.isRoom);
    return found(rooms.map((one) => shortName(one.name)).filter((name) => starts(name, stem)));
  }
  return found(nicks(stem.replace(/^@/, ""), model, where));
}

const starts = (name: string, stem: string): boolean =>
  name.toLowerCase().startsWith(stem.toLowerCase());

function nicks(stem: string, model: NetworkModel, where: Conversation): string[] {
  const me = ownNick(model, where);
  const low = stem.toLowerCase();
  const rated = where.members.sorted
    .filter((one) => one.nick !== me && one.nick.toLowerCase().includes(low))
    .map((one) => ({
      nick: one.nick,
      order: [
        starts(one.nick, stem) ? 0 : 1,
        one.away ? 1 : 0,
        -(where.spokeToMe.get(one.nick) ?? 0),
        -(where.spoke.get(one.nick) ?? 0),
      ],
    }));
  rated.sort((a, b) => {
    for (let i = 0; i < a.order.length; i++) {
      const by = (a.order[i] as number) - (b.order[i] as number);
      if (by) return by;
    }
    return a.nick.toLowerCase() < b.nick.toLowerCase() ? -1 : 1;
  });
  return rated.slice(0, most).map((one) => one.nick);
}

// What a choice becomes in the text: at the start of a line it addresses somebody.
export function inserted(choice: string, start: number): string {
  if (choice.startsWith("/")) return `${choice} `;
  return start === 0 ? `${choice}: ` : `${choice} `;
}
