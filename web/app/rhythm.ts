// SPDX-License-Identifier: GPL-3.0-or-later
//
// When something is drawn: at most once a frame, and the more has happened since, the longer it rests
// after it. So a flood costs a few drawings, and typing stays smooth in it.

const each = 5; // ms of rest for each event that has just been drawn
const longest = 200; // ms for any number of them

export interface Rhythm {
  soon(): void; // the reader has done something: with the next frame
  later(): void; // something has happened: after the rest
}

export function rhythm(draw: () => void): Rhythm {
  let news = 0; // events since the last drawing
  let next = 0; // when the rest is over
  let isDue = false;
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const drawNow = (): void => {
    isDue = false;
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    timer = undefined;
    const began = performance.now();
    draw();
    const ended = performance.now();
    // Where drawing is slow it takes at most every other moment.
    next = ended + Math.max(ended - began, Math.min(longest, each * news));
    news = 0;
  };
  const soon = (): void => {
    if (isDue) return;
    isDue = true;
    frame = requestAnimationFrame(drawNow);
    // A page that is hidden, or will be by then, has no frames; once a second is enough for its title.
    clearTimeout(timer);
    timer = setTimeout(drawNow, 1000);
  };
  const later = (): void => {
    news++;
    const rest = next - performance.now();
    if (rest > 0) timer ??= setTimeout(soon, rest);
    else soon();
  };
  return { soon, later };
}
