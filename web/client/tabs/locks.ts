// SPDX-License-Identifier: GPL-3.0-or-later
//
// The names of the locks (Web Locks) by which the tabs of a browser know of each other.
export const whole = (base: string): string => new URL(base, location.href).href;

export function lockOfHub(base: string, name: string): string {
  // The number is that of what they say to each other: tabs of another version have a hub of theirs.
  return `halley:hub2:${whole(base)}:${name}`;
}
export function lockOfSession(base: string, name: string): string {
  return `halley:session:${whole(base)}:${name}`;
}
export function lockOfPage(page: string): string {
  return `halley:page:${page}`;
}

// Holds a lock, as soon as it can be had, until what is returned is called.
export function hold(name: string, mode: LockMode = "exclusive"): () => void {
  let release = (): void => {};
  const held = new Promise<void>((end) => (release = end));
  void navigator.locks?.request(name, { mode }, () => held);
  return release;
}

// The names of the sessions that tabs have now. Without locks nobody knows.
export async function sharedNames(base: string): Promise<string[]> {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  const prefix = lockOfSession(base, "");
  const names = held.map(({ name = "" }) => name).filter((name) => name.startsWith(prefix));
  return [...new Set(names.map((name) => name.slice(prefix.length)))];
}
