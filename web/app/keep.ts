// SPDX-License-Identifier: GPL-3.0-or-later
//
// What this page keeps in the browser: per tab (sessionStorage) its sessions, for good (localStorage) the
// last nick; drafts (draft.ts) in both. Never a password.
import type { EnterRequest, SessionStore, StoredSession } from "../client/index.ts";

// Where the browser keeps nothing (a frame of another site, often), all is forgotten with the page.
function storage(kind: "localStorage" | "sessionStorage"): Storage | undefined {
  try {
    return globalThis[kind];
  } catch {
    return undefined;
  }
}
export const ofTab = storage("sessionStorage");
export const ofBrowser = storage("localStorage");
// It denies locks as well, but only to who asks for one: without any, this page has its sessions alone.
if (!ofTab) Object.defineProperty(navigator, "locks", { value: undefined });

const prefix = "halley:session:";
const modelPrefix = "halley:model:";
const requestPrefix = "halley:request:";
export const draftPrefix = "halley:draft:";

export function readJson<T>(store: Storage | undefined, key: string): T | undefined {
  try {
    const text = store?.getItem(key);
    return text ? (JSON.parse(text) as T) : undefined;
  } catch {
    return undefined; // storage is off, or somebody else wrote there
  }
}

export function write(store: Storage | undefined, key: string, text: string | undefined): void {
  try {
    if (text === undefined) store?.removeItem(key);
    else store?.setItem(key, text);
  } catch {
    // Full or off: the next page starts anew, which is what it would do without this.
  }
}

export interface PageStore extends SessionStore {
  readModel(): string | undefined;
  writeModel(text: string | undefined): void;
  readRequest(): EnterRequest | undefined;
  writeRequest(request: EnterRequest): void;
}

export function pageStore(network: string): PageStore {
  return {
    read: () => readJson<StoredSession>(ofTab, prefix + network),
    write(what) {
      write(ofTab, prefix + network, what && JSON.stringify(what));
      if (!what) write(ofTab, modelPrefix + network, undefined);
    },
    readModel() {
      // Read once: a page that ends without saving must not find an older state.
      const text = ofTab?.getItem(modelPrefix + network) ?? undefined;
      write(ofTab, modelPrefix + network, undefined);
      return text;
    },
    writeModel: (text) => write(ofTab, modelPrefix + network, text),
    readRequest: () => readJson<EnterRequest>(ofTab, requestPrefix + network),
    writeRequest: (request) =>
      write(ofTab, requestPrefix + network, JSON.stringify(request)),
  };
}

export function storedNetworks(): string[] {
  return Object.keys(ofTab ?? {})
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
}

// A session that tabs of this browser have, as long as it is not told that it is over.
export function remember(session: string, network: string): void {
  const others = livedSessions().filter((one) => one.session !== session);
  write(ofBrowser, livedKey, JSON.stringify([...others, { session, network }].slice(-20)));
}

export function forget(session: string): void {
  const others = livedSessions().filter((one) => one.session !== session);
  write(ofBrowser, livedKey, JSON.stringify(others));
}

export const calmKey = "halley:calm";

const livedKey = "halley:lived";

function livedSessions(): { session: string; network: string }[] {
  return readJson<{ session: string; network: string }[]>(ofBrowser, livedKey) ?? [];
}

// Sessions whose last tab was closed wait for it until their grace time is over, and hold the nick
// meanwhile. Entering again ends them first, so that nobody is told his own nick is taken. For a
// network that no tab is on now. Whether there were any: it takes a moment until the nick is free.
export async function endGhosts(base: string, network: string): Promise<boolean> {
  if (!navigator.locks) return false; // nobody knows which tabs there are
  const kept = livedSessions();
  const ghosts = kept.filter((one) => one.network === network);
  if (!ghosts.length) return false;
  write(ofBrowser, livedKey, JSON.stringify(kept.filter((one) => !ghosts.includes(one))));
  const end = ({ session }: { session: string }): Promise<unknown> =>
    fetch(`${base}/sessions/${encodeURIComponent(session)}/leave`, { method: "POST" });
  await Promise.allSettled(ghosts.map(end));
  return true;
}

// How far each conversation was read, for later visits.
const marksKey = "halley:read";
const mostMarks = 300;

const marks = new Map<string, number>(); // to be written
let marking: ReturnType<typeof setTimeout> | undefined;

export function readMarks(): Record<string, number> {
  return readJson<Record<string, number>>(ofBrowser, marksKey) ?? {};
}
// In a while: what is read is marked with each line, and every other tab is told of what is written.
export function writeMark(network: string, name: string, at: number): void {
  marks.set(`${network}/${name}`, at);
  marking ??= setTimeout(writeMarks, 1000);
}
export function writeMarks(): void {
  clearTimeout(marking);
  marking = undefined;
  const all = new Map(Object.entries(readMarks()));
  for (const [place, at] of marks) {
    all.delete(place);
    all.set(place, at);
  }
  if (marks.size) write(ofBrowser, marksKey, JSON.stringify(Object.fromEntries([...all].slice(-mostMarks))));
  marks.clear();
}

export interface LastTime {
  network?: string;
  nick?: string;
  account?: string; // of who stays signed in, without a password
}
export function lastTime(): LastTime {
  return readJson<LastTime>(ofBrowser, "halley:last") ?? {};
}
export function rememberLast(what: LastTime): void {
  write(ofBrowser, "halley:last", JSON.stringify(what));
}
