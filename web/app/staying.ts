// SPDX-License-Identifier: GPL-3.0-or-later
//
// Staying signed in, for who has chosen it: where he was is kept in this browser, and weeks later he is
// taken back there without the card. Passwords are left to the browser (Credential Management API);
// where it has none, the card comes filled in. Loaded only where somebody has chosen it.
import {
  ChatError,
  conversation,
  emptyNetwork,
  type ChatEvent,
  type EnterRequest,
  type Hello,
  type NetworkModel,
} from "../client/index.ts";
import { chat, type Connection } from "./chat.ts";
import { base, connect } from "./connecting.ts";
import { isOurs, isTaken as gaveAnother, loadOffers } from "./entering.ts";
import { drop } from "./leaving.ts";
import { comeBack } from "./returning.ts";
import { endGhosts, ofBrowser, rememberLast } from "./keep.ts";
import { readRoute } from "./route.ts";
import { onSettings, settings } from "./settings.ts";

const longest = 28 * 24 * 60 * 60 * 1000; // ms without a visit, then it is forgotten
const settledWithin = 5000; // ms

interface Stay {
  network: string;
  nick: string;
  account: string; // "": a guest
  rooms: string[];
  at: number;
}

// What PasswordCredential is where a browser has it; TypeScript's library knows only its base.
interface Password extends Credential {
  password: string;
}
declare const PasswordCredential: new (what: { id: string; password: string }) => Password;
const hasPasswords = (): boolean => "PasswordCredential" in globalThis && "credentials" in navigator;

// --- what is kept -----------------------------------------------------------------------------------

const prefix = "halley:stay:";

function kept(): Stay[] {
  const names = Object.keys(ofBrowser ?? {}).filter((name) => name.startsWith(prefix));
  return names.flatMap((name): Stay | [] => {
    try {
      return JSON.parse(ofBrowser?.getItem(name) ?? "[]") as Stay | [];
    } catch {
      return []; // somebody else wrote there
    }
  });
}

function keep(stay: Stay): void {
  try {
    ofBrowser?.setItem(prefix + stay.network, JSON.stringify(stay));
  } catch {
    // Full: then the card comes next time.
  }
}

function note({ model, request }: Connection): void {
  const { network, nick } = model;
  const isLonger = nick.toLowerCase().startsWith(request.nick.toLowerCase()); // where the network helped out
  // A site that signs its visitor in does so again.
  if (!settings.stay || chat.handed || !nick || model.offline?.final) return;
  const rooms = [...model.conversations.values()].filter((one) => one.isRoom && (one.joined || !one.ended));
  const account = request.account || model.account;
  keep({ network, nick: isLonger ? request.nick : nick, account, rooms: rooms.map(({ name }) => name), at: Date.now() });
}

function noteAll(): void {
  for (const connection of chat.connections.values()) note(connection);
}

function forget(network: string): void {
  ofBrowser?.removeItem(prefix + network);
}

export function forgetAll(): void {
  for (const { network } of kept()) forget(network);
  if (hasPasswords()) void navigator.credentials.preventSilentAccess();
}

// --- passwords --------------------------------------------------------------------------------------

export function keepPassword(account: string, password: string): void {
  if (!hasPasswords()) return;
  void navigator.credentials.store(new PasswordCredential({ id: account, password })).catch(() => {});
}

// Of networks that were entered before this was chosen.
export function keepPasswords(): void {
  noteAll();
  for (const { request } of chat.connections.values()) {
    if (request.account && request.password && !chat.handed) keepPassword(request.account, request.password);
  }
}

// "": the browser has none, or has to ask first.
async function passwordOf(account: string): Promise<string> {
  if (!hasPasswords()) return "";
  const silent = { password: true, mediation: "silent" } as CredentialRequestOptions;
  const found = (await navigator.credentials.get(silent).catch(() => null)) as Password | null;
  return found?.id === account ? found.password : "";
}

// --- going back -------------------------------------------------------------------------------------

// To every network that one was on and is not on now.
export async function comeAgain(): Promise<void> {
  for (const connection of chat.connections.values()) if (connection.link.phase === "over") chat.onOver(connection);
  await loadOffers();
  await Promise.all(kept().map(returnTo));
}

async function returnTo(stay: Stay): Promise<void> {
  const { network, nick, account, rooms, at } = stay;
  const offer = chat.offers?.find((one) => one.network === network);
  if (chat.connections.has(network) || chat.handed) return;
  if (!offer || Date.now() - at > longest) return forget(network);
  const password = account && (await passwordOf(account));
  rememberLast({ network, nick, ...(account ? { account } : {}) });
  if (account && !password) return;
  const hadGhosts = await endGhosts(base, network);
  const model = emptyNetwork(network, offer.title, offer.kind);
  model.nick = nick;
  for (const room of rooms) conversation(model, room, true);
  void enter(model, { network, nick, rooms, ...(account ? { account, password } : {}) }, hadGhosts);
  const route = readRoute(new URL(location.href));
  // Where a link leads elsewhere he is led on once he is in.
  if (route?.network === network && route.name && !chat.at(route)) await settled(model);
}

// What is open stands there meanwhile, as after a loss. Where another name has to be chosen, the card does.
async function enter(model: NetworkModel, request: EnterRequest, hadGhosts: boolean): Promise<void> {
  const { network } = request;
  const attempt = (nick = request.nick): Promise<void> => {
    const before = chat.connections.get(network);
    const connection = connect(model, { ...request, nick });
    before?.session.leave();
    return letIn(connection);
  };
  const isTaken = (error: ChatError): boolean => error.code === "nick_in_use";
  try {
    await attempt()
      .catch(async (error: ChatError) => {
        if (!isTaken(error) || !hadGhosts) throw error;
        await (await import("./taking_back.ts")).takeBack(error, request, attempt, () => {});
      })
      .catch((error: ChatError) => {
        if (!isTaken(error) || !settings.alternative) throw error;
        return attempt(settings.alternative);
      });
  } catch {
    const refused = chat.connections.get(network);
    drop(network);
    refused?.session.leave();
  }
}

function letIn(connection: Connection): Promise<void> {
  const { request, session } = connection;
  return new Promise((resolve, reject) => {
    const watch = (from: Connection, event: ChatEvent | Hello): void => {
      if (from !== connection || (event.ev !== "online" && event.ev !== "offline")) return;
      const error = gaveAnother(request.nick, event)
        ? { code: "nick_in_use", text: "" }
        : event.ev === "offline" && isOurs(event.error.code) ? event.error : undefined;
      if (event.ev === "offline" && !error) return; // it is tried again, or the bar says why not
      chat.watchers.delete(watch);
      if (error) reject(new ChatError(error));
      else resolve();
    };
    chat.watchers.add(watch);
    void session.enter(request).catch(() => {});
  });
}

// Resolves when he is in every room or is told why not, or after a while.
function settled(model: NetworkModel): Promise<void> {
  return new Promise((resolve) => {
    const isOpen = (): boolean => [...model.conversations.values()].some((one) => !one.joined && !one.ended);
    const done = (): void => {
      clearTimeout(timer);
      chat.watchers.delete(watch);
      resolve();
    };
    const watch = ({ model: told }: Connection): void => {
      if (told === model && (model.status === "offline" || (model.status === "online" && !isOpen()))) done();
    };
    const timer = setTimeout(done, settledWithin);
    chat.watchers.add(watch);
  });
}

// --- from now on ------------------------------------------------------------------------------------

chat.renew ??= async (request: EnterRequest): Promise<EnterRequest> => {
  const { account = "", password } = request;
  const known = account && !password ? await passwordOf(account) : "";
  return known ? { ...request, password: known } : request;
};

// Away for too long, or a browser that opens its tabs of yesterday: nobody needs to be asked.
const onOver = chat.onOver;
chat.onOver = (connection) => {
  const isLost = connection.link.error?.code === "unknown_session";
  if (settings.stay && isLost && !connection.returns++) void comeBack(connection);
  else onOver(connection);
};

chat.onGone = forget;

chat.watchers.add((connection, event) => {
  const { request } = connection;
  if (event.ev === "online" && request.account && request.password && settings.stay && !chat.handed) {
    keepPassword(request.account, request.password);
  }
  const isOwn = "self" in event && event.self && ["joined", "left", "kicked", "nick"].includes(event.ev);
  if (isOwn || event.ev === "online") note(connection);
});
onSettings(() => settings.stay || forgetAll());
addEventListener("pagehide", noteAll);

noteAll();
