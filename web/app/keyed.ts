// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rows of the log, one element for each line that is shown, by its key: a row that goes on being
// shown stays where it is, with its focus, and only those that come and go touch the page.
import { render } from "lit/html.js";

export interface Keyed {
  readonly key: number;
}

export class KeyedRows<T extends Keyed> {
  #made = new Map<number, HTMLElement>();

  // Makes what is in `into` the rows of `shown`, in this order.
  show(into: HTMLElement, shown: readonly T[], row: (i: number) => unknown): void {
    const keys = new Set(shown.map(({ key }) => key));
    for (const [key, element] of this.#made) {
      if (keys.has(key)) continue;
      element.remove();
      this.#made.delete(key);
    }
    let next = into.firstChild;
    for (const [i, { key }] of shown.entries()) {
      let element = this.#made.get(key);
      if (!element) {
        element = document.createElement("div");
        element.className = "line";
        element.dataset.key = `${key}`;
        this.#made.set(key, element);
      }
      if (element === next) next = next.nextSibling;
      else into.insertBefore(element, next);
      render(row(i), element);
    }
  }
}
