// SPDX-License-Identifier: GPL-3.0-or-later
//
// A name nobody else takes, unguessable: 22 letters, as the gateway wants keys and readers to be.
export function token(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replace(/\W/g, "_").slice(0, 22);
}
