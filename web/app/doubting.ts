// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is asked before something is sent that its writer may not have meant to.
import { html, type TemplateResult } from "lit/html.js";
import { shortName } from "../client/index.ts";
import { chat } from "./chat.ts";
import type { Composer, Question } from "./shell.ts";
import { say } from "./saying.ts";
import { plainName } from "./plain_text.ts";
import { words } from "./words.ts";
import { more } from "./words_later.ts";

const w = more.doubt;

export function ask({ text, answers }: Question, no: () => void): TemplateResult {
  return html`<div class="question" role="alertdialog" aria-label=${text}>
    <span>${text}</span>
    ${answers.map(
      ([label, act]) =>
        html`<button type="button" class="small primary" @click=${act}>${label}</button>`,
    )}
    <button type="button" class="small" @click=${no}>${words.composer.cancel}</button>
  </div>`;
}

export function ofPassword(composer: Composer): Question {
  return { text: w.password, answers: [[w.anyway, () => void composer.send(true)]] };
}

// Many lines at once. A network that cuts long texts makes a message of each line anyway; elsewhere
// they can also stay together.
export function ofPaste(composer: Composer): Question {
  const text = composer.field.value.trimEnd();
  const lines = text.split("\n").filter((line) => line.trim());
  const { active, current, connection } = chat;
  const together = (): void => void composer.send(true);
  const oneByOne = (): void => {
    if (!active) return;
    composer.clear(text);
    for (const line of lines) say(active, line);
  };
  const isCut = connection?.model.limits.line !== undefined;
  return {
    text: w.paste(lines.length, plainName(shortName(current?.name ?? ""))),
    answers: [
      ...(isCut ? [] : [[w.asBlock, together] as [string, () => void]]),
      [w.asMessages(lines.length), isCut ? together : oneByOne],
    ],
  };
}
