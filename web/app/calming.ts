// SPDX-License-Identifier: GPL-3.0-or-later
//
// A room that is calmed: for ten minutes only members with a voice write. When that ends stands in the browser,
// so that a page that was closed and opened again still ends it.
import { shortName } from "../client/index.ts";
import { chat, type Place } from "./chat.ts";
import { redraw } from "./frames.ts";
import { calmKey, ofBrowser } from "./keep.ts";
import { carryOut, isModerator } from "./moderation.ts";
import { plainName } from "./text.ts";
import { clockTime } from "./time.ts";
import { offer, tell } from "./toast.ts";
import { more } from "./words_later.ts";

const w = more.info;

const lasts = 10 * 60 * 1000; // ms
const again = 15_000; // ms until it is tried again to end what could not be ended
const tooOld = 24 * 3600 * 1000; // ms; somebody else has seen to it

const ends = new Map<string, number>(Object.entries(read())); // by network/room
const timers = new Map<string, ReturnType<typeof setTimeout>>();

function read(): Record<string, number> {
  try {
    return JSON.parse(ofBrowser?.getItem(calmKey) ?? "{}") as Record<string, number>;
  } catch {
    return {}; // somebody else wrote there
  }
}

function keep(): void {
  try {
    if (ends.size) ofBrowser?.setItem(calmKey, JSON.stringify(Object.fromEntries(ends)));
    else ofBrowser?.removeItem(calmKey);
  } catch {
    // Full: it ends as long as this page stays.
  }
  redraw();
}

const keyOf = ({ network, name }: Place): string => `${network}/${name}`;

export const calmUntil = (place: Place): number | undefined => ends.get(keyOf(place));

// What went wrong, or "".
export async function calm(place: Place, isOn: boolean): Promise<string> {
  const { network, name: room } = place;
  const mode = chat.connections.get(network)?.model.roomPrefixes ? "m" : "moderated";
  const problem = await carryOut(place, { do: "mode", room, changes: [{ set: isOn, mode }] });
  if (problem) return problem;
  clearTimeout(timers.get(keyOf(place)));
  if (isOn) {
    ends.set(keyOf(place), Date.now() + lasts);
    endLater(keyOf(place), lasts);
  } else ends.delete(keyOf(place));
  keep();
  return "";
}

function endLater(key: string, ms: number): void {
  const slash = key.indexOf("/");
  const place = { network: key.slice(0, slash), name: key.slice(slash + 1) };
  const end = async (): Promise<void> => {
    const model = chat.connections.get(place.network)?.model;
    const where = chat.at(place);
    const isOurs = model && where?.joined && isModerator(model, where);
    if (isOurs && !(await calm(place, false))) return;
    endLater(key, again);
  };
  timers.set(key, setTimeout(() => void end(), ms));
}

export function offerCalm(place: Place): void {
  const model = chat.connections.get(place.network)?.model;
  const where = chat.at(place);
  if (!model?.features.has("mode") || !where?.joined || !isModerator(model, where) || calmUntil(place)) return;
  offer(w.storm(plainName(shortName(place.name))), w.calm, async () => {
    const problem = await calm(place, true);
    if (!problem) setTimeout(() => tell(w.calmUntil(clockTime(calmUntil(place) ?? 0))));
    return problem;
  });
}

for (const [key, at] of ends) {
  if (Date.now() - at > tooOld) ends.delete(key);
  else endLater(key, Math.max(1000, at - Date.now()));
}
