// SPDX-License-Identifier: GPL-3.0-or-later
//
// The seven carriers, best first. Of all but the first the code is loaded when it is needed, or some
// time after a page has come to rest: by the time a gateway is in trouble it should be here.
import type { Carrier, CarrierKind } from "../carrier.ts";
import type { Environment } from "../environment.ts";
import { unreachable } from "../failure.ts";
import { overHttp } from "../requests.ts";
import { websocket } from "./websocket.ts";

type Loaded = Pick<CarrierKind, "requests" | "open">;

function onDemand(
  name: string,
  polls: boolean,
  isPossible: (world: Environment) => boolean,
  load: () => Promise<Loaded>,
  asks?: boolean, // it also has a way of its own to the gateway
): CarrierKind {
  const kind: CarrierKind = {
    name,
    polls,
    isPossible,
    enters: false,
    acks: false,
    prepare: () => void load().catch(() => {}),
    open(opening, hooks) {
      let isClosed = false;
      let carrier: Carrier | undefined;
      const begin = (loaded: Loaded): void => {
        if (!isClosed) carrier = loaded.open(opening, hooks);
      };
      load().then(begin, () => isClosed || hooks.onClosed({ opened: false }));
      return {
        send: (frame) => carrier?.send(frame) ?? false,
        close() {
          isClosed = true;
          carrier?.close();
        },
      };
    },
  };
  if (asks) {
    kind.requests = async (world) => {
      const loaded = await load().catch(() => Promise.reject(unreachable()));
      return loaded.requests?.(world) ?? overHttp(world);
    };
  }
  return kind;
}

const always = (): boolean => true;
const hasPage = (world: Environment): boolean => world.window !== undefined;
const decodes = (): boolean => typeof TextDecoderStream !== "undefined";
const hasRequests = (world: Environment): boolean => world.XMLHttpRequest !== undefined;

export const allCarriers: readonly CarrierKind[] = [
  websocket,
  onDemand("event_stream", false, decodes, () => import("./event_stream.ts")),
  onDemand("xhr_stream", false, hasRequests, () => import("./xhr_stream.ts")),
  onDemand("forever_frame", false, hasPage, () => import("./forever_frame.ts")),
  onDemand("long_poll", true, always, () => import("./long_poll.ts")),
  onDemand("script", true, hasPage, () => import("./script.ts"), true),
  onDemand("poll", true, always, () => import("./poll.ts")),
];
