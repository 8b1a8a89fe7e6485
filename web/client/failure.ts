// SPDX-License-Identifier: GPL-3.0-or-later
//
// What goes wrong, as one error class: a code for programs, the field at fault, a sentence. Besides
// the codes of the wire there are two of our own: "unreachable" (no answer from the gateway) and
// "left" (the session was left while a command was under way).
import type { Failure } from "./wire.ts";

export class ChatError extends Error {
  readonly code: string;
  readonly field: string | undefined;

  constructor(failure: Failure) {
    super(failure.text);
    this.name = "ChatError";
    this.code = failure.code;
    this.field = failure.field;
  }
}

export function unreachable(): ChatError {
  return new ChatError({ code: "unreachable", text: "The chat service can't be reached." });
}

export function left(): ChatError {
  return new ChatError({ code: "left", text: "You have left." });
}

// The error an HTTP answer carries; an answer that is not ours (a proxy's page) gets "refused".
export function failureIn(status: number, body: string): ChatError {
  try {
    const { error } = JSON.parse(body) as { error?: Failure };
    if (error?.code) return new ChatError(error);
  } catch {
    // Not JSON: told below by its status.
  }
  // 502 to 504 come from a proxy whose gateway is away: worth another try.
  if (status >= 502 && status <= 504) return unreachable();
  return new ChatError({ code: "refused", text: `The chat service answered ${status}.` });
}

export async function failureOf(answer: Response): Promise<ChatError> {
  return failureIn(answer.status, await answer.text().catch(() => ""));
}
