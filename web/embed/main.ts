// SPDX-License-Identifier: GPL-3.0-or-later
//
// Defines <halley-room>, once a page, whichever of its scripts comes first.
import { RoomElement } from "./room_element.ts";
import type { HalleyRoom } from "./types/embed.d.ts";

RoomElement satisfies new () => HalleyRoom; // what the package promises
if (!customElements.get("halley-room")) customElements.define("halley-room", RoomElement);
