// SPDX-License-Identifier: GPL-3.0-or-later
//
// Chromium, and what can be read off a page from outside it.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const { chromium } = createRequire(join(here, "../../../web/package.json"))("playwright-core");
const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"];

export class Browser {
  async start() {
    this.browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
    return this;
  }
  stop() {
    return this.browser.close();
  }
  async version() {
    return `Chromium ${this.browser.version()}`;
  }

  // A profile of its own, with nothing cached.
  async open(first) {
    const context = await this.browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.addInitScript(first);
    return page;
  }

  // When (Unix ms) the last line says this and is in view. `host`: the element in whose shadow the lines are.
  async sees(page, { line, within: host }, text, within) {
    const found = await page.waitForFunction(
      ([lines, inside, wanted]) => {
        const root = inside ? document.querySelector(inside)?.shadowRoot : document;
        const all = root?.querySelectorAll(lines) ?? [];
        const last = all[all.length - 1];
        if (!last?.textContent.includes(wanted)) return 0;
        const { top, bottom } = last.getBoundingClientRect();
        return top < innerHeight && bottom > 0 ? performance.timeOrigin + performance.now() : 0;
      },
      [line, host, text],
      { timeout: within },
    );
    return found.jsonValue();
  }

  // Bytes in use after a collection: of the page and of the worker its tabs share.
  async heap(page) {
    const session = await page.context().newCDPSession(page);
    await session.send("HeapProfiler.collectGarbage");
    let { usedSize } = await session.send("Runtime.getHeapUsage");
    await session.detach();
    usedSize += await this.#workerHeap(page);
    return usedSize;
  }

  async #workerHeap(page) {
    const session = await this.browser.newBrowserCDPSession();
    const { targetInfos } = await session.send("Target.getTargets");
    const origin = new URL(page.url()).origin;
    const own = targetInfos.filter(({ type, url }) => type === "shared_worker" && url.startsWith(origin));
    let sum = 0;
    for (const { targetId } of own) {
      const { sessionId } = await session.send("Target.attachToTarget", { targetId, flatten: false });
      let id = 0;
      const ask = (method) =>
        new Promise((resolve) => {
          const wanted = ++id;
          session.on("Target.receivedMessageFromTarget", ({ message }) => {
            const answer = JSON.parse(message);
            if (answer.id === wanted) resolve(answer.result);
          });
          const message = JSON.stringify({ id: wanted, method });
          session.send("Target.sendMessageToTarget", { sessionId, message }).catch(() => resolve(undefined));
        });
      await ask("HeapProfiler.collectGarbage");
      sum += (await ask("Runtime.getHeapUsage"))?.usedSize ?? 0;
    }
    await session.detach();
    return sum;
  }

  watchFrames(page) {
    return page.evaluate(() => {
      const seen = (globalThis.seenFrames = { gap: 0, task: 0 });
      let last = performance.now();
      const frame = (now) => {
        seen.gap = Math.max(seen.gap, now - last);
        last = now;
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) seen.task = Math.max(seen.task, duration);
      }).observe({ entryTypes: ["longtask"] });
    });
  }
  frames(page) {
    return page.evaluate(() => ({ gapMs: globalThis.seenFrames.gap, taskMs: globalThis.seenFrames.task }));
  }
}
