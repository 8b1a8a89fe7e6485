// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is new in a conversation when it is opened, and which mentions in it the reader has not come past yet.
import type { Conversation } from "../client/index.ts";

const manyUnread = 500; // from here on the end is shown, and the way to the first offered

export class News {
  firstKey = 0; // of very many unread lines
  #mentions: number[] = []; // keys

  get mentions(): number {
    return this.#mentions.length;
  }

  // The place of the line to begin at; undefined: the end.
  open({ lines, markAt }: Conversation): number | undefined {
    const first = markAt > 0 ? lines.findIndex((line) => line.at > markAt) : -1;
    if (first < 0) return undefined;
    this.#mentions = lines
      .slice(first)
      .filter((line) => line.type === "said" && line.mention)
      .map((line) => line.key);
    if (lines.length - first < manyUnread) return first;
    this.firstKey = lines[first]?.key ?? 0;
    return undefined;
  }

  cameTo(key: number): void {
    this.#mentions = this.#mentions.filter((one) => one < key);
  }
  takeMention(): number {
    return this.#mentions.pop() ?? 0;
  }
  takeFirst(): number {
    const key = this.firstKey;
    this.firstKey = 0;
    return key;
  }
}
