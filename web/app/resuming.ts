// SPDX-License-Identifier: GPL-3.0-or-later
//
// Going on after a reload and with what other tabs have; and before the page goes, what the next one needs for it.
import { emptyNetwork, settleLost, sharedNames, type ChatEvent, type Hello } from "../client/index.ts";
import { chat, type Connection } from "./chat.ts";
import { base, connect } from "./connecting.ts";
import { pageStore, storedNetworks, writeMarks } from "./keep.ts";
import { fetchSecond, second } from "./moment.ts";

const toldWithin = 3000; // ms for another tab or the gateway to say how things stand

// Goes on with the sessions this tab had before a reload and with those that other tabs have.
export async function resumeAll(): Promise<void> {
  const names = new Set([...storedNetworks(), ...(await sharedNames(base))]);
  await Promise.all([...names].map(resume));
}

export async function resume(network: string): Promise<void> {
  const store = pageStore(network);
  const stored = store.read();
  const text = store.readModel();
  const model = text ? (await fetchSecond().catch(() => undefined))?.readSnapshot(text) : undefined;
  const known = model ?? emptyNetwork(network, stored?.hello.title, stored?.hello.kind);
  known.nick ||= stored?.hello.nick ?? "";
  for (const { room, key } of stored?.whereabouts?.rooms ?? []) chat.keepKey(network, room, key);
  const request = store.readRequest() ?? { network, nick: known.nick };
  const connection = connect(known, request);
  settleLost(known, new Set(stored?.unanswered.map((command) => command.n)));
  connection.session.resume(model !== undefined);
  if (!model) return isTold(connection);
  for (const room of known.conversations.values()) {
    if (room.isRoom && room.joined) connection.session.do({ do: "names", room: room.name });
  }
}

// Another tab tells everything in one go, so that no half of it is shown.
function isTold(connection: Connection): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      chat.watchers.delete(watch);
      resolve();
    };
    const watch = (from: Connection, { ev }: ChatEvent | Hello): void => {
      if (from === connection && ["online", "offline", "closing"].includes(ev)) done();
    };
    const timer = setTimeout(done, toldWithin);
    chat.watchers.add(watch);
  });
}

// Before the page goes away: what the next one needs to stand where this one stood.
export function save(): void {
  writeMarks();
  for (const [network, { model, session }] of chat.connections) {
    if (session.state.phase === "over") continue;
    session.save();
    const take = second()?.takeSnapshot;
    if (take) pageStore(network).writeModel(take(model));
  }
}
