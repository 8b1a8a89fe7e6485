// SPDX-License-Identifier: GPL-3.0-or-later
//
// One long answer to an XMLHttpRequest, read while it grows: for browsers and proxies that have
// trouble with the other streams. The gateway ends it in time and is asked again.
import { eventsUrl, openingTimeout, type Opener } from "../carrier.ts";
import { failureIn } from "../failure.ts";
import { run } from "./fetched.ts";
import { onLine } from "./stream_line.ts";

export const open: Opener = (opening, hooks) => {
  return run(opening, hooks, (course) => {
    return new Promise<void>((resolve, reject) => {
      const Maker = opening.world.XMLHttpRequest as new () => XMLHttpRequest;
      const request = new Maker();
      let read = 0;
      const onMore = (): void => {
        if (request.status !== 200 || course.signal.aborted) return;
        const text = request.responseText;
        course.expect(course.opened ? 2 * opening.heartbeat : openingTimeout);
        for (let end; (end = text.indexOf("\n", read)) >= 0; ) {
          const line = text.slice(read, end);
          read = end + 1;
          onLine(line, course, hooks);
          if (course.signal.aborted) return;
        }
      };
      const whenSaid = (then: () => void) => (): void => {
        try {
          then();
        } catch (error) {
          reject(error);
        }
      };
      request.onprogress = whenSaid(onMore);
      request.onload = whenSaid(() => {
        onMore();
        if (request.status !== 200) reject(failureIn(request.status, request.responseText));
        else resolve();
      });
      request.onerror = request.onabort = () => resolve();
      course.signal.addEventListener("abort", () => request.abort());
      course.expect(openingTimeout);
      request.open("GET", eventsUrl(opening, { carrier: "xhr_stream" }));
      request.send();
    });
  });
};
