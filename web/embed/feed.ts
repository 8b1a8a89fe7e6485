// SPDX-License-Identifier: GPL-3.0-or-later
//
// What rooms look like from outside: one stream for all badges and embedded rooms of a page, as a browser
// has few connections to a host. Rooms that an embed is in are told by it. The badge and the embed are
// two scripts: whichever comes first makes the feed, the other finds it.
export interface Look {
  network: string;
  room: string;
  state: "online" | "quiet" | "unknown" | "closed"; // closed: may not be watched
  people?: number;
  topic?: string;
  lines?: { from: string; text: string; at: number; action?: boolean }[];
}
type Seen = (look: Look) => void;

const patience = 10000; // ms without the gateway before nothing is known any more
const again = 30000; // ms, about, until a stream that the browser has given up is asked for again
const shared = Symbol.for("halley.feeds");

export const placeOf = (network: string, room: string): string =>
  `${encodeURIComponent(network)}/${encodeURIComponent(room)}`;

export class Feed {
  #viewers = new Map<string, Set<Seen>>();
  #looks = new Map<string, Look>();
  #told = new Map<string, number>(); // rooms that embeds tell, by how many
  #source: EventSource | undefined;
  #asked = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #doubt: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly gateway: string) {}

  // Calls back now, if anything is known, and after each change; returns how to stop.
  watch(network: string, room: string, seen: Seen): () => void {
    const place = placeOf(network, room);
    const viewers = this.#viewers.get(place) ?? new Set();
    this.#viewers.set(place, viewers.add(seen));
    const known = this.#looks.get(place);
    if (known) seen(known);
    this.#later();
    return () => {
      viewers.delete(seen);
      if (!viewers.size) this.#viewers.delete(place);
      this.#later();
    };
  }

  // From an embed that is in the room, until it calls what this returns.
  tell(network: string, room: string): { look: Seen; end(): void } {
    const place = placeOf(network, room);
    this.#told.set(place, (this.#told.get(place) ?? 0) + 1);
    this.#later();
    return {
      look: (look) => this.#show(place, look),
      end: () => {
        const left = (this.#told.get(place) ?? 1) - 1;
        if (left) this.#told.set(place, left);
        else this.#told.delete(place);
        this.#later();
      },
    };
  }

  #show(place: string, look: Look): void {
    this.#looks.set(place, look);
    for (const seen of this.#viewers.get(place) ?? []) seen(look);
  }

  // Many elements come at once.
  #later(ms = 0): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), ms);
  }

  #look(): void {
    const wanted = [...this.#viewers.keys()].filter(
      (place) => !this.#told.has(place) && this.#looks.get(place)?.state !== "closed",
    );
    const asked = wanted.slice(0, 32).join();
    if (asked === this.#asked && this.#source) return;
    this.#source?.close();
    this.#source = undefined;
    this.#asked = asked;
    if (!asked) return;
    const source = (this.#source = new EventSource(`${this.gateway}/watch/v1/rooms?at=${asked}`));
    source.onmessage = ({ data }) => {
      clearTimeout(this.#doubt);
      this.#doubt = undefined;
      const look = JSON.parse(data as string) as Look;
      this.#show(placeOf(look.network, look.room), look);
      if (look.state === "closed") this.#later();
    };
    source.onerror = () => {
      this.#doubt ??= setTimeout(() => this.#unknown(), patience);
      if (source.readyState !== source.CLOSED || source !== this.#source) return;
      this.#source = undefined;
      this.#later(again * (0.5 + Math.random()));
    };
  }

  #unknown(): void {
    for (const [place, { network, room }] of this.#looks) {
      if (!this.#told.has(place)) this.#show(place, { network, room, state: "unknown" });
    }
  }
}

export function feedOf(gateway: string): Feed {
  const page = globalThis as { [shared]?: Map<string, Feed> };
  const feeds = (page[shared] ??= new Map());
  const feed = feeds.get(gateway) ?? new Feed(gateway);
  feeds.set(gateway, feed);
  return feed;
}
