// SPDX-License-Identifier: GPL-3.0-or-later
//
// Completing the word before the cursor: nicks, rooms, commands and emoji. Pure, so that its order
// can be tested: who spoke to me last comes first.
import { ownNick, shortName, type Conversation, type NetworkModel } from "../client/index.ts";

export interface Completion {
  start: number; // of the word that is replaced
  stem: string;
  choices: string[];
}

export interface Vocabulary {
  commands: readonly string[]; // without their slash
  emoji(stem: string): readonly string[]; // "sign name"
}

const most = 8;

export function complete(
  text: string,
  cursor: number,
  model: NetworkModel,
  where: Conversation,
  { commands, emoji }: Vocabulary,
): Completion | undefined {
  const start = text.slice(0, cursor).search(/\S+$/);
  if (start < 0) return undefined;
  const stem = text.slice(start, cursor);
  const found = (names: readonly string[]): Completion => ({
    start,
    stem,
    choices: names.slice(0, most),
  });
  if (start === 0 && stem.startsWith("/")) {
    const low = stem.toLowerCase();
    return found(commands.map((name) => `/${name}`).filter((name) => name.startsWith(low)));
  }
  if (/^:[a-z0-9_+-]{2,}$/i.test(stem)) return found(emoji(stem.slice(1).toLowerCase()));
  if (stem.startsWith("#") || (stem.length > 1 && model.roomPrefixes.includes(stem[0] as string))) {
    const rooms = [...model.conversations.values()].filter((one) => one.isRoom);
    const wanted = model.roomPrefixes ? stem : stem.slice(1);
    return found(rooms.map((one) => shortName(one.name)).filter((name) => starts(name, wanted)));
  }
  return found(nicks(stem.replace(/^@/, ""), model, where));
}

// Words that open the list by themselves while they are typed.
export function opensList(text: string, cursor: number): boolean {
  const word = /\S+$/.exec(text.slice(0, cursor))?.[0] ?? "";
  if (word.startsWith("/")) return word === text.slice(0, cursor) && !word.startsWith("//");
  return /^@./.test(word) || /^#./.test(word) || /^:[a-z0-9_+-]{2,}$/i.test(word);
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

// What a choice becomes in the text: at the start of a line a nick addresses somebody.
export function inserted(choice: string, start: number, suffix = ": "): string {
  if (/^[/#]/.test(choice)) return `${choice} `;
  const sign = /^(\P{ASCII}+) [a-z0-9_+-]+$/u.exec(choice)?.[1];
  if (sign) return `${sign} `;
  return start === 0 ? choice + suffix : `${choice} `;
}
