// SPDX-License-Identifier: GPL-3.0-or-later
//
// Telling the others that the reader is writing: at most every three seconds (IRCv3 typing), and
// once when he has stopped. Nothing where the network has no word for it or he does not want it.
import { chat, type Place } from "./chat.ts";
import { settings } from "./settings.ts";

const again = 3000; // ms
const rest = 5000; // ms without a key, then he has paused

let told: { network: string; name: string; at: number } | undefined;
let pause: ReturnType<typeof setTimeout> | undefined;

export function tellTyping(place: Place, isWriting: boolean): void {
  const where = chat.at(place);
  const model = chat.connections.get(place.network)?.model;
  if (!model?.features.has("typing") || !settings.typing) return;
  if (model.status !== "online" || !where || (where.isRoom && !where.joined)) return;
  clearTimeout(pause);
  const isTold = told?.network === place.network && told.name === place.name;
  if (isWriting) {
    pause = setTimeout(() => stop(place, "paused"), rest);
    if (isTold && told && Date.now() - told.at < again) return;
    told = { ...place, at: Date.now() };
    void chat.do(place.network, { do: "typing", to: place.name, state: "active" }).catch(() => {});
  } else if (isTold) {
    stop(place, "done");
  }
}

// What was being written has been sent: that says it all.
export function endTyping(): void {
  clearTimeout(pause);
  told = undefined;
}

function stop(place: Place, state: "paused" | "done"): void {
  told = undefined;
  void chat.do(place.network, { do: "typing", to: place.name, state }).catch(() => {});
}
