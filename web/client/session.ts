// SPDX-License-Identifier: GPL-3.0-or-later
//
// One visitor on one network. Keeps the session over lost connections, reloads and restarts of the
// gateway: knows the cursor, acknowledges, hands every event on once and in order, and sends what is
// unanswered again. Knows no DOM and no words for people.
import { Acks } from "./acks.ts";
import type { SentCommand, Session, SessionOptions } from "./session_port.ts";
import { allCarriers } from "./carriers/all.ts";
import type { CarrierKind } from "./carrier.ts";
import { Commands } from "./commands.ts";
import { memoryStore, surroundings, type Environment, type SessionStore } from "./environment.ts";
import { ChatError, left, unreachable } from "./failure.ts";
import { Link } from "./link.ts";
import { idle, type LinkState } from "./link_state.ts";
import { waitBefore } from "./pace.ts";
import { enterSurely, overHttp, type Requests } from "./requests.ts";
import { token } from "./token.ts";
import { Bearings } from "./whereabouts.ts";
import type { ChatEvent, Command, EnterRequest, Hello, NumberedCommand, ResultEvent } from "./wire.ts";

export type * from "./session_port.ts";

const mostReturns = 12; // new sessions in a row without getting onto the network

export class ChatSession implements Session {
  hello: Hello | undefined;

  readonly #base: string;
  readonly #store: SessionStore;
  readonly #world: Environment;
  readonly #link: Link;
  readonly #commands: Commands;
  readonly #bearings = new Bearings();
  readonly #acks: Acks;
  readonly #options: SessionOptions;
  #requests: Promise<Requests>;

  #reader = "";
  #last: number | undefined;
  #lost: number | undefined; // first number that a new place in the log has left out
  #returns = 0;
  #troubleSince = 0; // when the link was lost; 0: it is open
  #returning = false;
  #entering:
    | { request: EnterRequest; resolve(hello: Hello): void; reject(error: ChatError): void }
    | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#base = options.base;
    this.#store = options.store ?? memoryStore();
    this.#world = options.environment ?? surroundings();
    this.#requests = Promise.resolve(overHttp(this.#world));
    this.#link = new Link(this.#world, options.carriers ?? allCarriers, {
      place: () => this.#place(),
      prepare: (kind) => this.#prepare(kind),
      onHello: (hello) => this.#onHello(hello),
      onOpen: () => this.#commands.sendAgain(),
      onEvent: (number, event) => this.#onNumbered(number, event),
      taken: options.taken,
      onRefused: (error) => this.#onRefused(error),
      onUnreachable: () => this.#onUnreachable(),
      ask: () => void this.do({ do: "ping" }),
      onState: (state) => this.#onState(state),
    });
    this.#acks = new Acks(this.#world, this.#link, () => this.#last, options.taken);
    this.#commands = new Commands({
      send: (frame) => this.#link.send(frame),
      post: async (body) => (await this.#requests).commands(this.#base, this.#id, body),
      isOpen: () => this.state.phase === "open",
      onUnknownSession: (error) => this.#finish(error, true),
      onLost: () => this.#link.lost(),
    });
  }

  get state(): LinkState {
    return this.#link?.state ?? idle;
  }
  get #id(): string {
    return this.hello?.session ?? "";
  }

  // --- beginning --------------------------------------------------------------------------------

  enter(request: EnterRequest): Promise<Hello> {
    this.#bearings.entering(request);
    return new Promise((resolve, reject) => {
      // The key makes one session of a request that is repeated on the way.
      this.#entering = { request: { key: token(), ...request }, resolve, reject };
      this.#link.start();
    });
  }

  adopt(hello: Hello): void {
    this.#onHello(hello);
    this.#link.start();
  }

  attach(session: string): void {
    this.#reader = token();
    this.#commands.numbers.share(this.#world.now(), this.#world.random());
    // Until the gateway says hello, only what it is called is known.
    this.hello = { session, epoch: "", next: 1 } as Hello;
    this.#link.start();
  }

  resume(known = true): boolean {
    const stored = this.#store.read();
    if (!stored) return false;
    this.hello = stored.hello;
    this.#reader = stored.reader ?? "";
    this.#last = known ? stored.last : undefined;
    this.#acks.told = this.#last ?? 0;
    this.#commands.numbers.last = stored.nextNumber - 1;
    this.#commands.numbers.slot = stored.slot ?? 0;
    this.#commands.unanswered = stored.unanswered;
    this.#bearings.restore(stored.whereabouts);
    this.#bearings.found(stored.hello);
    this.#link.start();
    return true;
  }

  // --- asking -----------------------------------------------------------------------------------

  do(command: Command): SentCommand {
    this.#bearings.onCommand(command);
    const sent = this.#commands.add(command);
    if (this.state.phase === "over") this.#commands.settle(sent.n, left());
    else this.save();
    return sent;
  }

  // A command that has its number already; once, however often it is given.
  submit(command: NumberedCommand): void {
    this.#bearings.onCommand(command);
    if (this.state.phase !== "over") this.#commands.submit(command);
  }

  resultOf(n: number): Promise<ResultEvent> {
    return this.#commands.resultOf(n);
  }
  pending(): readonly NumberedCommand[] {
    return this.#commands.unanswered;
  }
  tryNow(): void {
    this.#link.tryNow();
  }

  // Whoever reads has lost track: the gateway tells how everything stands now.
  askForState(): void {
    this.#last = undefined;
    this.#link.renew();
  }

  // --- the end ----------------------------------------------------------------------------------

  leave(reason = ""): void {
    const { hello } = this;
    if (this.state.phase === "over") return;
    this.#returning = false;
    this.#finish(left(), false);
    if (!hello) return;
    void this.#requests.then((ways) => ways.leave(this.#base, hello.session, reason), () => {});
  }

  pause(): void {
    this.save();
    this.#acks.stop();
    this.#link.stop({ phase: "idle" });
  }

  save(): void {
    if (!this.hello || this.state.phase === "over") return;
    const { hello } = this;
    const last = this.#last;
    const reader = this.#reader;
    const commands = this.#commands;
    const { numbers, unanswered } = commands;
    const nextNumber = numbers.last + 1;
    const whereabouts = this.#bearings.save();
    this.#store.write({ hello, last, nextNumber, slot: numbers.slot, reader, unanswered, whereabouts });
  }

  #finish(error: ChatError, comeBack: boolean): void {
    if (this.state.phase === "over") return;
    this.#acks.stop();
    const entering = this.#entering;
    this.#entering = undefined;
    this.#store.write(undefined);
    this.#commands.endAll(error);
    entering?.reject(error);
    if (comeBack && this.#comeBack()) return;
    this.#link.stop({ phase: "over", error, comeBack });
  }

  // The gateway does not know us any more. Who was away for longer than the grace time has left the
  // room for good and may not want to be back; else it was the gateway that went away.
  #comeBack(): boolean {
    const grace = this.hello?.grace ?? 0;
    const away = this.#troubleSince && this.#world.now() - this.#troubleSince;
    const request = this.#bearings.request();
    if (this.#options.returns === false || !request || away > grace) return false;
    if (this.#returns >= mostReturns) return false;
    this.#returning = true;
    this.hello = undefined;
    this.#last = undefined;
    this.#reader = "";
    this.#commands.numbers.last = 0;
    this.#commands.numbers.slot = 0;
    this.#entering = { request: { key: token(), ...request }, resolve() {}, reject() {} };
    this.#link.start(waitBefore(this.#returns++, this.#world.random()));
    return true;
  }

  // --- the link asks ----------------------------------------------------------------------------

  #place() {
    const { hello } = this;
    const since = this.#last;
    const reader = this.#reader;
    const base = this.#base;
    const entering = this.#entering;
    const { hold = 25000, heartbeat = 25000, epoch = "" } = hello ?? {};
    const at = { base, session: this.#id, epoch, since, reader, hold, heartbeat };
    return entering ? { ...at, enter: entering.request } : at;
  }

  #prepare(kind: CarrierKind): Promise<void> | undefined {
    const requests = Promise.resolve(kind.requests?.(this.#world) ?? overHttp(this.#world));
    requests.catch(() => {}); // whoever asks something is told
    this.#requests = requests;
    const entering = this.#entering;
    if (!entering || kind.enters) return undefined;
    return requests.then(async (ways) => {
      const hello = await enterSurely(ways, this.#base, entering.request);
      if (this.#entering === entering) this.#onHello(hello);
    });
  }

  #onRefused(error: ChatError): boolean {
    const passing = error.code === "too_fast" || error.code === "too_many";
    if (passing && (!this.#entering || this.#returning)) return true;
    this.#finish(error, error.code === "unknown_session");
    return false;
  }

  #onUnreachable(): boolean {
    if (!this.#entering || this.#returning) return true;
    this.#finish(unreachable(), false);
    return false;
  }

  #onState(state: LinkState): void {
    if (state.phase === "open") this.#troubleSince = 0;
    else if (state.phase === "waiting") this.#troubleSince ||= this.#world.now();
    this.#options.onState?.(state);
  }

  // --- events -----------------------------------------------------------------------------------

  #onHello(hello: Hello): void {
    const known = this.hello;
    // Another incarnation of the log, or a place in it that is gone: numbers start anew.
    if (!known || known.epoch !== hello.epoch || !hello.resumed) {
      this.#lost = this.#last === undefined ? undefined : this.#last + 1;
      this.#last = hello.next - 1;
      this.#acks.told = this.#last;
    }
    this.hello = hello;
    this.#bearings.found(hello);
    this.save();
    const entering = this.#entering;
    this.#entering = undefined;
    this.#returning = false;
    this.#options.onEvent?.(hello);
    entering?.resolve(hello);
  }

  #onNumbered(number: number, event: ChatEvent): void {
    if (this.#last !== undefined && number <= this.#last) return; // a repeat after a reconnect
    const isJump = this.#last !== undefined && number > this.#last + 1;
    this.#last = number;
    // All readers see the whole log: what another one has lost is no gap of ours.
    if (event.ev === "gap" && event.from && event.from !== this.#lost && !isJump) return;
    this.#bearings.onEvent(event);
    if (event.ev === "online") this.#returns = 0;
    const told = this.#commands.forUs(event, this.#options.relays);
    if (told) this.#options.onEvent?.(told, number);
    if (event.ev === "closing") {
      return this.#finish(new ChatError(event.error), event.come_back === true);
    }
    this.#acks.schedule();
  }
}
