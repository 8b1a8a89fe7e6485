// SPDX-License-Identifier: GPL-3.0-or-later
//
// What this page keeps in the browser: per tab (sessionStorage) its sessions and drafts, for good
// (localStorage) the last nick. Never a password.
import type { EnterRequest, SessionStore, StoredSession } from "../client/index.ts";

const prefix = "halley:session:";
const modelPrefix = "halley:model:";
const requestPrefix = "halley:request:";

function readJson<T>(store: Storage, key: string): T | undefined {
  try {
    const text = store.getItem(key);
    return text ? (JSON.parse(text) as T) : undefined;
  } catch {
    return undefined; // storage is off, or somebody else wrote there
  }
}

function write(store: Storage, key: string, text: string | undefined): void {
  try {
    if (text === undefined) store.removeItem(key);
    else store.setItem(key, text);
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
    read: () => readJson<StoredSession>(sessionStorage, prefix + network),
    write(what) {
      write(sessionStorage, prefix + network, what && JSON.stringify(what));
      if (!what) write(sessionStorage, modelPrefix + network, undefined);
    },
    readModel() {
      // Read once: a page that ends without saving must not find an older state.
      const text = sessionStorage.getItem(modelPrefix + network) ?? undefined;
      write(sessionStorage, modelPrefix + network, undefined);
      return text;
    },
    writeModel: (text) => write(sessionStorage, modelPrefix + network, text),
    readRequest: () => readJson<EnterRequest>(sessionStorage, requestPrefix + network),
    writeRequest: (request) =>
      write(sessionStorage, requestPrefix + network, JSON.stringify(request)),
  };
}

export function storedNetworks(): string[] {
  return Object.keys(sessionStorage)
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
}

// A duplicated tab finds the sessions of the first one. Two pages must not number commands of the
// same session, so the first holds a lock on it. Where there are no locks (plain HTTP on another
// host) the copy is not recognised.
export async function claim(session: string, network: string): Promise<boolean> {
  if (!navigator.locks) return true;
  const patience = new AbortController();
  // After a reload the old page may need a moment to let go.
  const timer = setTimeout(() => patience.abort(), 1000);
  return new Promise((resolve) => {
    navigator.locks
      .request(`halley:${session}`, { signal: patience.signal }, () => {
        clearTimeout(timer);
        const others = livedSessions().filter((one) => one.session !== session);
        write(localStorage, livedKey, JSON.stringify([...others, { session, network }].slice(-20)));
        resolve(true);
        // Held as long as the page lives, or until it leaves by itself.
        return new Promise<void>((release) => releases.set(session, release));
      })
      .catch(() => resolve(false));
  });
}

export function forget(session: string): void {
  releases.get(session)?.();
  releases.delete(session);
  const others = livedSessions().filter((one) => one.session !== session);
  write(localStorage, livedKey, JSON.stringify(others));
}

const releases = new Map<string, () => void>();

const livedKey = "halley:lived";

function livedSessions(): { session: string; network: string }[] {
  return readJson<{ session: string; network: string }[]>(localStorage, livedKey) ?? [];
}

// Sessions of tabs that were closed wait for their page until their grace time is over, and hold
// the nick meanwhile. Entering again ends them first, so that nobody is told his own nick is taken.
export async function endGhosts(base: string, network: string): Promise<void> {
  if (!navigator.locks) return;
  const { held = [] } = await navigator.locks.query();
  const alive = new Set(held.map((lock) => lock.name));
  const kept = livedSessions();
  const ghosts = kept.filter((one) => one.network === network && !alive.has(`halley:${one.session}`));
  if (!ghosts.length) return;
  write(localStorage, livedKey, JSON.stringify(kept.filter((one) => !ghosts.includes(one))));
  const end = ({ session }: { session: string }): Promise<unknown> =>
    fetch(`${base}/sessions/${encodeURIComponent(session)}/leave`, { method: "POST" });
  await Promise.allSettled(ghosts.map(end));
}

export function readDraft(network: string, name: string): string {
  return sessionStorage.getItem(`halley:draft:${network}/${name}`) ?? "";
}
export function writeDraft(network: string, name: string, text: string): void {
  write(sessionStorage, `halley:draft:${network}/${name}`, text || undefined);
}

export interface LastTime {
  network?: string;
  nick?: string;
}
export function lastTime(): LastTime {
  return readJson<LastTime>(localStorage, "halley:last") ?? {};
}
export function rememberLast(what: LastTime): void {
  write(localStorage, "halley:last", JSON.stringify(what));
}
