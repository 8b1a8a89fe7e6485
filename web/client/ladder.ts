// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which carrier is tried next: the best possible one first, then the next worse. The one that worked
// is the floor from which a lost connection is opened again; better ones get another chance now and
// then.
import type { CarrierKind } from "./carrier.ts";

const firstClimb = 30000; // ms on a lesser carrier before a better one is tried
const lastClimb = 10 * 60000; // between later tries, each wait twice the one before

export class Ladder {
  #rung = 0;
  #floor = 0;
  #patience = firstClimb;
  readonly #kinds: readonly CarrierKind[];

  constructor(kinds: readonly CarrierKind[]) {
    this.#kinds = kinds;
  }

  // Where a new round of tries begins.
  first(): CarrierKind | undefined {
    this.#rung = this.#floor;
    return this.#kinds[this.#rung];
  }
  // The one tried did not open; undefined: that was the last.
  next(): CarrierKind | undefined {
    return this.#kinds[++this.#rung];
  }
  top(): void {
    this.#floor = 0;
  }
  worked(kind: CarrierKind): void {
    const at = this.#kinds.indexOf(kind);
    if (at < this.#floor) this.#patience = firstClimb;
    this.#rung = this.#floor = at;
  }

  prepare(): void {
    for (const kind of this.#kinds) kind.prepare?.();
  }

  // The better carriers than the one in use, best first.
  better(): readonly CarrierKind[] {
    return this.#kinds.slice(0, this.#floor);
  }
  climbAfter(): number {
    const wait = this.#patience;
    this.#patience = Math.min(2 * wait, lastClimb);
    return wait;
  }
  // The device is on another network, perhaps: what was blocked there need not be here.
  hope(): void {
    this.#patience = firstClimb;
  }
}
