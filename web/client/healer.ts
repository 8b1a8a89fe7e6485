// SPDX-License-Identifier: GPL-3.0-or-later
//
// After the gateway has lost a session and a new one is entered: asks the network for what was said
// in between, from the last line that is known, where it has history. The model shows a gap where
// that fails.
import { endGap } from "./model/gaps.ts";
import type { Conversation, NetworkModel } from "./model/model.ts";
import type { ChatEvent, Command, Hello, ResultEvent } from "./wire.ts";

const page = 100; // lines a question
const mostQuestions = 20;

type Ask = (command: Command) => { n: number; result: Promise<ResultEvent> };
type History = Extract<ChatEvent, { ev: "history" }>;

export class Healer {
  #answers = new Map<number, History>();
  readonly #model: NetworkModel;
  readonly #ask: Ask;
  readonly #onHealed: () => void;

  constructor(model: NetworkModel, ask: Ask, onHealed: () => void = () => {}) {
    this.#model = model;
    this.#ask = ask;
    this.#onHealed = onHealed;
  }

  // After apply(model, event).
  onEvent(event: ChatEvent | Hello): void {
    if (event.ev === "history" && event.n) this.#answers.set(event.n, event);
    if (event.ev === "joined" && event.self) this.#look(this.#model.conversations.get(event.room));
    if (event.ev !== "online") return;
    for (const where of this.#model.conversations.values()) if (!where.isRoom) this.#look(where);
  }

  #look(where: Conversation | undefined): void {
    const { gap } = where ?? {};
    if (!where || !gap || gap.asked) return;
    gap.asked = true;
    gap.until = Date.now();
    void this.#heal(where, gap.since).then((isComplete) => {
      endGap(this.#model, where, isComplete);
      this.#onHealed();
    });
  }

  async #heal(where: Conversation, since: number): Promise<boolean> {
    if (!this.#model.features.has("history")) return false;
    let from: { after: string } | { after_at: number } = { after_at: since };
    for (const line of where.lines) {
      if (line.type === "said" && line.id && line.at <= since) from = { after: line.id };
    }
    for (let asked = 0; asked < mostQuestions; asked++) {
      const { n, result } = this.#ask({ do: "history", to: where.name, ...from, limit: page });
      const { ok } = await result.catch(() => ({ ok: false }));
      const answer = this.#answers.get(n);
      this.#answers.delete(n);
      if (!ok || !answer) return false;
      const last = answer.items[answer.items.length - 1];
      if (answer.complete || !last || answer.items.length < page) return true;
      from = last.id ? { after: last.id } : { after_at: last.at };
    }
    return false;
  }
}
