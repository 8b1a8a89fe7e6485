// SPDX-License-Identifier: GPL-3.0-or-later
//
// Drafts of a message field. Each tab has its own, which a reload finds again; all of them stay in the
// browser for when their tab was closed, until they are sent or have grown old. The same for the chat page
// and for a room in a page of somebody else.
interface Draft {
  text: string;
  at: number;
}

const tooOld = 30 * 24 * 3600 * 1000; // ms
const mostRooms = 100;
const mostTabs = 5; // a room

// Of one room, the one written last at the end.
function read(store: Storage, key: string): Draft[] {
  try {
    const kept = JSON.parse(store.getItem(key) ?? "[]") as unknown;
    return Array.isArray(kept) ? kept.filter((one: Partial<Draft> | null) => typeof one?.text === "string") : [];
  } catch {
    return []; // somebody else wrote there
  }
}

export const draftIn = (store: Storage, key: string): string => read(store, key).at(-1)?.text ?? "";

// `before`: what this tab had as its draft until now. Only that one is changed or, with no text, ended:
// another tab may have written something else meanwhile.
export function keepDraft(store: Storage, key: string, text: string, before: string): void {
  const others = read(store, key).filter((one) => one.text !== before && one.text !== text);
  const all = text ? [...others, { text, at: Date.now() }] : others;
  try {
    if (all.length) store.setItem(key, JSON.stringify(all.slice(-mostTabs)));
    else store.removeItem(key);
  } catch {
    // Full: what this tab keeps has to do.
  }
}

// Forgets what is old, and the oldest where there are too many.
export function sweepDrafts(store: Storage, prefix: string, now = Date.now()): void {
  Object.keys(store)
    .filter((key) => key.startsWith(prefix))
    .map((key) => ({ key, at: read(store, key).at(-1)?.at ?? 0 }))
    .sort((a, b) => b.at - a.at)
    .forEach(({ key, at }, i) => (i >= mostRooms || now - at > tooOld) && store.removeItem(key));
}
