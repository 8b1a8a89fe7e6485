// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one session of many pages: hands its events to all of them and their commands to the gateway.
// Lives in a SharedWorker or in one of the pages. Keeps no state of the conversation: somebody new
// is told by a page that knows, or by the gateway.
import { allCarriers } from "../carriers/all.ts";
import { surroundings, type Environment, type StoredSession } from "../environment.ts";
import type { ChatError } from "../failure.ts";
import { ChatSession } from "../session.ts";
import type { LinkState } from "../link_state.ts";
import type { ChatEvent, Failure, Hello } from "../wire.ts";
import type { Numbered, PlainState, ToHub, ToPage } from "./messages.ts";

const eventsKept = 500; // for pages that come back from a reload
const answerWithin = 1500; // ms for a page to tell somebody new how things stand
const takenWithin = 1000; // ms; a page that takes longer is asleep and will ask again itself

interface Page {
  visible: boolean;
  taken: number;
  isWhole: boolean; // it knows how everything stands
}

export interface HubOptions {
  base: string;
  carriers?: readonly string[];
  post(message: ToPage): void;
  // Calls back when the page has gone without a word; where that can be known.
  onGone(page: string, then: () => void): void;
  // Shows that there is a session, for other tabs to see; returns how to stop showing it.
  show(): () => void;
  environment?: Environment;
}

export class Hub {
  #pages = new Map<string, Page>();
  #session: ChatSession | undefined;
  #stored: StoredSession | undefined;
  #last = 0;
  #recent: { number: number; event: ChatEvent }[] = [];
  #newcomers = new Map<string, unknown>(); // page -> timer of whoever was asked for it
  #waiters = new Set<() => unknown>();
  #watchers = new Set<() => void>();
  #hide = (): void => {};
  #memory = new Map<string, string>();
  readonly #world: Environment;
  readonly #options: HubOptions;

  constructor(options: HubOptions) {
    this.#options = options;
    const world = options.environment ?? surroundings();
    this.#world = {
      ...world,
      visible: () => [...this.#pages.values()].some(({ visible }) => visible),
      watch: (onChange) => {
        const unwatch = world.watch(onChange);
        this.#watchers.add(onChange);
        return () => {
          unwatch();
          this.#watchers.delete(onChange);
        };
      },
      recall: (key) => this.#memory.get(key) ?? world.recall(key),
      remember: (key, text) => {
        this.#memory.set(key, text);
        this.#tell({ is: "remember", key, text });
      },
    };
  }

  on(message: ToHub): void {
    const { page } = message;
    const session = this.#session;
    switch (message.do) {
      case "enter":
        return this.#enter(page, message.request);
      case "adopt":
        return this.#begin(page, (made) => made.adopt(message.hello));
      case "attach":
        return this.#begin(page, (made) => made.attach(message.session));
      case "join":
        return this.#join(message);
      case "command":
        return session?.submit(message.command);
      case "taken":
        return this.#taken(page, message.number);
      case "restated":
        return this.#welcome(message.for, true, message.last, message.events);
      case "wake":
        this.#seat(page).visible = message.visible;
        return this.#watchers.forEach((onChange) => onChange());
      case "recall":
        return void (message.text !== undefined && this.#memory.set(message.key, message.text));
      case "try_now":
        return session?.tryNow();
      case "leave":
        return session?.leave(message.reason);
      case "bye":
        return this.#gone(page);
    }
  }

  // --- pages come and go ------------------------------------------------------------------------

  #seat(page: string): Page {
    let seat = this.#pages.get(page);
    if (!seat) {
      seat = { visible: false, taken: 0, isWhole: false };
      this.#pages.set(page, seat);
      this.#options.onGone(page, () => this.#gone(page));
      this.#tellPages();
    }
    return seat;
  }
  #tellPages(): void {
    this.#tell({ is: "pages", count: this.#pages.size });
  }

  #gone(page: string): void {
    this.#pages.delete(page);
    this.#tellPages();
    this.#settleTaken();
    if (this.#pages.size || !this.#session) return;
    // The last one may be reloading: whoever comes next goes on from here.
    this.stop();
  }

  stop(): void {
    this.#session?.pause();
    this.#ended();
  }
  #ended(): void {
    this.#session = undefined;
    this.#hide();
    this.#hide = () => {};
  }

  #enter(page: string, request: Parameters<ChatSession["enter"]>[0]): void {
    if (this.#session) return this.#introduce(page);
    this.#begin(page, (made) => {
      made.enter(request).catch((error: ChatError) => {
        this.#tell({ to: page, is: "refused", error: plain(error) });
      });
    });
  }

  #begin(page: string, how: (made: ChatSession) => void): void {
    this.#seat(page).isWhole = true;
    if (this.#session) return this.#introduce(page);
    this.#recent = [];
    this.#last = 0;
    const names = this.#options.carriers;
    const made = new ChatSession({
      carriers: names ? allCarriers.filter(({ name }) => names.includes(name)) : allCarriers,
      base: this.#options.base,
      environment: this.#world,
      relays: true,
      store: { read: () => this.#stored, write: (what) => (this.#stored = what) },
      onEvent: (event, number) => made === this.#session && this.#onEvent(event, number),
      onState: (state) => made === this.#session && this.#onState(state),
      taken: () => this.#untilTaken(),
    });
    this.#session = made;
    this.#hide = this.#options.show();
    how(made);
  }

  #join(message: Extract<ToHub, { do: "join" }>): void {
    const { page, epoch, last, stored } = message;
    const seat = this.#seat(page);
    const hello = this.#session?.hello;
    if (!this.#session) {
      if (!stored) return this.#tell({ to: page, is: "nobody" });
      this.#stored = stored;
      return this.#begin(page, (made) => {
        this.#last = stored.last ?? 0;
        made.resume(stored.last !== undefined);
        this.#welcome(page, false, this.#last, []);
      });
    }
    const first = this.#recent[0]?.number ?? this.#last + 1;
    const isKnown = last !== undefined && hello?.epoch === epoch && last >= first - 1;
    if (!isKnown) return this.#introduce(page);
    seat.isWhole = true;
    this.#welcome(page, false, last, []);
  }

  // Somebody who knows nothing: another page tells how things stand, or else the gateway.
  #introduce(page: string): void {
    this.#seat(page).isWhole = false;
    const others = [...this.#pages].filter(([name, { isWhole }]) => isWhole && name !== page);
    // Whoever has taken most is awake and knows best.
    const [asked] = others.sort(([, a], [, b]) => b.taken - a.taken)[0] ?? [];
    if (!asked) return this.#stateFromGateway(page);
    this.#tell({ to: asked, is: "restate", for: page });
    const late = this.#world.setTimeout(() => this.#stateFromGateway(page), answerWithin);
    this.#newcomers.set(page, late);
  }

  #stateFromGateway(page: string): void {
    this.#welcome(page, true, this.#last, []);
    this.#session?.askForState();
  }

  #welcome(page: string, isFresh: boolean, since: number, state: ChatEvent[]): void {
    this.#world.clearTimeout(this.#newcomers.get(page));
    this.#newcomers.delete(page);
    const session = this.#session;
    const seat = this.#pages.get(page);
    const hello = session?.hello;
    if (!seat || !hello) return; // while it is being entered: everybody will hear
    if (isFresh && seat.isWhole) return; // told already
    seat.isWhole = true;
    seat.taken = this.#last;
    const told: Numbered[] = state.map((event) => ({ number: undefined, event }));
    const missed = this.#recent.filter(({ number }) => number > since);
    this.#tell({
      to: page,
      is: "welcome",
      state: plainState(session.state),
      hello,
      isFresh,
      since,
      events: [...told, ...missed],
    });
  }

  // --- from the session -------------------------------------------------------------------------

  #onEvent(event: ChatEvent | Hello, number: number | undefined): void {
    if (event.ev === "hello") {
      if (!event.resumed) this.#recent = [];
      if (!event.resumed) this.#last = event.next - 1;
      return this.#tell({ is: "hello", hello: event });
    }
    this.#last = number as number;
    this.#recent.push({ number: this.#last, event });
    if (this.#recent.length > 2 * eventsKept) this.#recent = this.#recent.slice(-eventsKept);
    this.#tell({ is: "events", events: [{ number: this.#last, event }] });
  }

  #onState(state: LinkState): void {
    this.#tell({ is: "state", state: plainState(state) });
    if (state.phase === "over") this.#ended();
  }

  // What the gateway may forget must be in the pages: this hub may end with the last of them.
  #untilTaken(): Promise<void> | undefined {
    const number = this.#last;
    const isTaken = (): boolean => [...this.#pages.values()].every(({ taken }) => taken >= number);
    if (isTaken()) return undefined;
    return new Promise((resolve) => {
      const timer = this.#world.setTimeout(() => done(), takenWithin);
      const done = (): void => {
        this.#world.clearTimeout(timer);
        this.#waiters.delete(check);
        resolve();
      };
      const check = (): unknown => isTaken() && done();
      this.#waiters.add(check);
    });
  }
  #taken(page: string, number: number): void {
    const seat = this.#pages.get(page);
    if (seat) seat.taken = Math.max(seat.taken, number);
    this.#settleTaken();
  }
  #settleTaken(): void {
    this.#waiters.forEach((check) => check());
  }

  #tell(message: ToPage): void {
    this.#options.post(message);
  }
}

function plain({ code, field, message: text }: ChatError): Failure {
  return { code, field, text } as Failure;
}

function plainState({ error, ...rest }: LinkState): PlainState {
  return { ...rest, error: error && plain(error) };
}
