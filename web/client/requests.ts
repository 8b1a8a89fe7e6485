// SPDX-License-Identifier: GPL-3.0-or-later
//
// What goes to the gateway as a request of its own: entering, commands beside a one-way carrier,
// leaving. Here by POST; the script carrier has its own way.
import type { Environment } from "./environment.ts";
import { ChatError, failureOf, unreachable } from "./failure.ts";
import type { EnterRequest, Hello, NumberedCommand } from "./wire.ts";

export interface Requests {
  // Each rejects with a ChatError: the gateway's own, or "unreachable".
  enter(base: string, request: EnterRequest): Promise<Hello>;
  commands(base: string, session: string, body: readonly NumberedCommand[]): Promise<void>;
  // The page may go away right after; nobody waits for an answer.
  leave(base: string, session: string, reason: string): void;
}

async function post(get: typeof fetch, url: string, what: unknown): Promise<Response> {
  try {
    const answer = await get(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(what),
    });
    if (!answer.ok) throw await failureOf(answer);
    return answer;
  } catch (error) {
    throw error instanceof ChatError ? error : unreachable();
  }
}

export function overHttp({ fetch: get }: Environment): Requests {
  return {
    async enter(base, request) {
      const answer = await post(get, `${base}/sessions`, request);
      return (await answer.json().catch(() => Promise.reject(unreachable()))) as Hello;
    },
    async commands(base, session, body) {
      await post(get, `${sessionUrl(base, session)}/commands`, body);
    },
    leave(base, session, reason) {
      const url = `${sessionUrl(base, session)}?reason=${encodeURIComponent(reason)}`;
      get(url, { method: "DELETE", keepalive: true }).catch(() => {});
    },
  };
}

// Lost on the way it may have been carried out: with its key it can be asked again.
export function enterSurely(ways: Requests, base: string, request: EnterRequest): Promise<Hello> {
  const ask = (): Promise<Hello> => ways.enter(base, request);
  return ask().catch((error: ChatError) =>
    error.code === "unreachable" ? ask() : Promise.reject(error),
  );
}

export function sessionUrl(base: string, session: string): string {
  return `${base}/sessions/${encodeURIComponent(session)}`;
}
