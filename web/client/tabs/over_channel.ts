// SPDX-License-Identifier: GPL-3.0-or-later
//
// The hub in the tab that holds the lock, over a BroadcastChannel to the others; when that tab goes,
// the next one to get the lock is the hub.
import { gathered } from "./gathered.ts";
import type { Hub } from "./hub.ts";
import { lockOfHub } from "./locks.ts";
import type { PagePort, ToHub, ToPage } from "./messages.ts";
import type { SharedOptions } from "./shared_options.ts";

export function overChannel(
  options: SharedOptions,
  onMessage: (message: ToPage) => void,
): PagePort {
  const channel = new BroadcastChannel(lockOfHub(options.base, options.name));
  const stop = new AbortController();
  let hub: Hub | undefined;
  let resign = (): void => {};
  channel.onmessage = ({ data }) => {
    const message = data as ToHub | ToPage;
    if ("do" in message) hub?.on(message);
    else onMessage(message);
  };
  const lead = async (): Promise<void> => {
    const { makeHub } = await import("./make_hub.ts");
    const tellOthers = gathered((message) => {
      if (!stop.signal.aborted) channel.postMessage(message);
    });
    hub = makeHub(options, (message) => {
      if (stop.signal.aborted) return;
      tellOthers(message);
      onMessage(message);
    });
    const led: ToPage = { is: "led" };
    channel.postMessage(led);
    onMessage(led);
    await new Promise<void>((end) => (resign = end));
  };
  navigator.locks
    .request(lockOfHub(options.base, options.name), { signal: stop.signal }, lead)
    .catch(() => {}); // given up before it was our turn
  return {
    post(message) {
      if (hub) hub.on(message);
      else channel.postMessage(message);
    },
    onMessage,
    close() {
      stop.abort();
      hub?.stop();
      resign();
      channel.close();
    },
  };
}
