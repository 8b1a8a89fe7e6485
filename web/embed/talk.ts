// SPDX-License-Identifier: GPL-3.0-or-later
//
// One visitor on one network, for all embedded rooms of a page and, over tabs, of the site: they share a
// session, so that a second room costs no second connection. Fetched when somebody joins.
import {
  apply,
  ChatError,
  emptyNetwork,
  findConversation,
  Healer,
  readSnapshot,
  restate,
  sameName,
  settleLost,
  sharedNames,
  SharedSession,
  shortName,
  takeSnapshot,
  type ChatEvent,
  type Conversation,
  type Hello,
  type NetworkModel,
} from "../client/index.ts";
import { storeOf } from "./keep.ts";
import { Saying } from "./saying.ts";

type Seen = (event?: ChatEvent | Hello) => void;
export interface Login {
  account: string;
  password: string;
}

const toldWithin = 5000; // ms for another tab or the gateway to say how things stand
// What the visitor can mend himself, so that trying again is no help.
const ours = ["nick_in_use", "bad_nick", "bad_password", "account_needed", "banned"];
const talks = new Map<string, Talk>();

// In a frame of another site a browser may keep the locks from us by which tabs find each other: then each
// has a session of its own.
let tabs: "together" | "apart" = "together";
export async function prepare(): Promise<void> {
  await navigator.locks?.query().catch(() => (tabs = "apart"));
}

export function talkOf(gateway: string, network: string): Talk {
  const key = `${gateway} ${network}`;
  const known = talks.get(key) ?? new Talk(gateway, network);
  talks.set(key, known);
  return known;
}

export class Talk {
  model: NetworkModel;
  session: SharedSession;
  troubleSince = 0; // 0: all is well
  #login: Login | undefined; // for coming back; never stored
  readonly #keys = new Map<string, string>(); // of rooms, likewise
  readonly #base: string;
  readonly #name: string;
  readonly #store;
  readonly #watchers = new Set<Seen>();
  readonly #rooms = new Map<object, string>(); // by the elements that show them
  readonly saying = new Saying(this);
  #goingOn: Promise<boolean> | undefined;

  constructor(
    gateway: string,
    readonly network: string,
  ) {
    this.#base = `${gateway}/chat/v1`;
    // Not the name of the chat page: on the gateway's own site that has a session of its own.
    this.#name = `embed:${network}`;
    this.#store = storeOf(`${gateway}/${network}`);
    this.model = emptyNetwork(network);
    this.session = this.#make();
    addEventListener("pagehide", () => this.#save());
  }

  get isIn(): boolean {
    return this.session.hello !== undefined && this.session.state.phase !== "over";
  }
  get nick(): string {
    return this.model.nick;
  }
  get hasLogin(): boolean {
    return this.#login !== undefined;
  }
  // By the name the host page uses: networks may write more.
  find(room: string): Conversation | undefined {
    const exact = findConversation(this.model, room);
    if (exact) return exact;
    for (const one of this.model.conversations.values()) {
      if (one.isRoom && sameName(shortName(one.name), room)) return one;
    }
    return undefined;
  }
  watch(seen: Seen): () => void {
    this.#watchers.add(seen);
    return () => void this.#watchers.delete(seen);
  }
  tell(event?: ChatEvent | Hello): void {
    for (const seen of [...this.#watchers]) seen(event);
  }

  #make(): SharedSession {
    const { model } = this;
    const session = new SharedSession({
      base: this.#base,
      name: this.#name,
      tabs,
      store: this.#store,
      present: () => restate(model),
      onEvent: (event) => {
        if (session !== this.session) return;
        apply(model, event, Date.now());
        healer.onEvent(event);
        this.saying.sayHeld(event);
        this.tell(event);
      },
      onState: () => {
        if (session !== this.session) return;
        const { phase, quiet, offline } = session.state;
        const isWell = phase === "open" && !quiet && !offline && model.status !== "offline";
        this.troubleSince = isWell ? 0 : this.troubleSince || Date.now();
        if (phase === "over") this.#store.writeModel(undefined);
        this.tell();
      },
    });
    const healer = new Healer(model, (command) => session.do(command), () => this.tell());
    return session;
  }

  // --- onto the network ---------------------------------------------------------------------------

  // Goes on with what this tab had before a reload or other tabs have now. False: there is nothing.
  goOn(): Promise<boolean> {
    this.#goingOn ??= this.#resume().finally(() => (this.#goingOn = undefined));
    return this.#goingOn;
  }

  async #resume(): Promise<boolean> {
    if (this.isIn) return true;
    const stored = this.#store.read();
    if (!stored && (tabs === "apart" || !(await sharedNames(this.#base)).includes(this.#name))) return false;
    const text = this.#store.readModel();
    const known = text ? readSnapshot(text) : undefined;
    if (known) this.model = known;
    this.model.nick ||= stored?.hello.nick ?? "";
    this.session = this.#make();
    settleLost(this.model, new Set(stored?.unanswered.map(({ n }) => n)));
    const told = this.#until((event) => ["online", "offline", "closing"].includes(event.ev), toldWithin);
    this.session.resume(known !== undefined);
    if (!known) await told.catch(() => {});
    for (const room of this.model.conversations.values()) {
      if (known && room.isRoom && room.joined) this.session.do({ do: "names", room: room.name });
    }
    return this.session.state.phase !== "over";
  }

  // Resolves once we are in the room; rejects with what the gateway or the network said.
  async enter(nick: string, room: string, login?: Login, key?: string): Promise<void> {
    if (key) this.#keys.set(room, key);
    if (!this.isIn && !(await this.goOn())) return this.#enter(nick, room, login);
    if (this.find(room)?.joined) return;
    const { ok, error } = await this.session.do({ do: "join", ...this.#entry(room) }).result;
    if (!ok && error) throw new ChatError(error);
  }

  #entry(room: string): { room: string; key?: string } {
    const key = this.#keys.get(room) ?? this.#keys.get(shortName(room));
    return key ? { room, key } : { room };
  }

  async #enter(nick: string, room: string, login: Login | undefined): Promise<void> {
    const before = this.model;
    this.#login = login;
    if (this.session.state.phase === "over") this.session = this.#make();
    let isEnded = false;
    const joined = this.#until((event) => {
      const given = event.ev === "online" ? event.nick : event.ev === "joined" && event.self ? event.from : nick;
      // Networks help out with a longer name when the one asked for is taken.
      if (given.length > nick.length && given.toLowerCase().startsWith(nick.toLowerCase())) {
        throw new ChatError({ code: "nick_in_use", field: "nick", text: "" });
      }
      if (event.ev === "offline" && (event.final || ours.includes(event.error.code))) {
        isEnded = event.final ?? false;
        throw new ChatError(event.error);
      }
      if (event.ev === "error" || event.ev === "closing") throw new ChatError(event.error);
      return event.ev === "joined" && event.self === true;
    });
    try {
      const entered = this.session.enter({ network: this.network, nick, rooms: [this.#entry(room)], ...login });
      await Promise.all([entered, joined]);
    } catch (error) {
      if (isEnded) this.session.pause();
      else this.session.leave();
      this.#store.write(undefined);
      this.model = emptyNetwork(before.network, before.title);
      this.session = this.#make();
      throw error;
    }
  }

  // The first event that `is` is true of; what it throws is the answer, too.
  #until(is: (event: ChatEvent | Hello) => boolean, within?: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (then: () => void): void => {
        stop();
        clearTimeout(timer);
        then();
      };
      const stop = this.watch((event) => {
        try {
          const { phase, error } = this.session.state;
          if (event && is(event)) done(resolve);
          else if (!event && phase === "over") done(() => reject(error));
        } catch (error) {
          done(() => reject(error as Error));
        }
      });
      const timer = within ? setTimeout(() => done(() => reject(new Error("not told"))), within) : undefined;
    });
  }

  // After the session has ended: a new one with the same name, in the rooms that are shown here.
  async again(): Promise<void> {
    const rooms = [...new Set(this.#rooms.values())].map((room) => this.#entry(room));
    this.session.leave();
    this.session = this.#make();
    this.model.status = "connecting";
    this.model.offline = undefined;
    const request = { network: this.network, nick: this.nick, rooms, ...this.#login };
    await this.session.enter(request).catch(() => {});
    this.tell();
  }

  // --- elements -----------------------------------------------------------------------------------

  show(element: object, room: string): void {
    this.#rooms.set(element, room);
  }
  // The element has gone; with the last one that shows a room we leave it, with the last room the network.
  hide(element: object): void {
    const room = this.#rooms.get(element);
    this.#rooms.delete(element);
    const rest = [...this.#rooms.values()];
    if (room === undefined || rest.includes(room)) return;
    if (!rest.length) {
      this.session.leave();
      this.#store.write(undefined);
      this.model = emptyNetwork(this.network, this.model.title);
      this.session = this.#make();
    } else {
      const where = this.find(room);
      if (where?.joined) this.session.do({ do: "part", room: where.name });
      if (where) this.model.conversations.delete(where.name);
    }
    this.tell();
  }

  #save(): void {
    if (!this.isIn) return;
    this.session.save();
    this.#store.writeModel(takeSnapshot(this.model));
  }
}
