// SPDX-License-Identifier: GPL-3.0-or-later
//
// Is anybody there: a link that is silent while somebody looks at the page is asked a question, and
// without an answer it is doubted first, then given up.
import type { Environment } from "./environment.ts";

const askAfter = 7500; // ms of silence before we ask whether the link lives
const doubtAfter = 10000; // ms of silence before we say so
const giveUpAfter = 20000; // ms of silence before we look for another connection

export interface PulseHooks {
  ask(): void;
  onQuiet(isQuiet: boolean): void;
  onDead(): void;
}

export class Pulse {
  heardAt = 0;
  #asked = false;
  #quiet = false;
  #timer: unknown;
  readonly #world: Environment;
  readonly #hooks: PulseHooks;

  constructor(world: Environment, hooks: PulseHooks) {
    this.#world = world;
    this.#hooks = hooks;
  }

  start(): void {
    this.#quiet = false;
    this.heard();
    this.#schedule();
  }
  stop(): void {
    this.#world.clearTimeout(this.#timer);
  }

  heard(): void {
    this.heardAt = this.#world.now();
    this.#asked = false;
    if (this.#quiet) this.#tell(false);
  }

  // Asks now, whatever the silence: the device has just woken up.
  check(): void {
    if (this.#asked) return;
    // From here on silence counts as ours to explain.
    this.heardAt = Math.max(this.heardAt, this.#world.now() - askAfter);
    this.#hooks.ask();
    this.#asked = true;
    this.#schedule();
  }

  #schedule(): void {
    this.stop();
    const silence = this.#world.now() - this.heardAt;
    const due = [askAfter, doubtAfter, giveUpAfter].find((limit) => limit > silence) ?? askAfter;
    this.#timer = this.#world.setTimeout(() => this.#beat(), Math.max(due - silence, 250) + 10);
  }

  #beat(): void {
    const silence = this.#world.now() - this.heardAt;
    if (!this.#asked) {
      // Timers of a hidden page stand still, so silence alone proves nothing: ask first.
      if (silence >= askAfter && this.#world.visible()) this.check();
    } else if (silence >= giveUpAfter) {
      return this.#hooks.onDead();
    } else if (silence >= doubtAfter && !this.#quiet) {
      this.#tell(true);
    }
    this.#schedule();
  }

  #tell(isQuiet: boolean): void {
    this.#quiet = isQuiet;
    this.#hooks.onQuiet(isQuiet);
  }
}
