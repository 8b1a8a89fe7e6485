// SPDX-License-Identifier: GPL-3.0-or-later
//
// The lines of xhr_stream and forever_frame: "0 {hello}", "7 {event}", empty to show that the link
// lives, "! {error}" as last words, "= " for a planned end.
import type { CarrierHooks } from "../carrier.ts";
import { ChatError } from "../failure.ts";
import type { ChatEvent, Failure, Hello } from "../wire.ts";
import type { Course } from "./fetched.ts";

export function onLine(line: string, course: Course, hooks: CarrierHooks): void {
  hooks.onAlive();
  const space = line.indexOf(" ");
  const head = line.slice(0, space);
  if (head === "!") throw new ChatError((JSON.parse(line.slice(2)) as { error: Failure }).error);
  if (head === "=") {
    course.recycled = true;
  } else if (head === "0") {
    course.opened = true;
    hooks.onHello(JSON.parse(line.slice(space)) as Hello);
    hooks.onOpen();
  } else if (Number(head) > 0) {
    hooks.onEvent(Number(head), JSON.parse(line.slice(space)) as ChatEvent);
  }
}
