// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a passer-by sees of a room that its operator has opened to all: how many are there now and, if he
// wishes, what is said. By the stream of the badges, so without a session; nobody in the room notices.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { shortName } from "../client/index.ts";
import { feedOf, placeOf, type Look } from "../embed/feed.ts";
import { slotOf } from "./colour.ts";
import { Part } from "./part.ts";
import { plainName, richText } from "./text.ts";
import { clockTime, fullTime, isoTime } from "./time.ts";
import { more } from "./words_later.ts";
import { wear } from "./sheets.ts";
import css from "./passing.css";

wear(css);

const w = more.passing;

export class Passing extends Part {
  network!: string;
  room!: string;

  #at = "";
  #look: Look | undefined;
  #isReading = false;
  #stop = (): void => {};

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
    this.#at = "";
  }

  protected override willUpdate(): void {
    const { network, room } = this;
    const at = placeOf(network, room);
    if (at === this.#at || !this.isConnected) return;
    this.#stop();
    this.#at = at;
    this.#look = undefined;
    this.#stop = feedOf(location.origin).watch(network, room, (look) => {
      this.#look = look;
      this.requestUpdate();
    });
  }

  protected override render(): TemplateResult | typeof nothing {
    const { people = 0, lines = [] } = this.#look ?? {};
    if (!people && !lines.length) return nothing;
    return html`<div class="live-line">
        ${people ? html`<span class="dot online"></span><span>${w.here(people)}</span>` : nothing}
        ${lines.length
          ? html`<button
              type="button"
              class="quiet"
              aria-expanded=${this.#isReading}
              @click=${() => {
                this.#isReading = !this.#isReading;
                this.requestUpdate();
              }}
            >
              ${w.read}
            </button>`
          : nothing}
      </div>
      ${this.#isReading ? this.#last(lines) : nothing}`;
  }

  #last(lines: NonNullable<Look["lines"]>): TemplateResult {
    const name = plainName(shortName(this.room));
    return html`<ul class="reading" tabindex="0" aria-label=${w.last(name)}>
      ${lines.map(
        ({ from, text, at, action }) =>
          html`<li>
            <time datetime=${isoTime(at)} title=${fullTime(at)}>${clockTime(at)}</time>
            <bdi class="n${slotOf(from)}">${plainName(from)}</bdi>${action ? "" : ":"}
            <span dir="auto">${richText(text)}</span>
          </li>`,
      )}
    </ul>`;
  }

  // The newest is in view.
  protected override updated(): void {
    const list = this.querySelector(".reading");
    if (list) list.scrollTop = list.scrollHeight;
  }
}
customElements.define("halley-passing", Passing);
