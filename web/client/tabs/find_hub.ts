// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the hub is: in a SharedWorker; else in the tab that holds the lock, which the others reach
// over a BroadcastChannel and which is followed by another one when it goes; else, without locks, in
// this tab alone.
import { hold, lockOfPage, whole } from "./locks.ts";
import type { PagePort, ToHub, ToPage } from "./messages.ts";
import { loaded } from "./on_demand.ts";
import { ownHub } from "./own_hub.ts";
import type { SharedOptions } from "./shared_options.ts";

export function findHub(
  options: SharedOptions,
  page: string,
  onMessage: (message: ToPage) => void,
): PagePort {
  // As long as the page lives, so that the hub learns when it has gone.
  const release = hold(lockOfPage(page));
  const { worker } = options;
  let way: PagePort;
  const waiting: ToHub[] = [];
  const elsewhere = (): void => {
    way = navigator.locks
      ? loaded(onMessage, async () => (await import("./over_channel.ts")).overChannel(options, onMessage))
      : ownHub(options, onMessage);
    for (const message of waiting) way.post(message);
  };
  if (worker && typeof SharedWorker !== "undefined") {
    // Where the worker cannot be loaded nothing has been answered yet: all is asked again.
    way = overWorker(options, worker, onMessage, elsewhere);
  } else {
    elsewhere();
  }
  return {
    post(message) {
      if (waiting.length < 20) waiting.push(message);
      way.post(message);
    },
    onMessage,
    close() {
      way.close();
      release();
    },
  };
}

function overWorker(
  { base, name, carriers }: SharedOptions,
  url: string | URL,
  onMessage: (message: ToPage) => void,
  onFailure: () => void,
): PagePort {
  const worker = new SharedWorker(url, { type: "module", name: "halley" });
  worker.onerror = onFailure;
  worker.port.onmessage = ({ data }) => onMessage(data as ToPage);
  worker.port.postMessage({ base: whole(base), name, carriers });
  return {
    post: (message) => worker.port.postMessage(message),
    onMessage,
    close() {}, // what was posted last must still arrive
  };
}
