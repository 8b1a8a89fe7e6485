// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who is writing, both ways: the others are told at most every three seconds (IRCv3 typing) and once when the
// visitor has stopped, where the network has a word for it; and they are named under the log.
import { html, type TemplateResult } from "lit";
import { plainName } from "../app/plain_text.ts";
import { shortName, type Conversation } from "../client/index.ts";
import type { Talk } from "./talk.ts";
import type { Words } from "./words.ts";

const again = 3000; // ms
const rest = 5000; // ms without a key, then he has paused
const named = 3; // at most

export class Typing {
  #toldAt = 0; // 0: they take it that he does not write
  #pause: ReturnType<typeof setTimeout> | undefined;
  #look: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly talk: Talk,
    private readonly where: () => Conversation | undefined,
    private readonly redraw: () => void,
  ) {}

  // The field has changed. Commands are nobody's business.
  wrote(text: string): void {
    const isWriting = text !== "" && !text.startsWith("/");
    clearTimeout(this.#pause);
    if (isWriting) this.#pause = setTimeout(() => this.#stop("paused"), rest);
    else return this.#stop("done");
    if (Date.now() - this.#toldAt < again) return;
    this.#toldAt = Date.now();
    this.#tell("active");
  }

  // What was written has been sent, which says it all.
  sent(): void {
    clearTimeout(this.#pause);
    this.#toldAt = 0;
  }

  end(): void {
    clearTimeout(this.#pause);
    clearTimeout(this.#look);
  }

  #stop(state: "paused" | "done"): void {
    if (this.#toldAt) this.#tell(state);
    this.#toldAt = 0;
  }

  #tell(state: "active" | "paused" | "done"): void {
    const { model, session } = this.talk;
    const where = this.where();
    if (!where?.joined || model.status !== "online" || !model.features.has("typing")) return;
    session.do({ do: "typing", to: where.name, state });
  }

  render({ room: w }: Words): TemplateResult {
    const now = Date.now();
    const all = [...(this.where()?.typing ?? [])].filter(([, until]) => until > now);
    clearTimeout(this.#look);
    if (all.length) this.#look = setTimeout(this.redraw, Math.min(...all.map(([, until]) => until)) - now);
    const names = all.map(([nick]) => plainName(shortName(nick)));
    const text = names.length > named ? w.typingMany : names.length ? w.typing(names, names.length) : "";
    return html`<div class="typing">${text}</div>`;
  }
}
