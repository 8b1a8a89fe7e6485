// SPDX-License-Identifier: GPL-3.0-or-later
//
// A session that all tabs of the browser have in common, as one of them sees it: the same words as
// ChatSession. What is asked goes to the hub (hub.ts), wherever that lives.
import { Commands } from "../commands.ts";
import { memoryStore, surroundings, type Environment, type SessionStore } from "../environment.ts";
import { ChatError, left } from "../failure.ts";
import { idle, type LinkState } from "../link_state.ts";
import { sessionUrl } from "../requests.ts";
import type { SentCommand, Session } from "../session.ts";
import type { ChatEvent, Command, EnterRequest, Hello, NumberedCommand, ResultEvent } from "../wire.ts";
import { token } from "../token.ts";
import { Bearings } from "../whereabouts.ts";
import { findHub } from "./find_hub.ts";
import type { Numbered, PagePort, PlainState, ToHub, ToPage } from "./messages.ts";
import { ownHub } from "./own_hub.ts";
import type { SharedOptions } from "./shared_options.ts";

type Message = ToHub extends infer One ? (One extends ToHub ? Omit<One, "page"> : never) : never;

export class SharedSession implements Session {
  state: LinkState = idle;
  hello: Hello | undefined;

  readonly #page = token();
  readonly #options: SharedOptions;
  readonly #store: SessionStore;
  readonly #world: Environment;
  readonly #commands: Commands;
  readonly #bearings = new Bearings();
  #port: PagePort | undefined;
  #last: number | undefined;
  #isIn = false; // the hub knows us and we know how everything stands
  #first: Message | undefined; // what we came for, until it is answered
  #pages = 2; // tabs that have the session, for all we know
  #takenDue = false;
  #unwatch: () => void = () => {};
  #entering: { resolve(hello: Hello): void; reject(error: ChatError): void } | undefined;

  constructor(options: SharedOptions) {
    this.#options = options;
    this.#store = options.store ?? memoryStore();
    this.#world = options.environment ?? surroundings();
    this.#commands = new Commands({
      send: (frame) => {
        this.#tell({ do: "command", command: JSON.parse(frame) as NumberedCommand });
        return true;
      },
      post: async () => {},
      isOpen: () => this.#isIn,
      onUnknownSession: () => {},
      onLost: () => {},
    });
    this.#commands.numbers.share(this.#world.now(), this.#world.random());
  }

  enter(request: EnterRequest): Promise<Hello> {
    this.#bearings.entering(request);
    return new Promise((resolve, reject) => {
      this.#entering = { resolve, reject };
      this.#change({ ...idle, phase: "connecting" });
      this.#come({ do: "enter", request });
    });
  }
  adopt(hello: Hello): void {
    this.#come({ do: "adopt", hello });
  }
  attach(session: string): void {
    this.#come({ do: "attach", session });
  }

  // Takes part in what the other tabs have, or goes on with the stored session. Also without a stored
  // one true: whether there is a session shows in the state, "over" or not.
  resume(known = true): boolean {
    const stored = this.#store.read();
    this.hello = stored?.hello;
    this.#last = known ? stored?.last : undefined;
    this.#commands.unanswered = stored?.unanswered ?? [];
    this.#bearings.restore(stored?.whereabouts);
    this.#come(this.#joining());
    return true;
  }

  do(command: Command): SentCommand {
    this.#bearings.onCommand(command);
    const sent = this.#commands.add(command);
    if (this.state.phase === "over") this.#commands.settle(sent.n, left());
    else this.save();
    return sent;
  }
  resultOf(n: number): Promise<ResultEvent> {
    return this.#commands.resultOf(n);
  }
  pending(): readonly NumberedCommand[] {
    return this.#commands.unanswered;
  }
  tryNow(): void {
    this.#tell({ do: "try_now" });
  }

  leave(reason = ""): void {
    if (this.state.phase === "over") return;
    this.#tell({ do: "leave", reason });
    this.#over(left(), false);
  }
  // This tab goes; the session stays for the others.
  pause(): void {
    this.save();
    this.#tell({ do: "bye" });
    this.#stop();
    this.#change({ phase: "idle" });
  }
  save(): void {
    if (!this.hello || this.state.phase === "over") return;
    const { hello } = this;
    const last = this.#last;
    const commands = this.#commands;
    const nextNumber = commands.numbers.last + 1;
    const whereabouts = this.#bearings.save();
    this.#store.write({ hello, last, nextNumber, unanswered: commands.unanswered, whereabouts });
  }

  // --- the way to the hub -----------------------------------------------------------------------

  #come(first: Message): void {
    this.#first = first;
    this.#isIn = false;
    if (this.#port) return this.#tell(first);
    this.#port = this.#find((message) => this.#onMessage(message));
    this.#unwatch = this.#world.watch(() => this.#wake());
    globalThis.addEventListener?.("pagehide", this.#goodbye);
    const key = "halley:cut_offs";
    this.#tell({ do: "recall", key, text: this.#world.recall(key) });
    this.#wake();
    this.#tell(first);
  }

  #find(onMessage: (message: ToPage) => void): PagePort {
    const options = this.#options;
    const page = this.#page;
    if (options.port) return options.port(page, onMessage);
    if (options.tabs === "apart") return ownHub(options, onMessage);
    return findHub(options, page, onMessage);
  }

  // The last tab goes, for all it knows for good; a reload has 5 s to take it back.
  #goodbye = (): void => {
    const { hello } = this;
    if (!hello || this.#pages > 1) return;
    navigator.sendBeacon(sessionUrl(this.#options.base, hello.session) + "/leave?within=5000");
  };

  #wake(): void {
    this.#tell({ do: "wake", visible: this.#world.visible() });
    const offline = !this.#world.online();
    if (offline !== this.state.offline) this.#change({ offline });
  }

  #joining(): Message {
    const { hello } = this;
    const last = this.#last;
    const kept = this.#store.read();
    const stored = kept && { ...kept, last, unanswered: [] };
    return { do: "join", epoch: hello?.epoch ?? "", last, stored };
  }

  #tell(message: Message): void {
    this.#port?.post({ ...message, page: this.#page } as ToHub);
  }

  // --- from the hub -----------------------------------------------------------------------------

  #onMessage(message: ToPage): void {
    if (message.to !== undefined && message.to !== this.#page) return;
    switch (message.is) {
      case "led":
        // What was asked of the hub before may be lost with it.
        if (this.state.phase === "over" || this.state.phase === "idle" && !this.#first) return;
        return this.#come(this.hello ? this.#joining() : (this.#first as Message));
      case "welcome":
        return this.#onWelcome(message);
      case "nobody":
        return this.#over(left(), true);
      case "refused":
        return this.#entering?.reject(new ChatError(message.error));
      case "restate":
        return this.#restate(message.for);
      case "remember":
        return this.#world.remember(message.key, message.text);
      case "pages":
        this.#pages = message.count;
        return;
      case "state":
        return this.#onState(message.state);
      case "hello":
        // Whoever waits to be told how things stand waits on, unless all are told now.
        if (this.#first?.do !== "join" || !message.hello.resumed) this.#onHello(message.hello);
        return;
      case "events":
        if (this.#isIn) this.#onEvents(message.events);
    }
  }

  #onWelcome({ hello, isFresh, since, events, state }: Extract<ToPage, { is: "welcome" }>): void {
    if (this.#isIn) return;
    const request = this.#first?.do === "enter" ? this.#first.request : undefined;
    if (isFresh || this.#last === undefined) {
      this.#last = since;
      this.#onHello({ ...hello, resumed: false, next: since + 1 });
    } else {
      this.#onHello({ ...hello, resumed: true });
    }
    this.#onEvents(events);
    this.#onState(state);
    // Another tab was here first: its session is ours, and our rooms are added.
    if (request) this.#joinRooms(request);
  }

  #onHello(hello: Hello): void {
    const isAnother = this.hello && this.hello.session !== hello.session;
    if (isAnother) this.#commands.endAll(new ChatError({ code: "unknown_session", text: "" }));
    if (!hello.resumed || hello.epoch !== this.hello?.epoch) this.#last = hello.next - 1;
    this.hello = hello;
    const wasIn = this.#isIn;
    this.#first = undefined;
    this.#isIn = true;
    this.#bearings.found(hello);
    this.save();
    this.#options.onEvent?.(hello);
    const entering = this.#entering;
    this.#entering = undefined;
    entering?.resolve(hello);
    if (!wasIn) this.#commands.sendAgain();
  }

  #joinRooms({ rooms = [] }: EnterRequest): void {
    for (const one of rooms) {
      this.do({ do: "join", ...(typeof one === "string" ? { room: one } : one) });
    }
  }

  #onEvents(events: Numbered[]): void {
    for (const { number, event } of events) {
      if (number === undefined) this.#options.onEvent?.(event);
      else this.#onNumbered(number, event);
    }
  }

  #onNumbered(number: number, event: ChatEvent): void {
    if (this.#last !== undefined && number <= this.#last) return;
    this.#last = number;
    this.#bearings.onEvent(event);
    const told = this.#commands.forUs(event);
    if (told) this.#options.onEvent?.(told, number);
    // Many events in one go are confirmed once.
    if (this.#takenDue) return;
    this.#takenDue = true;
    queueMicrotask(() => {
      this.#takenDue = false;
      if (this.#last !== undefined) this.#tell({ do: "taken", number: this.#last });
    });
  }

  #restate(page: string): void {
    const events = this.#options.present?.();
    if (!events || this.#last === undefined) return;
    this.#tell({ do: "restated", for: page, last: this.#last, events });
  }

  #onState({ error, ...state }: PlainState): void {
    const offline = state.offline || !this.#world.online();
    if (state.phase === "over") {
      if (this.state.phase === "over") return;
      return this.#over(error ? new ChatError(error) : left(), state.comeBack);
    }
    this.#change({ ...state, offline, error: undefined });
  }

  #over(error: ChatError, comeBack: boolean): void {
    this.#store.write(undefined);
    this.#entering?.reject(error);
    this.#entering = undefined;
    this.#commands.endAll(error);
    this.#stop();
    this.#change({ ...idle, phase: "over", error, comeBack });
  }
  #stop(): void {
    this.#unwatch();
    globalThis.removeEventListener?.("pagehide", this.#goodbye);
    this.#isIn = false;
    this.#first = undefined;
    this.#port?.close();
    this.#port = undefined;
  }

  #change(part: Partial<LinkState>): void {
    this.state = { ...this.state, ...part };
    this.#options.onState?.(this.state);
  }
}
