// SPDX-License-Identifier: GPL-3.0-or-later
//
// Onto a network and into its rooms.
import {
  ChatError,
  emptyNetwork,
  networks,
  sharedNames,
  type ChatEvent,
  type EnterRequest,
  type Hello,
  type NetworkInfo,
} from "../client/index.ts";
import { chat, type Connection } from "./chat.ts";
import { base, connect } from "./connecting.ts";
import { redraw } from "./frames.ts";
import { endGhosts, pageStore } from "./keep.ts";
import { resume } from "./resuming.ts";

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
