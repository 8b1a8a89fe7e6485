// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a screen reader is told of new lines: at most once in three seconds, up to three lines in
// full, more of them as a number. In a big room only what names the reader.
import { shortName, type Conversation, type SaidLine } from "../client/index.ts";
import { redraw } from "./frames.ts";
import { settings } from "./settings.ts";
import { words } from "./words.ts";

const pause = 3000;
const bigRoom = 20;

export class Announcer {
  text = "";
  #waiting: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  hear(where: Conversation, line: SaidLine): void {
    const { announce } = settings;
    const isAll = announce === "all" || (announce === "auto" && where.members.size <= bigRoom);
    if (announce === "none" || (!isAll && !line.mention)) return;
    this.#waiting.push(`${line.from}: ${line.text.slice(0, 300)}`);
    this.#timer ??= setTimeout(() => this.#speak(where), this.text ? pause : 200);
  }

  #speak(where: Conversation): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#waiting.length) this.#speak(where);
    }, pause);
    this.text =
      waiting.length > 3
        ? words.room.announceMany(waiting.length, shortName(where.name))
        : waiting.join(". ");
    redraw();
  }
}
