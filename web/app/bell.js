// SPDX-License-Identifier: GPL-3.0-or-later
//
// Shows nothing by itself and keeps nothing: phones let only a service worker have notifications, and
// tell it when one is pressed. It then brings the page up and tells it which place to open.
addEventListener("notificationclick", (event) => {
  const { notification } = event;
  const { place, address } = notification.data;
  notification.close();
  const open = async () => {
    const all = await clients.matchAll({ type: "window", includeUncontrolled: true });
    const page = all.find((one) => one.frameType === "top-level") ?? all[0];
    if (!page) return clients.openWindow(address);
    page.postMessage({ open: place });
    return page.focus();
  };
  event.waitUntil(open());
});
