// SPDX-License-Identifier: GPL-3.0-or-later
//
// Settings of a room after a slash, as IRC writes them or by their names; without any the form of all.
import { chat } from "./chat.ts";
import { failureAt } from "./failing.ts";
import { maySet } from "./moderation.ts";
import { ask, type Call, type Slash } from "./slash.ts";

export const mode: Slash = {
  usage: "[changes]",
  feature: "mode",
  inRoom: true,
  run(call) {
    if (!call.text) return openSettings(call);
    const isLetters = call.connection.model.roomPrefixes !== "";
    const changes = isLetters ? modeChanges(call.text) : namedChanges(call.text);
    return ask(call, { do: "mode", room: call.room, changes });
  },
};

async function openSettings({ place, connection }: Call): Promise<void> {
  const where = chat.at(place);
  if (!where || !maySet(connection.model, where)) return chat.note(place, failureAt(place, "no_privilege", ""), true);
  (await import("./room_form.ts")).openRoomForm(place);
}

// "+mo-v bob ada": letters in turn take a value each while there are values left.
function modeChanges(text: string): { set: boolean; mode: string; value?: string }[] {
  const [letters = "", ...values] = text.split(/\s+/);
  let set = true;
  const changes: { set: boolean; mode: string; value?: string }[] = [];
  for (const letter of letters) {
    if (letter === "+" || letter === "-") set = letter === "+";
    else changes.push({ set, mode: letter });
  }
  const late = changes.slice(Math.max(0, changes.length - values.length));
  late.forEach((change, i) => (change.value = values[i]));
  return changes;
}

// Elsewhere the settings of a room have names: "+moderated -hidden +password=secret".
function namedChanges(text: string): { set: boolean; mode: string; value?: string }[] {
  return text.split(/\s+/).map((word) => {
    const [, sign, mode = "", value] = /^([+-]?)([^=]*)(?:=(.*))?$/.exec(word) ?? [];
    return { set: sign !== "-", mode, ...(value ? { value } : {}) };
  });
}
