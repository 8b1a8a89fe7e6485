// SPDX-License-Identifier: GPL-3.0-or-later
//
// When the page is drawn: its parts are told once a frame that something changed, and less often
// when drawing is slow.

export interface Drawn {
  draw(): void;
}

const parts = new Set<Drawn>(); // in the page
const due = new Set<Drawn>();
let drawing: Promise<void> | undefined;
let isScheduled = false;
let cost = 0; // ms of the last drawing

export const enter = (part: Drawn): void => void parts.add(part);
export const leave = (part: Drawn): void => void parts.delete(part);

// One part, as soon as what runs now has ended. Resolves when everything is drawn that is due by
// then, what parts put into the page included.
export function drawSoon(part: Drawn): Promise<void> {
  due.add(part);
  return (drawing ??= Promise.resolve().then(draw));
}

function draw(): void {
  for (const part of due) {
    due.delete(part);
    try {
      part.draw();
    } catch (error) {
      reportError(error); // the others are drawn all the same
    }
  }
  drawing = undefined;
}

export function redraw(): void {
  if (isScheduled) return;
  isScheduled = true;
  // A hidden page has no frames; once a second is enough for its title.
  if (document.hidden) setTimeout(tell, 1000);
  // In a flood drawing takes at most every other moment, so that typing stays smooth.
  else if (cost > 12) setTimeout(() => requestAnimationFrame(tell), cost);
  else requestAnimationFrame(tell);
}

function tell(): void {
  isScheduled = false;
  const began = performance.now();
  for (const part of parts) due.add(part);
  draw();
  cost = performance.now() - began;
}
