// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tells the gateway how far its events have come: soon, not after each, and not before they are in safe hands.
import type { Environment } from "./environment.ts";
import type { Link } from "./link.ts";

const every = 16; // events
const within = 5000; // ms

export class Acks {
  told = 0; // up to here

  readonly #world: Environment;
  readonly #link: Link;
  readonly #last: () => number | undefined;
  readonly #taken: (() => Promise<void> | undefined) | undefined;
  #timer: unknown;
  #isWaiting = false; // for safe hands

  // `last`: the number of the last event; `taken`: resolves once all so far are in safe hands.
  constructor(
    world: Environment,
    link: Link,
    last: () => number | undefined,
    taken: (() => Promise<void> | undefined) | undefined,
  ) {
    this.#world = world;
    this.#link = link;
    this.#last = last;
    this.#taken = taken;
  }

  schedule(): void {
    const last = this.#last();
    if (last === undefined || !this.#link.kind?.acks) return;
    if (last - this.told >= every) this.#tell();
    else this.#timer ??= this.#world.setTimeout(() => this.#tell(), within);
  }

  #tell(): void {
    this.stop();
    // One wait at a time, however many events come meanwhile: they are acknowledged after it.
    if (this.#isWaiting) return;
    const last = this.#last();
    const send = (): void => {
      this.#isWaiting = false;
      if (last === undefined || last <= this.told) return;
      if (!this.#link.send(`{"ack":${last}}`)) return;
      this.told = last;
      if (last !== this.#last()) this.schedule();
    };
    const taken = this.#taken?.();
    this.#isWaiting = taken !== undefined;
    if (taken) void taken.then(send);
    else send();
  }

  stop(): void {
    this.#world.clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
