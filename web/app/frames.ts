// SPDX-License-Identifier: GPL-3.0-or-later
//
// When the page is drawn: its parts are told that something changed.
import { rhythm } from "./rhythm.ts";

export interface Drawn {
  draw(): void;
  measure(): void; // once all are drawn: whoever looks at sizes earlier has the page laid out once more
}

const parts = new Set<Drawn>(); // in the page
const due = new Set<Drawn>();
let drawing: Promise<void> | undefined;

export const enter = (part: Drawn): void => void parts.add(part);
export const leave = (part: Drawn): void => void parts.delete(part);

// One part, as soon as what runs now has ended. Resolves when everything is drawn that is due by
// then, what parts put into the page included.
export function drawSoon(part: Drawn): Promise<void> {
  due.add(part);
  return (drawing ??= Promise.resolve().then(draw));
}

function draw(): void {
  const drawn = new Set<Drawn>();
  for (const part of due) {
    due.delete(part);
    drawn.add(part);
    attempt(() => part.draw());
  }
  drawing = undefined;
  for (const part of drawn) attempt(() => part.measure());
}

// The others are drawn all the same.
function attempt(what: () => void): void {
  try {
    what();
  } catch (error) {
    reportError(error);
  }
}

// For what the reader does, and for what happens.
export const { soon: redraw, later: redrawLater } = rhythm(() => {
  for (const part of parts) due.add(part);
  draw();
});
