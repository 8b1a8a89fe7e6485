// SPDX-License-Identifier: GPL-3.0-or-later
//
// One visitor on one network. Keeps the session over lost connections and reloads: opens the best
// carrier that works, remembers the cursor, acknowledges, numbers commands and sends the unanswered
// ones again. Hands every event on once and in order. Knows no DOM and no words for people.
import type { Carrier, CarrierEnd, CarrierKind } from "./carrier.ts";
import { surroundings, type Environment, type SessionStore } from "./environment.ts";
import { memoryStore } from "./environment.ts";
import { eventStream } from "./event_stream.ts";
import { ChatError, failureOf, unreachable } from "./failure.ts";
import { longPoll } from "./long_poll.ts";
import { waitBefore } from "./pace.ts";
import { websocket } from "./websocket.ts";
import type {
  ChatEvent,
  Command,
  EnterRequest,
  Hello,
  NumberedCommand,
  ResultEvent,
} from "./wire.ts";

export const allCarriers: readonly CarrierKind[] = [websocket, eventStream, longPoll];

const ackEvery = 16; // events
const ackWithin = 5000; // ms
const askAfter = 7500; // ms of silence before we ask whether the link lives
const doubtAfter = 10000; // ms of silence before we say so
const giveUpAfter = 20000; // ms of silence before we look for another connection
const commandsPerBody = 64; // the gateway's limit

export interface LinkState {
  phase: "idle" | "connecting" | "open" | "waiting" | "over";
  attempt: number; // failed tries in a row
  retryAt: number | undefined; // waiting: when the next try is due
  quiet: boolean; // open, but nothing has come for a while
  offline: boolean; // the device has no network
  carrier: string | undefined;
  error: ChatError | undefined; // over: why
  comeBack: boolean; // over: a new session may be asked for
}

export interface SentCommand {
  n: number;
  result: Promise<ResultEvent>;
}

export interface SessionOptions {
  base: string; // ".../chat/v1"
  store?: SessionStore;
  carriers?: readonly CarrierKind[];
  environment?: Environment;
  onEvent?: (event: ChatEvent | Hello) => void;
  onState?: (state: LinkState) => void;
}

interface Waiting {
  resolve(result: ResultEvent): void;
  reject(error: ChatError): void;
}

export class ChatSession {
  state: LinkState = {
    phase: "idle",
    attempt: 0,
    retryAt: undefined,
    quiet: false,
    offline: false,
    carrier: undefined,
    error: undefined,
    comeBack: false,
  };
  hello: Hello | undefined;

  private readonly base: string;
  private readonly store: SessionStore;
  private readonly carriers: readonly CarrierKind[];
  private readonly world: Environment;
  private readonly onEvent: (event: ChatEvent | Hello) => void;
  private readonly onState: (state: LinkState) => void;

  private carrier: Carrier | undefined;
  private rung = 0; // index of the carrier in use or tried
  private floor = 0; // better ones have failed where this one worked
  private last: number | undefined;
  private acked = 0;
  private nextNumber = 1;
  private unanswered: NumberedCommand[] = [];
  private waiting = new Map<number, Waiting>();
  private posting = false;
  private unposted: NumberedCommand[] = [];
  private lastHeard = 0;
  private asked = false;
  private ackTimer: ReturnType<typeof setTimeout> | undefined;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private pulseTimer: ReturnType<typeof setTimeout> | undefined;
  private unwatch: () => void = () => {};
  private entering:
    | { request: EnterRequest; resolve(hello: Hello): void; reject(error: ChatError): void }
    | undefined;

  constructor(options: SessionOptions) {
    this.base = options.base;
    this.store = options.store ?? memoryStore();
    this.carriers = options.carriers ?? allCarriers;
    this.world = options.environment ?? surroundings();
    this.onEvent = options.onEvent ?? (() => {});
    this.onState = options.onState ?? (() => {});
  }

  // A new session. Resolves with the gateway's hello; the network's answer follows as events.
  enter(request: EnterRequest): Promise<Hello> {
    this.begin();
    return new Promise((resolve, reject) => {
      this.entering = { request, resolve, reject };
      this.open(0);
    });
  }

  // Goes on with the stored session; false if there is none. With `known` false the present state
  // is asked for instead of what was missed.
  resume(known = true): boolean {
    const stored = this.store.read();
    if (!stored) return false;
    this.hello = stored.hello;
    this.last = known ? stored.last : undefined;
    this.acked = this.last ?? 0;
    this.nextNumber = stored.nextNumber;
    this.unanswered = stored.unanswered;
    this.begin();
    this.open(0);
    return true;
  }

  // Sends a command, now or as soon as there is a connection. The result comes from the gateway's
  // `result` event; it rejects only if the session ends first.
  do(command: Command): SentCommand {
    const n = this.nextNumber++;
    const numbered = { n, ...command } as NumberedCommand;
    const result = new Promise<ResultEvent>((resolve, reject) => {
      this.waiting.set(n, { resolve, reject });
    });
    result.catch(() => {}); // whoever does not wait need not handle
    if (this.state.phase === "over") {
      this.settle(n, new ChatError({ code: "left", text: "You have left." }));
      return { n, result };
    }
    this.unanswered.push(numbered);
    this.save();
    if (this.state.phase === "open") this.transmit([numbered]);
    return { n, result };
  }

  // The result of a command sent before a reload, if it is still unanswered.
  resultOf(n: number): Promise<ResultEvent> {
    return new Promise((resolve, reject) => this.waiting.set(n, { resolve, reject }));
  }

  pending(): readonly NumberedCommand[] {
    return this.unanswered;
  }

  tryNow(): void {
    if (this.state.phase === "waiting") this.open(this.floor);
  }

  // Leaves the network at once. The page may go away right after.
  leave(reason = ""): void {
    const hello = this.hello;
    if (this.state.phase === "over") return;
    this.finish(new ChatError({ code: "left", text: "You have left." }), false);
    if (!hello) return;
    const url = `${this.base}/sessions/${encodeURIComponent(hello.session)}`;
    const query = reason ? `?reason=${encodeURIComponent(reason)}` : "";
    this.world.fetch(url + query, { method: "DELETE", keepalive: true }).catch(() => {});
  }

  // Stops without leaving: the session waits out its grace time for another reader.
  pause(): void {
    this.save();
    this.stop();
    this.change({ phase: "idle" });
  }

  // Writes cursor and unanswered commands to the store; also done at each command and ack.
  save(): void {
    if (!this.hello || this.state.phase === "over") return;
    this.store.write({
      hello: this.hello,
      last: this.last,
      nextNumber: this.nextNumber,
      unanswered: this.unanswered,
    });
  }

  // --- connecting -------------------------------------------------------------------------------

  private begin(): void {
    this.unwatch();
    this.unwatch = this.world.watch(() => this.onWorldChanged());
    this.change({ error: undefined, comeBack: false, offline: !this.world.online() });
  }

  private open(rung: number): void {
    clearTimeout(this.retryTimer);
    const kind = this.carriers[rung];
    if (!kind) return this.retryLater();
    this.change({ phase: "connecting", retryAt: undefined, quiet: false });
    if (this.entering && !kind.enters) return void this.enterByPost(rung);
    this.rung = rung;
    const opening = {
      base: this.base,
      session: this.hello?.session ?? "",
      epoch: this.hello?.epoch ?? "",
      since: this.last,
      hold: this.hello?.hold ?? 25000,
      heartbeat: this.hello?.heartbeat ?? 25000,
      fetch: this.world.fetch,
      WebSocket: this.world.WebSocket,
      ...(this.entering ? { enter: this.entering.request } : {}),
    };
    this.carrier = kind.open(opening, {
      onHello: (hello) => this.onHello(hello),
      onOpen: () => this.onOpen(kind),
      onEvent: (number, event) => this.onNumbered(number, event),
      onAlive: () => this.onAlive(),
      onClosed: (end) => this.onClosed(end),
    });
  }

  private async enterByPost(rung: number): Promise<void> {
    const entering = this.entering;
    if (!entering) return;
    try {
      const answer = await this.world.fetch(`${this.base}/sessions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(entering.request),
      });
      if (!answer.ok) throw await failureOf(answer);
      this.onHello((await answer.json()) as Hello);
      this.open(rung);
    } catch (error) {
      this.finish(error instanceof ChatError ? error : unreachable(), false);
    }
  }

  private onHello(hello: Hello): void {
    const known = this.hello;
    // Another incarnation of the log, or a place in it that is gone: numbers start anew.
    if (!known || known.epoch !== hello.epoch || !hello.resumed) {
      this.last = hello.next - 1;
      this.acked = this.last;
    }
    this.hello = hello;
    this.save();
    this.onEvent(hello);
    const entering = this.entering;
    this.entering = undefined;
    entering?.resolve(hello);
  }

  private onOpen(kind: CarrierKind): void {
    this.floor = this.rung;
    this.lastHeard = this.world.now();
    this.asked = false;
    this.schedulePulse();
    this.unposted = [];
    this.change({ phase: "open", attempt: 0, carrier: kind.name, quiet: false });
    // Questions about the link itself are not worth repeating.
    this.unanswered = this.unanswered.filter((command) => command.do !== "ping");
    this.transmit(this.unanswered);
  }

  private onClosed(end: CarrierEnd): void {
    this.carrier = undefined;
    clearTimeout(this.pulseTimer);
    const error = end.error;
    if (error && error.code !== "unreachable") {
      const passing = error.code === "too_fast" || error.code === "too_many";
      if (!passing || this.entering) return this.finish(error, error.code === "unknown_session");
      return this.retryLater();
    }
    if (end.opened) {
      this.retryLater();
    } else if (this.rung + 1 < this.carriers.length) {
      this.open(this.rung + 1);
    } else {
      this.retryLater();
    }
  }

  private retryLater(): void {
    if (this.entering) return this.finish(unreachable(), false);
    const wait = waitBefore(this.state.attempt, this.world.random());
    // Once in a while the better carriers get another chance.
    if (this.state.attempt % 3 === 2) this.floor = 0;
    this.change({
      phase: "waiting",
      attempt: this.state.attempt + 1,
      retryAt: this.world.now() + wait,
      carrier: undefined,
      quiet: false,
    });
    this.retryTimer = setTimeout(() => this.open(this.floor), wait);
  }

  private onWorldChanged(): void {
    const offline = !this.world.online();
    if (offline !== this.state.offline) this.change({ offline });
    if (offline) return;
    if (this.state.phase === "waiting") this.open(this.floor);
    else if (this.state.phase === "open" && this.world.visible()) this.ask();
  }

  // --- events -----------------------------------------------------------------------------------

  private onNumbered(number: number, event: ChatEvent): void {
    this.onAlive();
    if (this.last !== undefined && number <= this.last) return; // a repeat after a reconnect
    this.last = number;
    if (event.ev === "result") this.onResult(event);
    this.onEvent(event);
    if (event.ev === "closing") {
      return this.finish(new ChatError(event.error), event.come_back === true);
    }
    this.scheduleAck();
  }

  private scheduleAck(): void {
    if (!this.carriers[this.rung]?.acks || this.last === undefined) return;
    if (this.last - this.acked >= ackEvery) this.ack();
    else this.ackTimer ??= setTimeout(() => this.ack(), ackWithin);
  }

  private ack(): void {
    clearTimeout(this.ackTimer);
    this.ackTimer = undefined;
    if (this.last === undefined || this.last <= this.acked) return;
    if (this.carrier?.send(`{"ack":${this.last}}`)) this.acked = this.last;
  }

  // --- is anybody there -------------------------------------------------------------------------

  private onAlive(): void {
    this.lastHeard = this.world.now();
    this.asked = false;
    if (this.state.quiet) this.change({ quiet: false });
  }

  private schedulePulse(): void {
    clearTimeout(this.pulseTimer);
    const silence = this.world.now() - this.lastHeard;
    const due = [askAfter, doubtAfter, giveUpAfter].find((limit) => limit > silence) ?? askAfter;
    this.pulseTimer = setTimeout(() => this.onPulse(), Math.max(due - silence, 250) + 10);
  }

  private onPulse(): void {
    if (this.state.phase !== "open") return;
    const silence = this.world.now() - this.lastHeard;
    if (!this.asked) {
      // Timers of a hidden page stand still, so silence alone proves nothing: ask first.
      if (silence >= askAfter && this.world.visible()) this.ask();
    } else if (silence >= giveUpAfter) {
      this.carrier?.close();
      this.onClosed({ opened: true });
      return;
    } else if (silence >= doubtAfter) {
      this.change({ quiet: true });
    }
    this.schedulePulse();
  }

  private ask(): void {
    if (this.asked) return;
    // From here on silence counts as ours to explain.
    this.lastHeard = Math.max(this.lastHeard, this.world.now() - askAfter);
    this.do({ do: "ping" });
    this.asked = true;
    this.schedulePulse();
  }

  // --- commands ---------------------------------------------------------------------------------

  private transmit(commands: readonly NumberedCommand[]): void {
    for (const command of commands) {
      if (!this.carrier?.send(JSON.stringify(command))) this.unposted.push(command);
    }
    if (this.unposted.length) void this.post();
  }

  private async post(): Promise<void> {
    if (this.posting || !this.hello) return;
    this.posting = true;
    const url = `${this.base}/sessions/${encodeURIComponent(this.hello.session)}/commands`;
    while (this.unposted.length && this.state.phase === "open") {
      const body = this.unposted.splice(0, commandsPerBody);
      try {
        const answer = await this.world.fetch(url, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        });
        if (!answer.ok) {
          const error = await failureOf(answer);
          if (error.code === "unreachable") throw error;
          if (error.code === "unknown_session") return this.finish(error, true);
          for (const { n } of body) this.settle(n, error);
        }
      } catch {
        // Not lost: the next connection sends what is unanswered again. Open one.
        this.carrier?.close();
        if (this.state.phase === "open") this.onClosed({ opened: true });
      }
    }
    this.posting = false;
  }

  private onResult(result: ResultEvent): void {
    this.settle(result.n, result);
  }

  private settle(n: number, outcome: ResultEvent | ChatError): void {
    const at = this.unanswered.findIndex((command) => command.n === n);
    if (at >= 0) this.unanswered.splice(at, 1);
    const waiting = this.waiting.get(n);
    this.waiting.delete(n);
    if (outcome instanceof ChatError) waiting?.reject(outcome);
    else waiting?.resolve(outcome);
  }

  // --- the end ----------------------------------------------------------------------------------

  private stop(): void {
    this.carrier?.close();
    this.carrier = undefined;
    clearTimeout(this.ackTimer);
    clearTimeout(this.retryTimer);
    clearTimeout(this.pulseTimer);
    this.ackTimer = undefined;
    this.unwatch();
  }

  private finish(error: ChatError, comeBack: boolean): void {
    if (this.state.phase === "over") return;
    this.stop();
    this.change({ phase: "over", error, comeBack, carrier: undefined, retryAt: undefined });
    this.store.write(undefined);
    const entering = this.entering;
    this.entering = undefined;
    for (const command of [...this.unanswered]) this.settle(command.n, error);
    entering?.reject(error);
  }

  private change(part: Partial<LinkState>): void {
    this.state = { ...this.state, ...part };
    this.onState(this.state);
  }
}
