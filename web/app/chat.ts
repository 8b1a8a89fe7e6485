// SPDX-License-Identifier: GPL-3.0-or-later
//
// The state of the page: which networks we are on, what is open and what has been read. How one gets
// onto a network is in entering.ts, what it has there in connecting.ts, how something is said in saying.ts.
import type { TemplateResult } from "lit/html.js";
import {
  apply,
  ChatError,
  findConversation,
  markRead,
  mentions,
  weigh,
  shortName,
  type ChatEvent,
  type Command,
  type Conversation,
  type EnterRequest,
  type Hello,
  type LinkState,
  type NetworkInfo,
  type NetworkModel,
  type ResultEvent,
  type SaidLine,
  type Session,
} from "../client/index.ts";
import { redraw, redrawLater } from "./frames.ts";
import { inOrder } from "./order.ts";
import { forget, pageStore, readMarks, writeMark } from "./keep.ts";
import { isIgnored, settings } from "./settings.ts";

export interface Connection {
  model: NetworkModel;
  session: Session;
  link: LinkState;
  request: EnterRequest; // with its password, which is kept nowhere else
  troubleSince: number; // when the link or the network went away; 0: all is well
  returns: number; // tries to come back with a new session, in a row
}

// Who the page around this one says its visitor is; see handed.ts.
export interface Handed {
  network: string; // "": whichever he chooses
  nick: string;
  account: string;
  token: string;
  line: TemplateResult; // what the card says about it, and after a refusal
  refused: string;
}

export interface Place {
  network: string;
  name: string; // "" for the network's own messages
}

const dwell = 1000; // ms in view until something counts as read

type Watcher = (connection: Connection, event: ChatEvent | Hello) => void;

export class Chat {
  offers: NetworkInfo[] | undefined;
  offersError: ChatError | undefined;
  connections = new Map<string, Connection>();
  active: Place | undefined;
  following = true; // the log stands at its end
  onOpened: (place: Place) => void = () => {};
  onSaid: (place: Place, where: Conversation, line: SaidLine) => void = () => {};
  onRead: (place: Place, where: Conversation) => void = () => {}; // where the network wants to know
  onOver: (connection: Connection) => void = () => {};
  onLeft: (connection: Connection) => void = () => {}; // in another tab
  onGone: (network: string) => void = () => {}; // left here, on purpose
  handed: Handed | undefined;
  giveUp: (() => void) | undefined; // ends what waits to enter once more; see taking_back.ts
  renew: ((request: EnterRequest) => Promise<EnterRequest>) | undefined; // with a token that is still good
  readonly watchers = new Set<Watcher>(); // called after the model has changed
  readonly keys = new Map<string, string>(); // passwords of rooms, see keyOf()

  #came = 0;
  #dwelling: ReturnType<typeof setTimeout> | undefined;
  #wanted = new Map<string, string>(); // network -> room to open once we are in it

  // --- what is open -----------------------------------------------------------------------------

  places(): Place[] {
    const all: Place[] = [];
    for (const [network, { model }] of this.connections) {
      for (const { name } of inOrder(model)) all.push({ network, name });
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

  isActive(network: string, name: string): boolean {
    return this.active?.network === network && this.active.name === name;
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
    this.#came = Date.now();
    this.onOpened(this.active);
    redraw();
  }

  // The reader has come, to the page or to another conversation.
  arrive(): void {
    this.#came = Date.now();
    if (this.following) this.seen();
  }

  // The open conversation is in view and at its end; read after a moment, or when he says so.
  seen(wait = dwell): void {
    const { active, current } = this;
    if (!active || !current || document.hidden || !document.hasFocus()) return;
    const left = this.#came + wait - Date.now();
    clearTimeout(this.#dwelling);
    if (left <= 0) this.markRead(active, current);
    else this.#dwelling = setTimeout(() => this.following && this.seen(), left);
  }

  markRead(place: Place, where: Conversation): void {
    const model = this.connections.get(place.network)?.model;
    if (!model) return;
    const last = where.lines[where.lines.length - 1];
    const news = where.unread + where.mentions;
    markRead(model, where, last?.at ?? Date.now());
    if (!news) return;
    writeMark(place.network, where.name, where.readAt);
    if (model.features.has("read_markers")) this.onRead(place, where);
    redrawLater();
  }

  // --- asking -----------------------------------------------------------------------------------

  do(network: string, command: Command): Promise<ResultEvent> {
    const session = this.connections.get(network)?.session;
    if (!session) return Promise.reject(new ChatError({ code: "left", text: "" }));
    return session.do(command).result;
  }

  // Of a room as somebody typed it, or as the network spells it.
  keyOf(network: string, room: string): string | undefined {
    return this.keys.get(`${network}/${shortName(room).toLowerCase()}`);
  }
  keepKey(network: string, room: string, key?: string): void {
    if (key) this.keys.set(`${network}/${shortName(room).toLowerCase()}`, key);
  }

  // Joins and opens a room. Resolves with the network's answer.
  async join(network: string, room: string, key = this.keyOf(network, room)): Promise<ResultEvent> {
    const model = this.connections.get(network)?.model;
    // Where names of rooms begin with a sign, it need not be typed.
    const signs = model?.roomPrefixes ?? "";
    if (signs && !signs.includes(room.charAt(0))) room = `${signs.includes("#") ? "#" : signs.charAt(0)}${room}`;
    const there = model && findConversation(model, room);
    if (there?.joined) {
      this.open({ network, name: there.name });
      return { ev: "result", n: 0, ok: true };
    }
    this.#wanted.set(network, room);
    const result = await this.do(network, key ? { do: "join", room, key } : { do: "join", room });
    if (!result.ok) this.#wanted.delete(network);
    else this.keepKey(network, room, key);
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
    if (!this.isActive(place.network, where.name)) return redraw();
    const next = all[index + 1] ?? all[index - 1];
    this.open(next ?? { network: place.network, name: "" });
  }

  // A line of the page's own in the log: an answer to a command, or what went wrong with it.
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
    redraw();
  }

  // --- what happens -----------------------------------------------------------------------------

  onEvent(connection: Connection, event: ChatEvent | Hello): void {
    const { model } = connection;
    const now = Date.now();
    apply(model, event, now);
    const network = model.network;
    if (event.ev === "joined" && event.self) {
      this.#restoreMark(network, event.room);
      const wanted = this.#wanted.get(network);
      if (wanted !== undefined) {
        this.#wanted.delete(network);
        this.open({ network, name: event.room });
      }
    } else if (event.ev === "left" && event.self && event.room) {
      if (!this.isActive(network, event.room)) model.conversations.delete(event.room);
    } else if (event.ev === "online" || event.ev === "offline") {
      connection.troubleSince = event.ev === "online" ? 0 : connection.troubleSince || now;
      if (event.ev === "online") connection.returns = 0;
    } else if (event.ev === "said" && !event.self) {
      this.#heard(connection, event.room ?? event.with ?? "", event.replayed);
    }
    for (const watch of [...this.watchers]) watch(connection, event);
    redrawLater();
  }

  // What an earlier visit had read already is not new.
  #restoreMark(network: string, name: string): void {
    const where = this.at({ network, name });
    if (where) where.readAt ||= readMarks()[`${network}/${name}`] ?? 0;
  }

  #heard(connection: Connection, name: string, isReplayed = false): void {
    const { model } = connection;
    const where = model.conversations.get(name);
    const line = where?.lines[where.lines.length - 1];
    if (!where || line?.type !== "said") return;
    if (isIgnored(model.network, where, line.from)) return;
    // What was missed is in the log and counted, and is not told as if it were said now.
    if (!isReplayed) this.onSaid({ network: model.network, name }, where, line);
    if (this.isActive(model.network, name) && this.following) this.seen();
  }

  onState(connection: Connection, state: LinkState): void {
    connection.link = state;
    if (state.phase === "over" && connection.session.hello) forget(connection.session.hello.session);
    const well = state.phase === "open" && !state.quiet && !state.offline;
    if (!well) connection.troubleSince ||= Date.now();
    else if (connection.model.status === "online") connection.troubleSince = 0;
    const ours = this.connections.get(connection.model.network) === connection;
    if (state.phase === "over" && ours) {
      if (state.error?.code === "left") this.onLeft(connection);
      else this.onOver(connection);
    }
    redraw();
  }

  // The page lives on: a state that grows old must not be found by a later one.
  forgetSaved(): void {
    for (const network of this.connections.keys()) pageStore(network).writeModel(undefined);
  }
}

weigh(({ network }, where, line) => {
  const isNews = !isIgnored(network, where, line.from);
  line.mention = isNews && (line.mention || settings.words.some((word) => mentions(line.text, word, line.spans)));
  return isNews;
});

export const chat = new Chat();
