// SPDX-License-Identifier: GPL-3.0-or-later
//
// A hidden frame whose document never ends: each part of it is a script that posts one line to this
// page. Listens to that frame and the gateway's origin alone.
import { eventsUrl, openingTimeout, type Opener } from "../carrier.ts";
import { run } from "./fetched.ts";
import { onLine } from "./stream_line.ts";

let frames = 0;

export const open: Opener = (opening, hooks) => {
  const page = opening.world.window as Window & typeof globalThis;
  return run(opening, hooks, (course) => {
    return new Promise<void>((resolve, reject) => {
      const name = `f${++frames}`;
      const more = { carrier: "forever_frame", origin: page.location.origin, frame: name };
      const url = new URL(eventsUrl(opening, more), page.location.href);
      const frame = page.document.createElement("iframe");
      const onMessage = (message: MessageEvent): void => {
        if (message.origin !== url.origin || message.source !== frame.contentWindow) return;
        const { halley, line } = message.data as { halley?: string; line?: string };
        if (halley !== name || typeof line !== "string" || course.signal.aborted) return;
        try {
          onLine(line, course, hooks);
          course.expect(course.opened ? 2 * opening.heartbeat : openingTimeout);
        } catch (error) {
          done();
          reject(error);
        }
      };
      const done = (): void => {
        page.removeEventListener("message", onMessage);
        frame.remove();
        resolve();
      };
      page.addEventListener("message", onMessage);
      frame.hidden = true;
      frame.title = "";
      frame.onload = done; // the document has ended
      course.signal.addEventListener("abort", done);
      course.expect(openingTimeout);
      frame.src = url.href;
      page.document.body.append(frame);
    });
  });
};
