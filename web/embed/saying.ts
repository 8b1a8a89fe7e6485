// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the visitor of an embedded room says: at once in the log, then on its way; kept while the network or the
// room is away; said again, changed or taken back; and what was said before he came.
import {
  appendOwn,
  inform,
  removeLine,
  settleOwn,
  type ChatError,
  type ChatEvent,
  type Command,
  type Conversation,
  type Failure,
  type Hello,
  type NetworkModel,
  type SaidKind,
  type SaidLine,
  type SharedSession,
} from "../client/index.ts";

// What is needed of the conversation it is said in; called talk where it is made.
export interface Ground {
  readonly model: NetworkModel;
  readonly session: Pick<SharedSession, "do">;
  tell(): void; // something has changed
}

export class Saying {
  #held: { room: string; line: SaidLine }[] = [];

  constructor(private readonly talk: Ground) {}

  #isReady(where: Conversation): boolean {
    return this.talk.model.status === "online" && where.joined;
  }

  say(where: Conversation, text: string, kind: SaidKind = "message", replyTo?: string): void {
    const { model } = this.talk;
    const own = { text, kind, at: Date.now(), ...(replyTo ? { replyTo } : {}) };
    if (!this.#isReady(where) && !where.ended) {
      const n = -(this.#held.length + 1); // no command yet, so no number of one
      const line = appendOwn(model, where, { ...own, n });
      where.sending.delete(n);
      this.#held.push({ room: where.name, line });
      return this.talk.tell();
    }
    const command: Command = { do: "say", to: where.name, text };
    if (kind !== "message") command.kind = kind;
    if (replyTo) command.reply_to = replyTo;
    const { n, result } = this.talk.session.do(command);
    appendOwn(model, where, { ...own, n });
    result.catch((error: ChatError) => {
      settleOwn(model, where, n, { ok: false, text: error.code === "left" ? "" : error.message });
      this.talk.tell();
    });
    this.talk.tell();
  }

  // What was written while the network or the room was away: said now, in order.
  sayHeld(event: ChatEvent | Hello): void {
    if (!this.#held.length || !(event.ev === "online" || (event.ev === "joined" && event.self))) return;
    const held = this.#held;
    this.#held = [];
    for (const { room, line } of held) {
      const where = this.talk.model.conversations.get(room);
      if (where && line.state === "sending") this.sayAgain(where, line);
    }
  }

  sayAgain(where: Conversation, line: SaidLine): void {
    removeLine(this.talk.model, where, line.key);
    this.say(where, line.text, line.kind, line.replyTo);
  }
  discard(where: Conversation, line: SaidLine): void {
    removeLine(this.talk.model, where, line.key);
    this.talk.tell();
  }

  // What changes something that was said; a refusal stands in the log.
  async ask(where: Conversation, command: Command): Promise<void> {
    const failed = ({ message }: ChatError): { ok: false; error: Failure } => ({
      ok: false,
      error: { code: "", text: message },
    });
    const { ok, error } = await this.talk.session.do(command).result.catch(failed);
    if (!ok && error) inform(this.talk.model, where, { what: "error", text: error.text }, Date.now());
    this.talk.tell();
  }

  async earlier(where: Conversation): Promise<void> {
    const first = where.lines.find((line) => line.type === "said");
    const before =
      first?.type === "said" && first.id ? { before: first.id } : first ? { before_at: first.at } : {};
    const { length } = where.lines;
    const asked = this.talk.session.do({ do: "history", to: where.name, limit: 100, ...before });
    const result = await asked.result.catch(() => undefined);
    if (!result?.ok || where.lines.length === length) where.historyDone = true;
    this.talk.tell();
  }
}

// The visitor's last line that he may change.
export function lastOwn({ lines }: Conversation): SaidLine | undefined {
  return lines.findLast(
    (line): line is SaidLine =>
      line.type === "said" && line.self && line.id !== undefined && line.removedBy === undefined && line.kind === "message",
  );
}
