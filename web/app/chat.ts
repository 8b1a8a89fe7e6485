// SPDX-License-Identifier: GPL-3.0-or-later
//
// The state of the page: which networks we are on, what is open, and what people ask of it. The
// parts of the page subscribe and are told once a frame that something changed.
import type { ReactiveController, ReactiveControllerHost } from "lit";
import {
  appendOwn,
  apply,
  ChatError,
  ChatSession,
  conversation,
  emptyNetwork,
  findConversation,
  markRead,
  networks,
  readSnapshot,
  removeLine,
  settleLost,
  settleOwn,
  takeSnapshot,
  waitBefore,
  type ChatEvent,
  type Command,
  type Conversation,
  type EnterRequest,
  type Hello,
  type LinkState,
  type NetworkInfo,
  type NetworkModel,
  type ResultEvent,
  type SaidKind,
  type SaidLine,
} from "../client/index.ts";
import { claim, endGhosts, forget, pageStore, storedNetworks } from "./keep.ts";

export interface Connection {
  model: NetworkModel;
  session: ChatSession;
  link: LinkState;
  request: EnterRequest; // with its password, which is kept nowhere else
  troubleSince: number; // when the link or the network went away; 0: all is well
  returns: number; // tries to come back with a new session, in a row
}

export interface Place {
  network: string;
  name: string; // "" for the network's own messages
}

const base = `${location.origin}/chat/v1`;
const stale = 2 * 60 * 1000;
const mostReturns = 12; // about two minutes

export class Chat {
  offers: NetworkInfo[] | undefined;
  offersError: ChatError | undefined;
  connections = new Map<string, Connection>();
  active: Place | undefined;
  following = true; // the log stands at its end
  onOpened: (place: Place) => void = () => {};
  onSaid: (where: Conversation, line: SaidLine) => void = () => {};

  private parts = new Set<ReactiveControllerHost>();
  private scheduled = false;
  private cost = 0; // ms of the last drawing
  private watchers = new Set<(network: string, event: ChatEvent | Hello) => void>();
  private held: { place: Place; line: SaidLine }[] = [];
  private wanted = new Map<string, string>(); // network -> room to open once we are in it

  // --- telling the parts ------------------------------------------------------------------------

  attach(part: ReactiveControllerHost): ReactiveController {
    const controller = {
      hostConnected: () => void this.parts.add(part),
      hostDisconnected: () => void this.parts.delete(part),
    };
    part.addController(controller);
    return controller;
  }

  changed(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    // A hidden page has no frames; once a second is enough for its title.
    if (document.hidden) setTimeout(() => this.tell(), 1000);
    // In a flood drawing takes at most every other moment, so that typing stays smooth.
    else if (this.cost > 12) setTimeout(() => requestAnimationFrame(() => this.tell()), this.cost);
    else requestAnimationFrame(() => this.tell());
  }

  private tell(): void {
    this.scheduled = false;
    const began = performance.now();
    for (const part of this.parts) part.requestUpdate();
    // Behind the parts' own microtasks: by then everything stands in the page.
    setTimeout(() => (this.cost = performance.now() - began), 0);
  }

  // --- networks ---------------------------------------------------------------------------------

  async loadOffers(): Promise<void> {
    this.offersError = undefined;
    this.changed();
    try {
      this.offers = await networks(base);
    } catch (error) {
      this.offersError = error as ChatError;
    }
    this.changed();
  }

  // Goes on with the sessions this tab had before a reload.
  async resumeAll(): Promise<void> {
    await Promise.all(storedNetworks().map((network) => this.resume(network)));
  }

  private async resume(network: string): Promise<void> {
    const store = pageStore(network);
    const stored = store.read();
    if (!stored || !(await claim(stored.hello.session, network))) return store.write(undefined);
    const text = store.readModel();
    const model = text ? readSnapshot(text) : undefined;
    const known = model ?? emptyNetwork(network, stored.hello.title, stored.hello.kind);
    known.nick ||= stored.hello.nick ?? "";
    const request = store.readRequest() ?? { network, nick: known.nick };
    const connection = this.connect(known, request);
    settleLost(known, new Set(stored.unanswered.map((command) => command.n)));
    connection.session.resume(model !== undefined);
    if (!model) return;
    for (const room of known.conversations.values()) {
      if (room.isRoom && room.joined) connection.session.do({ do: "names", room: room.name });
    }
  }

  private connect(model: NetworkModel, request: EnterRequest): Connection {
    const network = request.network;
    const { password: _, ...kept } = request;
    const before = this.connections.get(network);
    const store = pageStore(network);
    const session = new ChatSession({
      base,
      store,
      onEvent: (event) => this.onEvent(connection, event),
      onState: (state) => this.onState(connection, state),
    });
    const connection: Connection = {
      model,
      session,
      link: session.state,
      request,
      troubleSince: before?.troubleSince ?? 0,
      returns: before?.returns ?? 0,
    };
    this.connections.set(network, connection);
    store.writeRequest(kept);
    return connection;
  }

  // Enters a network and its rooms. Resolves when the first room is joined (or, without rooms, when
  // online); rejects with what the network or the gateway said, and nothing is left behind.
  async enter(request: EnterRequest, onStage: (stage: "joining") => void): Promise<void> {
    const { network } = request;
    await endGhosts(base, network);
    const before = this.connections.get(network);
    const model = before?.model ?? emptyNetwork(network);
    model.nick ||= request.nick;
    const connection = this.connect(model, request);
    let isEnded = false;
    try {
      await new Promise<void>((resolve, reject) => {
        const watch = (from: string, event: ChatEvent | Hello): void => {
          if (from !== network) return;
          if (isTaken(request.nick, event)) {
            const error = { code: "nick_in_use", field: "nick", text: "" };
            done(() => reject(new ChatError(error)));
          } else if (event.ev === "online") {
            if (request.rooms?.length) onStage("joining");
            else done(resolve);
          } else if (event.ev === "joined" && event.self) {
            done(resolve);
          } else if (event.ev === "offline" && (event.final || isOurs(event.error.code))) {
            isEnded = event.final ?? false;
            done(() => reject(new ChatError(event.error)));
          } else if (event.ev === "error" || event.ev === "closing") {
            done(() => reject(new ChatError(event.error)));
          }
        };
        const done = (then: () => void): void => {
          this.watchers.delete(watch);
          then();
        };
        this.watchers.add(watch);
        connection.session.enter(request).then(
          (hello) => void claim(hello.session, network),
          (error: ChatError) => done(() => reject(error)),
        );
      });
    } catch (error) {
      // What is final has ended the session already; asking again would only be refused.
      if (isEnded) connection.session.pause();
      else connection.session.leave();
      this.connections.delete(network);
      pageStore(network).write(undefined);
      if (before) this.connections.set(network, before);
      this.changed();
      throw error;
    }
    const rooms = [...connection.model.conversations.values()];
    const room = rooms.find((one) => one.isRoom && one.joined) ?? rooms[0];
    this.open({ network, name: room?.name ?? "" });
  }

  cancelEnter(network: string): void {
    const connection = this.connections.get(network);
    const error = { code: "left", text: "" };
    for (const watch of [...this.watchers]) watch(network, { ev: "closing", error });
    connection?.session.leave();
  }

  // After the session has ended: a new one, with the same rooms and the lines that are there.
  async comeBack(connection: Connection): Promise<void> {
    const { model, request } = connection;
    if (this.connections.get(request.network) !== connection) return;
    const rooms = [...model.conversations.values()]
      .filter((one) => one.isRoom && (one.joined || !one.ended))
      .map((one) => one.name);
    const again: EnterRequest = { ...request, nick: model.nick || request.nick, rooms };
    // After a reload the password is gone: better in as a guest than not at all.
    if (!again.password) delete again.account;
    connection.session.leave();
    const next = this.connect(model, again);
    model.status = "connecting";
    model.offline = undefined;
    for (const one of model.conversations.values()) {
      if (one.isRoom) one.joined = false;
      one.ended = undefined;
    }
    try {
      const hello = await next.session.enter(again);
      void claim(hello.session, hello.network);
    } catch {
      // The bar under the header says why and offers another try.
    }
  }

  // The gateway was restarted under us: back without being asked, unless it keeps failing.
  private returnSoon(connection: Connection): void {
    const { error, comeBack } = connection.link;
    const grace = connection.session.hello?.grace ?? 120000;
    const brief = Date.now() - connection.troubleSince < grace;
    const wanted = error?.code === "unreachable" ? connection.returns > 0 : comeBack && brief;
    if (!wanted || connection.returns >= mostReturns) return;
    const wait = waitBefore(connection.returns++, Math.random());
    setTimeout(() => void this.comeBack(connection), wait);
  }

  leaveNetwork(network: string): void {
    this.connections.get(network)?.session.leave("Leaving");
    this.connections.delete(network);
    pageStore(network).write(undefined);
    if (this.active?.network === network) {
      const next = this.places()[0];
      this.active = undefined;
      if (next) this.open(next);
      else this.onOpened({ network: "", name: "" });
    }
    this.changed();
  }

  // --- what is open -----------------------------------------------------------------------------

  places(): Place[] {
    const all: Place[] = [];
    for (const [network, { model }] of this.connections) {
      const ones = [...model.conversations.values()];
      for (const one of [...ones.filter((c) => c.isRoom), ...ones.filter((c) => !c.isRoom)]) {
        all.push({ network, name: one.name });
      }
    }
    return all;
  }

  get connection(): Connection | undefined {
    return this.active && this.connections.get(this.active.network);
  }

  get current(): Conversation | undefined {
    return this.active && this.at(this.active);
  }

  at(place: Place): Conversation | undefined {
    const model = this.connections.get(place.network)?.model;
    if (!model) return undefined;
    return place.name ? findConversation(model, place.name) : model.notices;
  }

  open(place: Place): void {
    const before = this.current;
    const where = this.at(place);
    if (before && before !== where) before.markAt = 0;
    if (where) {
      const firstUnread = where.unread > 0 ? where.readAt : 0;
      if (before !== where) where.markAt = firstUnread;
      where.unread = where === this.connections.get(place.network)?.model.notices ? 0 : where.unread;
    }
    this.active = where ? { network: place.network, name: where.name } : place;
    this.following = true;
    this.onOpened(this.active);
    this.changed();
  }

  talkTo(network: string, nick: string): void {
    const model = this.connections.get(network)?.model;
    if (!model) return;
    conversation(model, nick, false);
    this.open({ network, name: nick });
  }

  seen(): void {
    const { connection, current } = this;
    if (!connection || !current || document.hidden || !document.hasFocus()) return;
    const last = current.lines[current.lines.length - 1];
    const news = current.unread + current.mentions;
    markRead(connection.model, current, last?.at ?? Date.now());
    if (news) this.changed();
  }

  // --- asking -----------------------------------------------------------------------------------

  do(network: string, command: Command): Promise<ResultEvent> {
    const session = this.connections.get(network)?.session;
    if (!session) return Promise.reject(new ChatError({ code: "left", text: "" }));
    return session.do(command).result;
  }

  say(place: Place, text: string, kind: SaidKind = "message"): void {
    const connection = this.connections.get(place.network);
    const where = connection && this.at(place);
    if (!connection || !where || !text) return;
    const command: Command = { do: "say", to: where.name, text };
    if (kind !== "message") command.kind = kind;
    const { model } = connection;
    if (!isReady(model, where) && !where.ended) {
      const n = -(this.held.length + 1); // no command yet, so no number of one
      const line = appendOwn(model, where, { n, text, kind, at: Date.now() });
      where.sending.delete(n);
      this.held.push({ place, line });
      this.following = true;
      return this.changed();
    }
    const { n, result } = connection.session.do(command);
    appendOwn(model, where, { n, text, kind, at: Date.now() });
    result.catch((error: ChatError) => {
      settleOwn(model, where, n, { ok: false, text: error.code === "left" ? "" : error.message });
      this.changed();
    });
    this.following = true;
    this.changed();
  }

  // Written while the network or the room was away: said now, in order. What is older than two
  // minutes may not be meant any more, so its writer decides.
  private release(network: string): void {
    const model = this.connections.get(network)?.model;
    for (const one of this.held.splice(0)) {
      const where = this.at(one.place);
      if (one.place.network !== network || !model || (where && !isReady(model, where))) {
        this.held.push(one);
      } else if (where && one.line.state === "sending") {
        if (Date.now() - one.line.at < stale) this.sayAgain(one.place, one.line);
        else one.line.state = "failed";
        where.version++;
      }
    }
  }

  sayAgain(place: Place, line: SaidLine): void {
    this.discard(place, line);
    this.say(place, line.text, line.kind);
  }

  discard(place: Place, line: SaidLine): void {
    const connection = this.connections.get(place.network);
    const where = connection && this.at(place);
    if (connection && where) removeLine(connection.model, where, line.key);
    this.changed();
  }

  // Joins and opens a room. Resolves with the network's answer.
  async join(network: string, room: string, key?: string): Promise<ResultEvent> {
    const model = this.connections.get(network)?.model;
    const there = model && findConversation(model, room);
    if (there?.joined) {
      this.open({ network, name: there.name });
      return { ev: "result", n: 0, ok: true };
    }
    this.wanted.set(network, room);
    const result = await this.do(network, key ? { do: "join", room, key } : { do: "join", room });
    if (!result.ok) this.wanted.delete(network);
    return result;
  }

  async leave(place: Place, text?: string): Promise<void> {
    const model = this.connections.get(place.network)?.model;
    const where = this.at(place);
    if (!model || !where) return;
    if (where.isRoom && where.joined) {
      const command: Command = { do: "part", room: where.name };
      if (text) command.text = text;
      void this.do(place.network, command);
    }
    const all = this.places();
    const index = all.findIndex((one) => one.network === place.network && one.name === where.name);
    model.conversations.delete(where.name);
    const next = all[index + 1] ?? all[index - 1];
    this.open(next ?? { network: place.network, name: "" });
  }

  note(place: Place, text: string, isError = false): void {
    const model = this.connections.get(place.network)?.model;
    const where = this.at(place);
    if (!model || !where) return;
    const event: ChatEvent = { ev: "error", error: { code: "note", text } };
    if (isError && where.isRoom && where.joined) apply(model, { ...event, room: where.name }, Date.now());
    else {
      where.lines.push({
        type: "info",
        key: ++model.lastKey,
        at: Date.now(),
        info: isError ? { what: "error", text } : { what: "note", text },
      });
      where.version++;
    }
    this.changed();
  }

  // --- what happens -----------------------------------------------------------------------------

  private onEvent(connection: Connection, event: ChatEvent | Hello): void {
    const { model } = connection;
    const now = Date.now();
    apply(model, event, now);
    const network = model.network;
    if (event.ev === "joined" && event.self) {
      const wanted = this.wanted.get(network);
      if (wanted !== undefined) {
        this.wanted.delete(network);
        this.open({ network, name: event.room });
      }
    } else if (event.ev === "left" && event.self && event.room) {
      if (!this.isActive(network, event.room)) model.conversations.delete(event.room);
    } else if (event.ev === "online" || event.ev === "offline") {
      connection.troubleSince = event.ev === "online" ? 0 : connection.troubleSince || now;
      if (event.ev === "online") connection.returns = 0;
    } else if (event.ev === "said" && !event.self) {
      this.heard(connection, event.room ?? event.with ?? "");
    }
    for (const watch of [...this.watchers]) watch(network, event);
    if (this.held.length && (event.ev === "online" || (event.ev === "joined" && event.self))) {
      this.release(network);
    }
    this.changed();
  }

  private heard(connection: Connection, name: string): void {
    const where = connection.model.conversations.get(name);
    const line = where?.lines[where.lines.length - 1];
    if (!where || line?.type !== "said") return;
    this.onSaid(where, line);
    if (this.isActive(connection.model.network, name) && this.following) this.seen();
  }

  private isActive(network: string, name: string): boolean {
    return this.active?.network === network && this.active.name === name;
  }

  private onState(connection: Connection, state: LinkState): void {
    connection.link = state;
    if (state.phase === "over" && connection.session.hello) forget(connection.session.hello.session);
    const well = state.phase === "open" && !state.quiet && !state.offline;
    if (!well) connection.troubleSince ||= Date.now();
    else if (connection.model.status === "online") connection.troubleSince = 0;
    const ours = this.connections.get(connection.model.network) === connection;
    if (state.phase === "over" && ours && state.error?.code !== "left") this.returnSoon(connection);
    this.changed();
  }

  // Before the page goes away: what the next one needs to stand where this one stood.
  save(): void {
    for (const [network, { model, session }] of this.connections) {
      if (session.state.phase === "over") continue;
      session.save();
      pageStore(network).writeModel(takeSnapshot(model));
    }
  }

  // The page lives on: a state that grows old must not be found by a later one.
  forgetSaved(): void {
    for (const network of this.connections.keys()) pageStore(network).writeModel(undefined);
  }
}

function isReady(model: NetworkModel, where: Conversation): boolean {
  return model.status === "online" && (!where.isRoom || where.joined);
}

// Networks help out with a longer name when the one asked for is taken. Somebody who is just
// choosing his name would rather know.
function isTaken(asked: string, event: ChatEvent | Hello): boolean {
  const given =
    event.ev === "online" ? event.nick : event.ev === "joined" && event.self ? event.from : asked;
  return given.length > asked.length && given.toLowerCase().startsWith(asked.toLowerCase());
}

// What the visitor can mend on the sign-in page, so trying again by ourselves is no help.
function isOurs(code: string): boolean {
  return ["nick_in_use", "bad_nick", "bad_password", "account_needed", "banned"].includes(code);
}

export const chat = new Chat();
