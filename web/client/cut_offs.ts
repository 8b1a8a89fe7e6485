// SPDX-License-Identifier: GPL-3.0-or-later
//
// Learns from connections that something between here and the gateway cuts after the same time of
// silence, and asks for something to be sent sooner from then on. Remembered for the origin: the
// next page need not suffer for it.
import type { CarrierKind, Opening } from "./carrier.ts";
import type { Environment } from "./environment.ts";

const key = "halley:cut_offs";
const cutsToBelieve = 3;
const alike = 0.15; // cuts differ by this much at most
const share = 0.7; // of the time that was cut at: what is asked for instead
const shortest = 1000; // ms; the gateway grants no less
const tooSoon = 2000; // ms of silence: such a cut has another reason
const validFor = 7 * 24 * 3600 * 1000;

type Asks = Opening["asks"];

export class CutOffs {
  #learnt: Asks = {};
  #cuts = { hold: [] as number[], heartbeat: [] as number[] };
  readonly #world: Environment;

  constructor(world: Environment) {
    this.#world = world;
    try {
      const kept = JSON.parse(world.recall(key) ?? "{}") as Asks & { at?: number };
      if (world.now() - (kept.at ?? 0) > validFor) return;
      for (const field of ["hold", "heartbeat"] as const) {
        const ms = Number(kept[field]);
        if (ms > 0) this.#learnt[field] = ms;
      }
    } catch {
      // not ours
    }
  }

  asks(kind: CarrierKind): Asks {
    const field = kind.polls ? "hold" : "heartbeat";
    return this.#learnt[field] ? { [field]: this.#learnt[field] } : {};
  }

  // A connection that worked was cut by somebody else after `silence` ms without a byte.
  onCut(kind: CarrierKind, silence: number): void {
    if (silence < tooSoon) return;
    const field = kind.polls ? "hold" : "heartbeat";
    const cuts = this.#cuts[field];
    if (cuts[0] !== undefined && Math.abs(cuts[0] - silence) > alike * cuts[0]) cuts.length = 0;
    cuts.push(silence);
    if (cuts.length < cutsToBelieve) return;
    this.#learnt[field] = Math.max(shortest, Math.round(share * Math.min(...cuts)));
    cuts.length = 0;
    this.#world.remember(key, JSON.stringify({ ...this.#learnt, at: this.#world.now() }));
  }
}
