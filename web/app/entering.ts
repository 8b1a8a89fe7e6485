// SPDX-License-Identifier: GPL-3.0-or-later
//
// Onto a network and off it: entering, going on after a reload, coming back after a session ended.
import {
  ChatError,
  emptyNetwork,
  networks,
  settleLost,
  sharedNames,
  SharedSession,
  waitBefore,
  type ChatEvent,
  type EnterRequest,
  type Hello,
  type NetworkInfo,
  type NetworkModel,
} from "../client/index.ts";
import { workerUrl } from "../client/tabs/worker.ts";
import { chat, type Connection } from "./chat.ts";
import { redraw } from "./frames.ts";
import { onSettings, settings } from "./settings.ts";
import { fetchSecond, second } from "./moment.ts";
import { endGhosts, pageStore, remember, storedNetworks, writeMarks } from "./keep.ts";

export const base = `${location.origin}/chat/v1`;
const mostReturns = 12; // about two minutes
const toldWithin = 3000; // ms for another tab or the gateway to say how things stand

// The gateway has put them into the page; where something else serves that, they are asked for.
export async function loadOffers(): Promise<void> {
  const given = document.getElementById("networks")?.textContent;
  if (given) {
    chat.offers = JSON.parse(given) as NetworkInfo[];
    return;
  }
  chat.offersError = undefined;
  redraw();
  try {
    chat.offers = await networks(base);
  } catch (error) {
    chat.offersError = error as ChatError;
  }
  redraw();
}

export function connect(model: NetworkModel, request: EnterRequest): Connection {
  const network = request.network;
  const { password: _, rooms = [], ...kept } = request;
  const before = chat.connections.get(network);
  const store = pageStore(network);
  const session = new SharedSession({
    base,
    name: network,
    worker: workerUrl,
    store,
    present: () => second()?.restate(model),
    onEvent: (event) => {
      if (event.ev === "hello") remember(event.session, network);
      chat.onEvent(connection, event);
    },
    onState: (state) => chat.onState(connection, state),
  });
  const connection: Connection = {
    model,
    session,
    link: session.state,
    request,
    troubleSince: before?.troubleSince ?? 0,
    returns: before?.returns ?? 0,
  };
  model.tellsAll = settings.presence === "all";
  chat.connections.set(network, connection);
  store.writeRequest({ ...kept, rooms: rooms.map((one) => (typeof one === "string" ? one : one.room)) });
  return connection;
}

// --- going on ---------------------------------------------------------------------------------------

// Goes on with the sessions this tab had before a reload and with those that other tabs have.
export async function resumeAll(): Promise<void> {
  const names = new Set([...storedNetworks(), ...(await sharedNames(base))]);
  await Promise.all([...names].map(resume));
}

async function resume(network: string): Promise<void> {
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

// --- entering ---------------------------------------------------------------------------------------

// Enters a network and its rooms. Resolves when the first room is joined (or, without rooms, when
// online); rejects with what the network or the gateway said, and nothing is left behind.
// `onStage`: what is being done now, in words; without any, the room is being joined.
export async function enter(request: EnterRequest, onStage: (stage?: string) => void): Promise<void> {
  const { network } = request;
  if ((await sharedNames(base)).includes(network)) {
    // Since this page was loaded another tab has entered: we are there already.
    await resume(network);
    if (chat.connections.has(network)) return joinRooms(request);
  }
  const hadGhosts = await endGhosts(base, network);
  const attempt = (): Promise<void> => enterOnce(request, onStage);
  await attempt().catch(async (error: ChatError) => {
    if (!hadGhosts || error.code !== "nick_in_use") throw error;
    await (await import("./taking_back.ts")).takeBack(error, request, attempt, onStage);
  });
}

async function enterOnce(request: EnterRequest, onStage: () => void): Promise<void> {
  const { network } = request;
  const before = chat.connections.get(network);
  const model = before?.model ?? emptyNetwork(network);
  model.nick ||= request.nick;
  const connection = connect(model, request);
  const outcome = { isEnded: false };
  try {
    await entered(connection, onStage, outcome);
  } catch (error) {
    chat.connections.delete(network);
    // What is final has ended the session already; asking again would only be refused.
    if (outcome.isEnded) connection.session.pause();
    else connection.session.leave();
    pageStore(network).write(undefined);
    if (before) chat.connections.set(network, before);
    redraw();
    throw error;
  }
  for (const one of request.rooms ?? []) if (typeof one !== "string") chat.keepKey(network, one.room, one.key);
  const rooms = [...connection.model.conversations.values()];
  const room = rooms.find((one) => one.isRoom && one.joined) ?? rooms[0];
  chat.open({ network, name: room?.name ?? "" });
}

async function joinRooms({ network, rooms = [] }: EnterRequest): Promise<void> {
  for (const one of rooms) {
    const { room, key } = typeof one === "string" ? { room: one, key: undefined } : one;
    const { ok, error } = await chat.join(network, room, key);
    if (!ok && error) throw new ChatError(error);
  }
  if (!rooms.length) chat.open(chat.places()[0] ?? { network, name: "" });
}

function entered(
  connection: Connection,
  onStage: () => void,
  outcome: { isEnded: boolean },
): Promise<void> {
  const { request, session } = connection;
  return new Promise<void>((resolve, reject) => {
    const watch = (from: Connection, event: ChatEvent | Hello): void => {
      if (from !== connection) return;
      if (isTaken(request.nick, event)) {
        const error = { code: "nick_in_use", field: "nick", text: "" };
        done(() => reject(new ChatError(error)));
      } else if (event.ev === "online") {
        if (request.rooms?.length) onStage();
        else done(resolve);
      } else if (event.ev === "joined" && event.self) {
        done(resolve);
      } else if (event.ev === "offline" && (event.final || isOurs(event.error.code))) {
        outcome.isEnded = event.final ?? false;
        done(() => reject(new ChatError(event.error)));
      } else if (event.ev === "error" || event.ev === "closing") {
        done(() => reject(new ChatError(event.error)));
      }
    };
    const done = (then: () => void): void => {
      chat.watchers.delete(watch);
      then();
    };
    chat.watchers.add(watch);
    session.enter(request).catch((error: ChatError) => done(() => reject(error)));
  });
}

export const withKey = (room: string, key: string | undefined): { room: string; key?: string } =>
  key ? { room, key } : { room };

export function cancelEnter(network: string): void {
  chat.giveUp?.();
  const connection = chat.connections.get(network);
  if (!connection) return;
  chat.connections.delete(network);
  tellLeft(connection);
  connection.session.leave();
}

function tellLeft(connection: Connection): void {
  const error = { code: "left", text: "" };
  for (const watch of [...chat.watchers]) watch(connection, { ev: "closing", error });
}

// Networks help out with a longer name when the one asked for is taken. Somebody who is just
// choosing his name would rather know.
export function isTaken(asked: string, event: ChatEvent | Hello): boolean {
  const given =
    event.ev === "online" ? event.nick : event.ev === "joined" && event.self ? event.from : asked;
  return given.length > asked.length && given.toLowerCase().startsWith(asked.toLowerCase());
}

// What the visitor can mend on the sign-in page, so trying again by ourselves is no help.
export function isOurs(code: string): boolean {
  return ["nick_in_use", "bad_nick", "bad_password", "account_needed", "banned"].includes(code);
}

// --- coming back and leaving ------------------------------------------------------------------------

// After the session has ended: a new one, with the same rooms and the lines that are there.
export async function comeBack(connection: Connection): Promise<void> {
  const { model, request } = connection;
  if (chat.connections.get(request.network) !== connection) return;
  const rooms = [...model.conversations.values()]
    .filter((one) => one.isRoom && (one.joined || !one.ended))
    .map(({ name }) => withKey(name, chat.keyOf(request.network, name)));
  const renewed = (await chat.renew?.(request)) ?? request;
  if (chat.connections.get(request.network) !== connection) return;
  const again: EnterRequest = { ...renewed, nick: model.nick || request.nick, rooms };
  // After a reload the password is gone: better in as a guest than not at all.
  if (!again.password) delete again.account;
  const next = connect(model, again);
  connection.session.leave();
  model.status = "connecting";
  model.offline = undefined;
  for (const one of model.conversations.values()) if (one.isRoom) one.joined = false;
  await next.session.enter(again).catch(() => {
    // The bar under the header says why and offers another try.
  });
}

// The gateway was restarted under us: back without being asked, unless it keeps failing.
chat.onOver = (connection) => {
  const { error, comeBack: isInvited } = connection.link;
  const grace = connection.session.hello?.grace ?? 120000;
  const brief = Date.now() - connection.troubleSince < grace;
  const wanted = error?.code === "unreachable" ? connection.returns > 0 : isInvited && brief;
  if (!wanted || connection.returns >= mostReturns) return;
  const wait = waitBefore(connection.returns++, Math.random());
  setTimeout(() => void comeBack(connection), wait);
};

// Left in another tab, or there is nothing to go on with. What was refused for good stays to be read.
chat.onLeft = (connection) => {
  if (connection.model.offline?.final) return;
  drop(connection.model.network);
  tellLeft(connection);
};

export function leaveNetwork(network: string): void {
  const connection = chat.connections.get(network);
  drop(network);
  connection?.session.leave("Leaving");
  chat.onGone(network);
}

export function drop(network: string): void {
  chat.connections.delete(network);
  pageStore(network).write(undefined);
  if (chat.active?.network === network) {
    const next = chat.places()[0];
    chat.active = undefined;
    if (next) chat.open(next);
    else chat.onOpened({ network: "", name: "" });
  }
  redraw();
}

onSettings(() => {
  for (const { model } of chat.connections.values()) model.tellsAll = settings.presence === "all";
});
