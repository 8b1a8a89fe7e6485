// SPDX-License-Identifier: GPL-3.0-or-later
//
// What was said is changed, taken back or reacted to, where the network can; and what is being
// written gets a form.
import {
  can,
  ownNick,
  type ChatError,
  type Command,
  type Conversation,
  type Failure,
  type NetworkModel,
  type SaidLine,
} from "../client/index.ts";
import { chat, type Place } from "./chat.ts";
import type { Composer } from "./shell.ts";

async function ask(place: Place, command: Command): Promise<boolean> {
  try {
    const result = await chat.do(place.network, command);
    if (!result.ok) void tell(place, result.error);
    return result.ok;
  } catch (error) {
    const { code, message: text } = error as ChatError;
    void tell(place, { code, text });
    return false;
  }
}

async function tell(place: Place, { code, text }: Failure = { code: "", text: "" }): Promise<void> {
  const words = await import("./failing.ts").catch(() => undefined);
  chat.note(place, words?.failureAt(place, code, text) ?? text, true);
}

export function edit(place: Place, line: SaidLine, text: string): void {
  if (line.id) void ask(place, { do: "edit", to: place.name, id: line.id, text });
}

// `reason`: why somebody else's is taken away.
export function retract(place: Place, line: SaidLine, reason: { text?: string } = {}): void {
  if (line.id) void ask(place, { do: "retract", to: place.name, id: line.id, ...reason });
}

// Whether those who look after a room can take away what others said there.
export const isCleanable = (model: NetworkModel, where: Conversation): boolean => can(model, where, "moderate");

// A reaction of mine on or off; the network is told all of mine.
export function react(place: Place, line: SaidLine, mark: string): void {
  const model = chat.connections.get(place.network)?.model;
  const where = chat.at(place);
  if (!line.id || !model?.features.has("react") || !where) return;
  const me = ownNick(model, where);
  const mine = [...(line.reactions ?? [])].filter(([, people]) => people.has(me)).map(([one]) => one);
  const reactions = mine.includes(mark) ? mine.filter((one) => one !== mark) : [...mine, mark];
  void ask(place, { do: "react", to: place.name, id: line.id, reactions });
}

const signs: Record<string, string> = { b: "*", i: "_", e: "`" };

// What is selected in the message field is set between two signs, or the cursor is.
export function mark(composer: Composer, key: string): void {
  const sign = signs[key] ?? "";
  const { field } = composer;
  const { selectionStart: from, selectionEnd: to, value } = field;
  field.setRangeText(sign + value.slice(from, to) + sign, from, to, "end");
  if (from === to) field.selectionStart = field.selectionEnd = from + 1;
  composer.onInput();
}
