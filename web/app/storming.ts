// SPDX-License-Identifier: GPL-3.0-or-later
//
// Notices when many come into a room at once, for those who may want to calm it.
import { chat } from "./chat.ts";
import { calmKey, ofBrowser } from "./keep.ts";

const many = 20;
const within = 10_000; // ms

const recent = new Map<string, number[]>(); // by network/room: when the last of them came
const calming = (): Promise<typeof import("./calming.ts")> => import("./calming.ts");

chat.watchers.add(({ model: { network } }, event) => {
  if (!("ev" in event) || event.ev !== "joined" || event.self) return;
  const { room: name } = event;
  const key = `${network}/${name}`;
  const times = recent.get(key) ?? [];
  recent.set(key, times);
  const now = Date.now();
  if (times.push(now) <= many || now - times.shift()! > within) return;
  recent.delete(key);
  void calming().then(({ offerCalm }) => offerCalm({ network, name }), () => {});
});

// One that was calmed before this page was opened has an end.
if (ofBrowser?.getItem(calmKey)) void calming().catch(() => {});
