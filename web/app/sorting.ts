// SPDX-License-Identifier: GPL-3.0-or-later
//
// Rooms put where the reader wants them: by dragging in the list (a finger rests first, then drags), and a
// step at a time by keys and palette.
import { chat, type Place } from "./chat.ts";
import { inOrder, most } from "./order.ts";
import { readRoute } from "./route.ts";
import { change, settings } from "./settings.ts";
import { wear } from "./sheets.ts";
import css from "./sorting.css";

wear(css);

// `to`: where it stands then among those of its kind.
function put({ network, name }: Place, to: (from: number) => number): void {
  const model = chat.connections.get(network)?.model;
  const moved = chat.at({ network, name });
  if (!model || !moved?.name) return;
  const all = inOrder(model);
  const kin = all.filter((one) => one.isRoom === moved.isRoom);
  const from = kin.indexOf(moved);
  const at = to(from);
  if (at < 0 || at >= kin.length) return;
  kin.splice(from, 1);
  kin.splice(at, 0, moved);
  const others = all.filter((one) => one.isRoom !== moved.isRoom);
  const names = [...kin, ...others].map((one) => `${network}/${one.name}`);
  const known = new Set(names);
  change({ order: [...settings.order.filter((one) => !known.has(one)), ...names].slice(1 - most) });
}

export function step(by: 1 | -1): void {
  if (chat.active) put(chat.active, (from) => from + by);
}

const placeOf = (item: Element): Place | undefined => {
  const link = item.querySelector<HTMLAnchorElement>("a.place");
  return link ? readRoute(new URL(link.href)) : undefined;
};

// `event`: somebody begins to drag something in the list.
export function drag(event: DragEvent): void {
  const item = (event.target as Element).closest("li");
  const list = item?.parentElement;
  const place = item && placeOf(item);
  if (!item || !list || !place?.name) return;
  let over: Element | undefined;
  let isBelow = false;
  const mark = (): void => over?.classList.remove("above", "below");

  const onOver = (now: DragEvent): void => {
    mark();
    over = undefined;
    const goal = (now.target as Element).closest("li");
    if (!goal || goal.parentElement !== list) return;
    now.preventDefault(); // it may be dropped here
    if (goal === item) return;
    const { top, height } = goal.getBoundingClientRect();
    isBelow = now.clientY > top + height / 2;
    over = goal;
    goal.classList.add(isBelow ? "below" : "above");
  };
  const onDrop = (now: DragEvent): void => {
    if (!over) return;
    now.preventDefault(); // it is a link, which would be followed
    const to = [...list.children].indexOf(over) + (isBelow ? 1 : 0);
    put(place, (from) => (from < to ? to - 1 : to));
  };
  const onEnd = (): void => {
    mark();
    item.classList.remove("dragged");
    removeEventListener("dragover", onOver);
    removeEventListener("drop", onDrop);
    removeEventListener("dragend", onEnd);
  };
  item.classList.add("dragged");
  addEventListener("dragover", onOver);
  addEventListener("drop", onDrop);
  addEventListener("dragend", onEnd);
}
