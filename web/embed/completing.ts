// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tab in the field of an embedded room: the nick for the word before the cursor, then the next one, and after
// the last what was typed; from there it leaves the field, as where there is nothing to complete.
import { complete, inserted } from "../app/completion.ts";
import type { Conversation, NetworkModel } from "../client/index.ts";

interface Step {
  nick: string; // "": as it was typed
  value: string;
  cursor: number;
}

function stepsFrom(field: HTMLTextAreaElement, model: NetworkModel, where: Conversation): Step[] {
  const { value, selectionStart: cursor } = field;
  const found = complete(value, cursor, model, where, { commands: [], emoji: () => [] });
  if (!found?.choices.length) return [];
  const { start, choices } = found;
  const steps = choices.map((nick) => {
    const text = inserted(nick, start);
    return { nick, value: value.slice(0, start) + text + value.slice(cursor), cursor: start + text.length };
  });
  return [...steps, { nick: "", value, cursor }];
}

export class Completing {
  #steps: Step[] = [];
  #at = 0;

  // The nick that stands there now; undefined: the key is not ours.
  tab(field: HTMLTextAreaElement, by: 1 | -1, model: NetworkModel, where: Conversation): string | undefined {
    const isUnderWay = this.#isUnderWay(field);
    if (!isUnderWay) {
      this.#steps = stepsFrom(field, model, where);
      this.#at = this.#steps.length - 1;
    }
    const { length } = this.#steps;
    // All have been seen, or the only one stands there.
    if (!length || (isUnderWay && (this.#at === length - 1 || length === 2))) {
      this.#steps = [];
      return undefined;
    }
    return this.#put(field, (this.#at + by + length) % length);
  }

  // What was typed stands there again. False: there was nothing to take back.
  restore(field: HTMLTextAreaElement): boolean {
    const last = this.#steps.length - 1;
    if (!this.#isUnderWay(field) || this.#at === last) return false;
    this.#put(field, last);
    return true;
  }

  #isUnderWay(field: HTMLTextAreaElement): boolean {
    return field.value === this.#steps[this.#at]?.value;
  }

  #put(field: HTMLTextAreaElement, at: number): string {
    const { nick, value, cursor } = this.#steps[at] as Step;
    this.#at = at;
    field.value = value;
    field.setSelectionRange(cursor, cursor);
    return nick;
  }
}
