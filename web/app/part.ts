// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the parts of the page have in common: they render into the page itself, one style sheet for
// all, and again whenever the chat has changed. Lit's templates without its element: there is no
// shadow root and no attribute to reflect, so that half of it would only be carried.
import { render, svg, type nothing, type TemplateResult } from "lit/html.js";
import { drawSoon, enter, leave, type Drawn } from "./frames.ts";

export abstract class Part extends HTMLElement implements Drawn {
  // Once this and all that it put into the page is drawn.
  updateComplete = Promise.resolve();
  #isDrawn = false;

  connectedCallback(): void {
    enter(this);
    this.requestUpdate();
  }
  disconnectedCallback(): void {
    leave(this);
  }
  requestUpdate(): void {
    this.updateComplete = drawSoon(this);
  }

  draw(): void {
    this.willUpdate();
    render(this.render(), this);
    if (!this.#isDrawn) this.firstUpdated();
    this.#isDrawn = true;
    this.updated();
  }
  measure(): void {}
  protected abstract render(): TemplateResult | typeof nothing;
  protected willUpdate(): void {}
  protected firstUpdated(): void {}
  protected updated(): void {}
}

const strokes = {
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6L6 18",
  plus: "M12 5v14M5 12h14",
  people: "M9 11.5a3.5 3.5 0 100-7 3.5 3.5 0 000 7zM2.5 19.5c0-3.5 3-5.5 6.5-5.5s6.5 2 6.5 5.5M16 4.8a3.5 3.5 0 010 6.5M18 14.5c2.2.7 3.5 2.5 3.5 5",
  send: "M4 12h15M13 6l6 6-6 6",
  down: "M12 5v14M6 13l6 6 6-6",
  leave: "M10 4H5v16h5M14 8l4 4-4 4M18 12H9",
  clock: "M12 7v5l3 2M12 3.5a8.5 8.5 0 110 17 8.5 8.5 0 010-17z",
  alert: "M12 8v5M12 16.5v.01M12 3.5a8.5 8.5 0 110 17 8.5 8.5 0 010-17z",
  list: "M4 6h16M4 12h16M4 18h10",
  search: "M10.5 4a6.5 6.5 0 110 13 6.5 6.5 0 010-13zM15.5 15.5L20 20",
  info: "M12 11v5M12 8v.01M12 3.5a8.5 8.5 0 110 17 8.5 8.5 0 010-17z",
  gear: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5",
  at: "M15.5 12a3.5 3.5 0 11-7 0 3.5 3.5 0 017 0zm0 0v1.5a2.25 2.25 0 004.5 0V12a8 8 0 10-3.2 6.4",
  reply: "M9 6l-5 5 5 5M4 11h9a6 6 0 016 6v1",
};

export function icon(name: keyof typeof strokes): TemplateResult {
  return drawn(strokes[name]);
}

export function drawn(path: string): TemplateResult {
  return svg`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"
    fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"
    stroke-linejoin="round"><path d=${path}></path></svg>` as unknown as TemplateResult;
}
