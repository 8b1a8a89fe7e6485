// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the reader chooses in the parts that are fetched later: for one room, about one person, and all as
// it was at first.
import { change, defaults, settings, type Ignored, type Presence, type Told } from "./settings.ts";

export function reset(): void {
  change({ ...defaults });
}

export function changeRoom(
  network: string,
  room: string,
  part: { notify?: Told; presence?: Presence },
): void {
  const name = `${network}/${room}`;
  change({ rooms: { ...settings.rooms, [name]: { ...settings.rooms[name], ...part } } });
}

export function ignore(who: Ignored, isOn: boolean): void {
  const others = settings.ignored.filter(
    (one) => one.network !== who.network || one.nick.toLowerCase() !== who.nick.toLowerCase(),
  );
  change({ ignored: isOn ? [...others, who] : others });
}
