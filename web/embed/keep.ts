// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an embedded room keeps in the browser, under the host page's origin: for the tab the session, its
// last lines and drafts, for good the newest drafts, the last nick and that somebody has agreed. Nothing is kept before
// somebody has done something. Where there is no storage (a sandboxed frame) all is forgotten.
import { draftIn, keepDraft as keep, sweepDrafts as sweep } from "../app/drafts.ts";
import type { SessionStore, StoredSession } from "../client/environment.ts";

function storage(kind: "localStorage" | "sessionStorage"): Storage | undefined {
  try {
    return globalThis[kind];
  } catch {
    return undefined;
  }
}

function put(kind: "localStorage" | "sessionStorage", key: string, text: string | undefined): void {
  try {
    if (text) storage(kind)?.setItem(`halley:embed:${key}`, text);
    else storage(kind)?.removeItem(`halley:embed:${key}`);
  } catch {
    // Full: the next page starts anew.
  }
}
const take = (kind: "localStorage" | "sessionStorage", key: string): string =>
  storage(kind)?.getItem(`halley:embed:${key}`) ?? "";

const draftPrefix = "halley:embed:draft:";
// The draft of this tab; where it has none, the one that another tab of this browser wrote last.
export function draft(place: string): string {
  const key = `draft:${place}`;
  const own = take("sessionStorage", key);
  if (own) return own;
  const store = storage("localStorage");
  const text = store ? draftIn(store, draftPrefix + place) : "";
  put("sessionStorage", key, text);
  return text;
}
export function keepDraft(place: string, text: string): void {
  const before = take("sessionStorage", `draft:${place}`);
  put("sessionStorage", `draft:${place}`, text);
  const store = storage("localStorage");
  if (store) keep(store, draftPrefix + place, text, before);
}
export function sweepDrafts(): void {
  const store = storage("localStorage");
  if (store) sweep(store, draftPrefix);
}
export const lastNick = (): string => take("localStorage", "nick");
export const keepNick = (nick: string): void => put("localStorage", "nick", nick);
export const hasAgreed = (gateway: string): boolean => take("localStorage", `agreed:${gateway}`) !== "";
export const keepAgreed = (gateway: string): void => put("localStorage", `agreed:${gateway}`, "yes");
// A session to go on with: then the code for talking is fetched at once.
export const hasSession = (place: string): boolean => take("sessionStorage", `session:${place}`) !== "";

export interface RoomStore extends SessionStore {
  readModel(): string | undefined;
  writeModel(text: string | undefined): void;
}

export function storeOf(place: string): RoomStore {
  return {
    read() {
      const text = take("sessionStorage", `session:${place}`);
      return text ? (JSON.parse(text) as StoredSession) : undefined;
    },
    write(what) {
      put("sessionStorage", `session:${place}`, what && JSON.stringify(what));
      if (!what) put("sessionStorage", `model:${place}`, undefined);
    },
    readModel() {
      // Read once: a page that ends without saving must not find an older state.
      const text = take("sessionStorage", `model:${place}`);
      put("sessionStorage", `model:${place}`, undefined);
      return text || undefined;
    },
    writeModel: (text) => put("sessionStorage", `model:${place}`, text),
  };
}
