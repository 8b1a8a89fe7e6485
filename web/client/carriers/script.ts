// SPDX-License-Identifier: GPL-3.0-or-later
//
// JSONP: everything, commands included, by script elements, for pages that may do nothing else. GET
// only, so a body must fit into a URL. Off at the gateway unless its operator has switched it on.
import type { Opener } from "../carrier.ts";
import type { Environment } from "../environment.ts";
import { ChatError, unreachable } from "../failure.ts";
import { sessionUrl, type Requests } from "../requests.ts";
import type { Failure, Hello, NumberedCommand } from "../wire.ts";
import { answerWithin, overPages, type Page } from "./pages.ts";

const longestBody = 6000; // encoded; servers and proxies stop reading a request line at 8 KB
let calls = 0;

type Query = Record<string, string | number | undefined>;

// Resolves with what the script calls back with; rejects with the error it carries, or unreachable.
function call<T>(world: Environment, url: string, query: Query, signal?: AbortSignal): Promise<T> {
  const page = world.window as Window & typeof globalThis;
  const callbacks = page as unknown as Record<string, unknown>;
  const name = `halley_${page.Date.now().toString(36)}_${++calls}`;
  return new Promise<T>((resolve, reject) => {
    const script = page.document.createElement("script");
    const done = (): void => {
      script.remove();
      // A script that is under way all the same finds somebody to call.
      callbacks[name] = () => delete callbacks[name];
    };
    callbacks[name] = (answer: T | { error: Failure }) => {
      done();
      delete callbacks[name];
      if (answer && typeof answer === "object" && "error" in answer) {
        reject(new ChatError(answer.error));
      } else {
        resolve(answer as T);
      }
    };
    const fail = (): void => {
      done();
      reject(unreachable());
    };
    script.onerror = fail;
    signal?.addEventListener("abort", fail);
    const text = new URLSearchParams({ callback: name });
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined && value !== "") text.set(key, `${value}`);
    }
    script.src = `${url}?${text}`;
    page.document.head.append(script);
  });
}

const urlOf = (base: string, session: string): string => sessionUrl(`${base}/script`, session);

function overScript(world: Environment): Requests {
  return {
    enter: (base, request) =>
      call<Hello>(world, `${base}/script/enter`, { body: JSON.stringify(request) }),
    // One after the other and few at a time: a URL is short.
    async commands(base, session, body) {
      const url = `${urlOf(base, session)}/commands`;
      let rest = [...body];
      while (rest.length) {
        let count = rest.length;
        while (count > 1 && sizeOf(rest.slice(0, count)) > longestBody) count = count >> 1;
        const part = rest.slice(0, count);
        if (sizeOf(part) > longestBody) {
          throw new ChatError({ code: "too_large", text: "That is too long for this connection." });
        }
        await call(world, url, { body: JSON.stringify(part) });
        rest = rest.slice(count);
      }
    },
    leave(base, session, reason) {
      call(world, `${urlOf(base, session)}/leave`, { reason }).catch(() => {});
    },
  };
}

function sizeOf(commands: readonly NumberedCommand[]): number {
  return encodeURIComponent(JSON.stringify(commands)).length;
}

export const requests = async (world: Environment): Promise<Requests> => overScript(world);

export const open: Opener = (opening, hooks) => {
  const { world, base, session, epoch, reader, asks, hold } = opening;
  return overPages(opening, hooks, (since, course) => {
    course.expect(hold + answerWithin);
    const query = { since, epoch, reader, hold: asks.hold };
    return call<Page>(world, `${urlOf(base, session)}/events`, query, course.signal);
  });
};
