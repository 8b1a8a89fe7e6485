// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where in the log the reader stands, and how it is kept there.

export interface Anchor {
  key: number; // of a line
  top: number; // px below the top of what is seen
}

const near = 40; // px from the end that count as being there

const below = (element: Element, { top }: DOMRect): number => element.getBoundingClientRect().top - top;

export const atBottom = ({ scrollHeight, scrollTop, clientHeight }: HTMLElement): boolean =>
  scrollHeight - scrollTop - clientHeight <= near;

// The first line in view; none where the rows that belong there are still to be drawn.
export function firstInView(log: HTMLElement, scroller: HTMLElement): Anchor | undefined {
  const view = scroller.getBoundingClientRect();
  for (const element of log.querySelectorAll<HTMLElement>(".line")) {
    const { bottom, top } = element.getBoundingClientRect();
    if (top > view.bottom) break;
    if (bottom > view.top) return { key: Number(element.dataset.key), top: top - view.top };
  }
  return undefined;
}

export function holdAt(log: HTMLElement, scroller: HTMLElement, anchor: Anchor): void {
  const element = log.querySelector(`[data-key="${anchor.key}"]`);
  if (!element) return;
  const top = below(element, scroller.getBoundingClientRect());
  if (Math.abs(top - anchor.top) > 0.5) scroller.scrollTop += top - anchor.top;
}

// What is new begins at a quarter of the height.
export function toMark(log: HTMLElement, scroller: HTMLElement): void {
  const mark = log.querySelector(".since");
  if (mark) scroller.scrollTop += below(mark, scroller.getBoundingClientRect()) - scroller.clientHeight / 4;
}

// The end, where we put the reader ourselves: another height moves him too, and that is no wish of his.
export class End {
  #top = 0;
  #height = 0;

  reach(scroller: HTMLElement): void {
    scroller.scrollTop = scroller.scrollHeight;
    this.#top = scroller.scrollTop;
    this.#height = scroller.clientHeight;
  }
  forget(): void {
    this.#top = 0;
  }
  // Up, and by the reader.
  isLeft({ scrollTop, clientHeight }: HTMLElement): boolean {
    return scrollTop < this.#top - 2 && clientHeight === this.#height;
  }
}
