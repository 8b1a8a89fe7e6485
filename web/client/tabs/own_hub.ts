// SPDX-License-Identifier: GPL-3.0-or-later
//
// A hub for this page alone, in it: where tabs cannot or shall not share.
import type { HubPlace } from "./make_hub.ts";
import type { PagePort, ToPage } from "./messages.ts";
import { loaded } from "./on_demand.ts";

export function ownHub(place: HubPlace, onMessage: (message: ToPage) => void): PagePort {
  return loaded(onMessage, async () => {
    const { makeOwnHub } = await import("./make_hub.ts");
    const hub = makeOwnHub(place, onMessage);
    return { post: (message) => hub.on(message), onMessage, close: () => hub.stop() };
  });
}
