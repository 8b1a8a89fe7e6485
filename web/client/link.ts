// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keeps one carrier open to the gateway: opens the best that works, opens it again when it is lost,
// wakes up with the device, tries better ones from time to time beside the one in use. Knows what
// a session is called and where it stands only by asking its owner.
import type { Carrier, CarrierEnd, CarrierHooks, CarrierKind, Opening } from "./carrier.ts";
import { CutOffs } from "./cut_offs.ts";
import type { Environment } from "./environment.ts";
import { ChatError, unreachable } from "./failure.ts";
import { Ladder } from "./ladder.ts";
import { idle, type LinkState } from "./link_state.ts";
import { waitBefore } from "./pace.ts";
import { Pulse } from "./pulse.ts";
import type { ChatEvent, Hello } from "./wire.ts";

const stable = 5000; // ms a connection must live so that the next loss counts as the first
const restAfter = 5000; // ms after opening, to load what may be needed later

export interface LinkHooks {
  // What a carrier is opened with now.
  place(): Omit<Opening, "asks" | "world">;
  // Makes the session by a request of its own, for a carrier that cannot. Undefined: there is one.
  prepare(kind: CarrierKind): Promise<void> | undefined;
  onHello(hello: Hello): void;
  onOpen(): void;
  onEvent(number: number, event: ChatEvent): void;
  taken: CarrierHooks["taken"];
  // The gateway said no. True: that will pass, try again.
  onRefused(error: ChatError): boolean;
  // Every carrier has failed. True: go on trying.
  onUnreachable(): boolean;
  ask(): void; // a question that the gateway answers by any event
  onState(state: LinkState): void;
}

interface Attempt {
  kind: CarrierKind;
  carrier: Carrier | undefined;
  openedAt: number;
}

export class Link {
  state = idle;
  #current: Attempt | undefined;
  #beside: Attempt | undefined; // opened while `current` still works, to take its place
  #tries = 0;
  #retryTimer: unknown;
  #climbTimer: unknown;
  #restTimer: unknown; // once a session
  #unwatch: () => void = () => {};
  readonly #ladder: Ladder;
  readonly #cutOffs: CutOffs;
  readonly #pulse: Pulse;
  readonly #world: Environment;
  readonly #hooks: LinkHooks;

  constructor(world: Environment, kinds: readonly CarrierKind[], hooks: LinkHooks) {
    this.#world = world;
    this.#hooks = hooks;
    this.#ladder = new Ladder(kinds.filter((kind) => kind.isPossible(world)));
    this.#cutOffs = new CutOffs(world);
    this.#pulse = new Pulse(world, {
      ask: () => hooks.ask(),
      onQuiet: (quiet) => this.#change({ quiet }),
      onDead: () => this.lost(),
    });
  }

  // At once, or after `wait` ms.
  start(wait = 0): void {
    this.#unwatch();
    this.#unwatch = this.#world.watch(() => this.#onWorldChanged());
    this.#change({ error: undefined, comeBack: false, offline: !this.#world.online() });
    if (wait) this.#openAfter(wait);
    else this.#open(this.#ladder.first());
  }

  stop(part: Partial<LinkState>): void {
    this.#unwatch();
    this.#drop();
    this.#world.clearTimeout(this.#retryTimer);
    this.#world.clearTimeout(this.#restTimer);
    this.#restTimer = undefined;
    this.#change({ carrier: undefined, retryAt: undefined, quiet: false, ...part });
  }

  // On the carrier itself; false if it is one-way or there is none.
  send(frame: string): boolean {
    return this.#current?.carrier?.send(frame) ?? false;
  }
  get kind(): CarrierKind | undefined {
    return this.#current?.kind;
  }

  tryNow(): void {
    if (this.state.phase === "waiting") this.#wake();
  }

  // Opens the same again, at the place where the session is now.
  renew(): void {
    if (this.state.phase === "open") this.#open(this.#current?.kind);
  }

  // What is open is no good: something else showed it.
  lost(): void {
    if (this.state.phase !== "open") return;
    this.#drop();
    this.#retryLater();
  }

  // --- opening ----------------------------------------------------------------------------------

  #wake(): void {
    this.#tries = 0;
    this.#open(this.#ladder.first());
  }

  #open(kind: CarrierKind | undefined): void {
    this.#world.clearTimeout(this.#retryTimer);
    this.#drop();
    if (!kind) return this.#retryLater();
    if (this.state.phase !== "open") {
      this.#change({ phase: "connecting", retryAt: undefined, quiet: false });
    }
    const attempt: Attempt = { kind, carrier: undefined, openedAt: 0 };
    this.#current = attempt;
    const prepared = this.#hooks.prepare(kind);
    if (!prepared) return this.#begin(attempt);
    prepared.then(
      () => this.#current === attempt && this.#begin(attempt),
      (thrown) => {
        const error = thrown instanceof ChatError ? thrown : unreachable();
        if (this.#current === attempt) this.#end(attempt, { opened: false, error });
      },
    );
  }

  #begin(attempt: Attempt): void {
    const world = this.#world;
    const asks = this.#cutOffs.asks(attempt.kind);
    const place = this.#hooks.place();
    const { hold = place.hold, heartbeat = place.heartbeat } = asks;
    const isOurs = (): boolean => attempt === this.#current || attempt === this.#beside;
    attempt.carrier = attempt.kind.open(
      { ...place, hold, heartbeat, asks, world },
      {
        onHello: (hello) => {
          if (!isOurs()) return;
          this.#promote(attempt);
          this.#hooks.onHello(hello);
        },
        onOpen: () => isOurs() && this.#opened(attempt),
        onEvent: (number, event) => {
          if (attempt !== this.#current) return;
          this.#pulse.heard();
          this.#hooks.onEvent(number, event);
        },
        onAlive: () => attempt === this.#current && this.#pulse.heard(),
        onClosed: (end) => {
          if (attempt === this.#beside) this.#beside = undefined;
          else if (attempt === this.#current) this.#end(attempt, end);
        },
        taken: this.#hooks.taken,
      },
    );
    // Whoever heard the first words may have ended it.
    if (!isOurs()) attempt.carrier.close();
  }

  // What was opened beside the one in use works: it takes its place.
  #promote(attempt: Attempt): void {
    if (attempt !== this.#beside) return;
    this.#beside = undefined;
    this.#current?.carrier?.close();
    this.#current = attempt;
  }

  #opened(attempt: Attempt): void {
    this.#promote(attempt);
    attempt.openedAt = this.#world.now();
    this.#ladder.worked(attempt.kind);
    this.#pulse.start();
    this.#scheduleClimb();
    this.#change({ phase: "open", attempt: 0, carrier: attempt.kind.name, quiet: false });
    this.#hooks.onOpen();
  }

  #drop(): void {
    this.#pulse.stop();
    this.#world.clearTimeout(this.#climbTimer);
    this.#current?.carrier?.close();
    this.#beside?.carrier?.close();
    this.#current = this.#beside = undefined;
  }

  #end(attempt: Attempt, { opened, error, recycled }: CarrierEnd): void {
    const { kind } = attempt;
    this.#pulse.stop();
    this.#current = undefined;
    if (error && error.code !== "unreachable") {
      if (this.#hooks.onRefused(error)) this.#retryLater();
    } else if (recycled) {
      this.#open(kind);
    } else if (opened) {
      this.#cutOffs.onCut(kind, this.#world.now() - this.#pulse.heardAt);
      if (this.#world.now() - attempt.openedAt >= stable) this.#tries = 0;
      this.#retryLater();
    } else {
      this.#open(this.#ladder.next());
    }
  }

  #retryLater(): void {
    if (!this.#hooks.onUnreachable()) return;
    const wait = waitBefore(this.#tries, this.#world.random());
    // Once in a while the better carriers get another chance.
    if (this.#tries++ % 3 === 2) this.#ladder.top();
    this.#openAfter(wait);
  }

  #openAfter(wait: number): void {
    this.#drop();
    this.#world.clearTimeout(this.#retryTimer);
    const retryAt = this.#world.now() + wait;
    const none = { carrier: undefined, quiet: false };
    this.#change({ phase: "waiting", attempt: this.#tries, retryAt, ...none });
    this.#retryTimer = this.#world.setTimeout(() => this.#open(this.#ladder.first()), wait);
  }

  // --- better ones, and new ones ----------------------------------------------------------------

  #scheduleClimb(): void {
    this.#world.clearTimeout(this.#climbTimer);
    this.#restTimer ??= this.#world.setTimeout(() => this.#ladder.prepare(), restAfter);
    if (!this.#ladder.better().length) return;
    this.#climbTimer = this.#world.setTimeout(() => this.#climb(), this.#ladder.climbAfter());
  }

  // The best one first, the next better one the next time: one try costs one connection.
  #climb(): void {
    const better = this.#ladder.better();
    const kind = better[this.#climbs++ % better.length];
    if (kind && !this.#beside) this.#openBeside(kind);
    this.#scheduleClimb();
  }
  #climbs = 0;

  #openBeside(kind: CarrierKind): void {
    this.#beside = { kind, carrier: undefined, openedAt: 0 };
    this.#begin(this.#beside);
  }

  #onWorldChanged(): void {
    const offline = !this.#world.online();
    const isBack = this.state.offline && !offline;
    if (offline !== this.state.offline) this.#change({ offline });
    if (offline) return;
    if (isBack) this.#ladder.hope();
    if (this.state.phase === "waiting") {
      if (isBack) this.#ladder.top();
      this.#wake();
    } else if (this.state.phase === "open" && this.#current) {
      // A connection from before may look alive for minutes: have a new one, and keep the better.
      if (isBack && !this.#beside) this.#openBeside(this.#ladder.better()[0] ?? this.#current.kind);
      if (this.#world.visible()) this.#pulse.check();
    }
  }

  #change(part: Partial<LinkState>): void {
    this.state = { ...this.state, ...part };
    this.#hooks.onState(this.state);
  }
}
