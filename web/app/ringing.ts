// SPDX-License-Identifier: GPL-3.0-or-later
//
// Notifications where a page may not make them itself (Chrome on Android): by the service worker bell.js,
// which is there from the first of them on and only for them.
import { chat, type Place } from "./chat.ts";

// At a fixed address: a browser compares what is there with what it has.
const worker = "/bell.js";

let coming: Promise<ServiceWorkerRegistration> | undefined;

function registered(): Promise<ServiceWorkerRegistration> {
  const { serviceWorker } = navigator;
  serviceWorker.addEventListener("message", ({ data }: MessageEvent<{ open?: Place }>) => {
    if (data.open) chat.open(data.open);
  });
  return serviceWorker.register(worker).then(() => serviceWorker.ready);
}

// `address`: of the place, for when no page is open any more.
export async function ring(title: string, options: NotificationOptions, place: Place, address: string): Promise<void> {
  coming ??= registered();
  try {
    await (await coming).showNotification(title, { ...options, data: { place, address } });
  } catch {
    coming = undefined; // the title and the icon of the page tell it, and the next one tries again
  }
}
