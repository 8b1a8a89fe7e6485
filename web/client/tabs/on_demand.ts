// SPDX-License-Identifier: GPL-3.0-or-later
//
// A way to the hub whose code has yet to be loaded: what is said meanwhile waits.
import { unreachable } from "../failure.ts";
import { idle } from "../link_state.ts";
import type { PagePort, PlainState, ToHub, ToPage } from "./messages.ts";

export function loaded(
  onMessage: (message: ToPage) => void,
  load: () => Promise<PagePort>,
): PagePort {
  const port = load();
  const then = (what: (one: PagePort) => void): void => void port.then(what).catch(() => {});
  port.catch(() => {
    // The gateway was reached when this page was loaded, but is not now.
    const { code, message: text } = unreachable();
    const state: PlainState = { ...idle, phase: "over", comeBack: true, error: { code, text } };
    onMessage({ is: "state", state });
  });
  return {
    post: (message: ToHub) => then((one) => one.post(message)),
    onMessage,
    close: () => then((one) => one.close()),
  };
}
