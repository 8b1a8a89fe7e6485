// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a screen reader is told of new lines: at most once in three seconds, up to three in full, more of
// them as a number. In a big room only what names the reader.
import { shortName, type Conversation, type SaidLine } from "../client/index.ts";
import type { Words } from "./words.ts";

const pause = 3000; // ms
const bigRoom = 20;

export class Announcer {
  text = "";
  #waiting: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly redraw: () => void) {}

  say(text: string): void {
    this.text = text;
    this.redraw();
  }

  hear(where: Conversation, line: SaidLine, words: Words | undefined): void {
    if (!line.mention && where.members.size > bigRoom) return;
    this.#waiting.push(`${line.from}: ${line.text.slice(0, 300)}`);
    this.#timer ??= setTimeout(() => this.#speak(where, words), this.text ? pause : 200);
  }

  #speak(where: Conversation, words: Words | undefined): void {
    const lines = this.#waiting.splice(0);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#waiting.length) this.#speak(where, words);
    }, pause);
    const isMany = lines.length > 3 && words;
    this.text = isMany ? words.room.announceMany(lines.length, shortName(where.name)) : lines.join(". ");
    this.redraw();
  }
}
