// SPDX-License-Identifier: GPL-3.0-or-later
//
// The line that says how the connection is, over the top of the log. Brief gaps stay silent.
import { html, nothing, type TemplateResult } from "lit";
import type { Notice } from "./notice.ts";

const patience = 800; // ms of trouble before it is mentioned

export class BarView {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isTold = false; // about this trouble: then what follows is told at once

  constructor(private readonly redraw: () => void) {}

  // `isCounting`: a number of seconds is in it.
  render(notice: Notice | undefined, troubleSince: number, isCounting: boolean): TemplateResult {
    clearTimeout(this.#timer);
    const isShown = notice && (notice.isNow || this.#isTold || Date.now() - troubleSince >= patience);
    if (notice && !isShown) this.#timer = setTimeout(this.redraw, patience);
    else if (isShown && isCounting) this.#timer = setTimeout(this.redraw, 500);
    this.#isTold = isShown ?? false;
    const { action } = notice ?? {};
    return html`<div class="bar-place" role="status">
      ${isShown
        ? html`<div class="bar ${notice.tone}" part="status">
            <span>${notice.text}</span>
            ${action ? html`<button @click=${action[1]}>${action[0]}</button>` : nothing}
          </div>`
        : nothing}
    </div>`;
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
