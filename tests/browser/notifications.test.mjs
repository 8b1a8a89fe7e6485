// SPDX-License-Identifier: GPL-3.0-or-later
//
// Notifications where a page may not make them itself: by a service worker, for who has switched them on.
import assert from "node:assert/strict";
import { setting } from "./setting.mjs";
import { fresh, kinds } from "./world.mjs";

const { world, test } = setting();

// As Chrome on Android: https://crbug.com/481856.
const forbidden = () => {
  window.Notification = class extends Notification {
    constructor() {
      throw new TypeError("Illegal constructor. Use ServiceWorkerRegistration.showNotification() instead.");
    }
  };
};

test("story: on a phone a mention is a notification, and pressing it opens its room", async () => {
  const room = `#${fresh("bell")}`;
  const ada = await world.person();
  await ada.context.grantPermissions(["notifications"]);
  await ada.page.addInitScript(forbidden);
  const nick = fresh("ada");
  await ada.visit(`/r/irc/${encodeURIComponent(room)}?nick=${nick}`);
  await ada.join();
  await ada.sees(".head h1", room);
  const bo = await world.inRoom(kinds.irc, room);
  await ada.says(`/join ${room}other`);
  await ada.sees(".head h1", `${room}other`);
  await ada.page.evaluate(() => (document.hasFocus = () => false)); // she looks elsewhere
  const registrations = () => ada.page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);
  assert.equal(await registrations(), 0);
  await bo.saysAndIsHeard(`${nick}: are you there`);
  // Resolves with them once there are so many.
  const notifications = (count) =>
    ada.page.evaluate(async (wanted) => {
      for (;;) {
        const all = (await (await navigator.serviceWorker.getRegistration())?.getNotifications()) ?? [];
        if (all.length === wanted) return all.map(({ title, body, data }) => ({ title, body, data }));
        await new Promise(requestAnimationFrame);
      }
    }, count);
  const address = `/r/irc/${encodeURIComponent(room)}`;
  assert.deepEqual(await notifications(1), [
    { title: `${bo.nick} in ${room}`, body: `${nick}: are you there`, data: { place: { network: "irc", name: room }, address } },
  ]);
  const worker = ada.context.serviceWorkers()[0];
  await worker.evaluate(async () => {
    const [notification] = await self.registration.getNotifications();
    self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
  });
  await ada.page.waitForFunction((wanted) => document.querySelector(".head h1")?.textContent.trim() === wanted, room);
  await notifications(0);
});
