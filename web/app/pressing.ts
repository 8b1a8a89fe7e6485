// SPDX-License-Identifier: GPL-3.0-or-later
//
// A finger that stays where it was put: by pointer events, because not every browser makes a context menu of
// it (Safari on iOS makes none). Scrolling, moving and lifting it end it.
const patience = 500; // ms, as the systems have it
const slack = 10; // px a resting finger moves

let stop: (() => void) | undefined;

export function onPress(event: PointerEvent, act: () => void): void {
  stop?.();
  const { target, pointerId, clientX, clientY, timeStamp } = event;
  // This code was fetched meanwhile: the finger may be gone.
  if (event.eventPhase === Event.NONE && !(target as Element).hasPointerCapture(pointerId)) return;
  const ends = ["pointerup", "pointercancel"] as const; // cancelled: the browser scrolls
  const timer = setTimeout(() => {
    stop?.();
    ignoreClick();
    act();
  }, Math.max(0, timeStamp + patience - performance.now()));
  const moved = (now: PointerEvent): void => {
    if (Math.hypot(now.clientX - clientX, now.clientY - clientY) > slack) stop?.();
  };
  stop = () => {
    stop = undefined;
    clearTimeout(timer);
    for (const end of ends) removeEventListener(end, quit, true);
    removeEventListener("pointermove", moved, true);
  };
  const quit = (): void => stop?.();
  for (const end of ends) addEventListener(end, quit, true);
  addEventListener("pointermove", moved, true);
}

// Lifting the finger is no click on what has come under it.
function ignoreClick(): void {
  const swallow = (event: Event): void => {
    event.preventDefault();
    event.stopPropagation();
  };
  addEventListener("click", swallow, { capture: true, once: true });
  addEventListener("pointerdown", () => removeEventListener("click", swallow, true), {
    capture: true,
    once: true,
  });
}
