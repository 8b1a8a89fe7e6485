// SPDX-License-Identifier: GPL-3.0-or-later
//
// What this gateway offers.
import { ChatError, failureOf, unreachable } from "./failure.ts";
import type { NetworkInfo } from "./wire.ts";

export async function networks(base: string, get: typeof fetch = fetch): Promise<NetworkInfo[]> {
  try {
    const answer = await get(`${base}/networks`);
    if (!answer.ok) throw await failureOf(answer);
    return (await answer.json()) as NetworkInfo[];
  } catch (error) {
    throw error instanceof ChatError ? error : unreachable();
  }
}
