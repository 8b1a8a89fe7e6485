// SPDX-License-Identifier: GPL-3.0-or-later
//
// A world whose time a test moves, and carriers that do what a test says.
import type { Carrier, CarrierHooks, CarrierKind, Opening } from "../client/carrier.ts";
import type { Environment } from "../client/environment.ts";
import type { Hello } from "../client/wire.ts";

export class Clock {
  now = 1_000_000;
  kept = new Map<string, string>();
  online = true;
  visible = false;
  private timers: { at: number; then: () => void }[] = [];
  private watchers = new Set<() => void>();

  environment(): Environment {
    return {
      fetch: () => Promise.reject(new TypeError("no network here")),
      WebSocket: undefined,
      XMLHttpRequest: undefined,
      window: undefined,
      now: () => this.now,
      random: () => 0.5,
      setTimeout: (then, ms) => {
        const timer = { at: this.now + ms, then };
        this.timers.push(timer);
        return timer;
      },
      clearTimeout: (timer) => {
        this.timers = this.timers.filter((one) => one !== timer);
      },
      visible: () => this.visible,
      online: () => this.online,
      watch: (onChange) => {
        this.watchers.add(onChange);
        return () => this.watchers.delete(onChange);
      },
      recall: (key) => this.kept.get(key),
      remember: (key, text) => void this.kept.set(key, text),
    };
  }

  // Everything that is due, in its order.
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.timers = this.timers.filter((one) => one !== next);
      this.now = Math.max(this.now, next.at);
      next.then();
    }
    this.now = end;
  }
  change(part: { online?: boolean; visible?: boolean }): void {
    Object.assign(this, part);
    for (const onChange of this.watchers) onChange();
  }
}

export interface Opened {
  at: number;
  opening: Opening;
  hooks: CarrierHooks;
  sent: string[];
  isClosed: boolean;
}

// A kind of carrier that opens when `works`, and otherwise fails at once.
export class FakeCarrier {
  opened: Opened[] = [];
  works = true;
  kind: CarrierKind;

  constructor(clock: Clock, name: string, part: Partial<CarrierKind> = {}) {
    this.kind = {
      name,
      enters: true,
      acks: true,
      polls: false,
      isPossible: () => true,
      open: (opening, hooks): Carrier => {
        const one: Opened = { at: clock.now, opening, hooks, sent: [], isClosed: false };
        this.opened.push(one);
        queueMicrotask(() => {
          if (one.isClosed) return;
          if (!this.works) return hooks.onClosed({ opened: false });
          hooks.onHello(helloAt(opening.since ?? 0));
          hooks.onOpen();
        });
        return {
          send: (frame) => one.sent.push(frame) > 0,
          close: () => void (one.isClosed = true),
        };
      },
      ...part,
    };
  }
  get last(): Opened {
    return this.opened[this.opened.length - 1] as Opened;
  }
  cut(): void {
    this.last.hooks.onClosed({ opened: true });
  }
}

export function helloAt(last: number, part: Partial<Hello> = {}): Hello {
  const who = { session: "s1", epoch: "e1", network: "irc", title: "IRC", kind: "irc" as const };
  const times = { hold: 25000, grace: 60000, heartbeat: 25000 };
  return { ev: "hello", ...who, ...times, nick: "ada", next: last + 1, resumed: last > 0, ...part };
}
