// SPDX-License-Identifier: GPL-3.0-or-later
//
// A WebSocket for XMPP clients that goes on after its connection broke: it stays open for strophe.js,
// Converse.js or xmpp.js while the gateway keeps their place on the server (gateway/dialects/raw.md,
// "Coming back"). For addresses of a Halley gateway only: others do not know the first word it says.
// Sockets of other subprotocols are the browser's own.

const space = "urn:halley:resume:1";
const answers = new RegExp(`^<(\\w+) xmlns="${space}"`);
const ask_after = 16384; // characters said and not known to have arrived
const longest_pause = 8000; // ms between two attempts

const Plain = globalThis.WebSocket;
type Handler = ((event: Event) => void) | null;

const attribute = (frame: string, name: string) => new RegExp(` ${name}="([^"]*)"`).exec(frame)?.[1] ?? "";
const print = (name: string, attributes = "") => `<${name} xmlns="${space}"${attributes}/>`;

export class ResumingWebSocket extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  readonly url: string;
  readonly extensions = "";
  readonly protocol = "xmpp";
  binaryType = "blob";
  readyState = 0;
  onopen: Handler = null;
  onmessage: Handler = null;
  onerror: Handler = null;
  onclose: Handler = null;

  #socket!: WebSocket;
  #attached = true; // what is said goes out at once
  #greeted = false;
  #token = "";
  #keep = 0; // ms for which the gateway waits
  #until = 0;
  #pause = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #has = 0; // frames of the server
  #said: string[] = []; // that the gateway may not have
  #gone = 0; // frames said before those
  #waiting = 0; // characters in them
  #asked = false;

  constructor(url: string | URL, protocols: string | string[] = []) {
    super();
    this.url = String(url);
    if (![protocols].flat().includes("xmpp")) return new Plain(url, protocols) as never;
    this.#connect();
  }

  get bufferedAmount() {
    return this.#socket.bufferedAmount;
  }

  send(frame: string) {
    if (!this.readyState) throw new DOMException("Still connecting", "InvalidStateError");
    if (this.readyState > 1) return;
    if (this.#attached) this.#socket.send(frame);
    if (!this.#greeted) {
      this.#greeted = true; // with <open/>; from here on both sides count
      this.#socket.send(print("enable"));
      return;
    }
    this.#said.push(frame);
    this.#waiting += frame.length;
    if (this.#waiting < ask_after || this.#asked || !this.#attached || !this.#token) return;
    this.#asked = true;
    this.#socket.send(print("r"));
  }

  close(code?: number, reason?: string) {
    if (this.readyState > 1) return;
    this.readyState = 2;
    clearTimeout(this.#timer);
    if (this.#socket.readyState > 1) setTimeout(() => this.#end(1000, "", true));
    else this.#socket.close(code, reason);
  }

  #connect = () => {
    clearTimeout(this.#timer);
    globalThis.removeEventListener?.("online", this.#connect);
    const socket = (this.#socket = new Plain(this.url, "xmpp"));
    socket.onopen = () => {
      if (this.#token) return socket.send(print("resume", ` id="${this.#token}" h="${this.#has}"`));
      this.readyState = 1;
      this.#tell("open", {});
    };
    socket.onmessage = ({ data }) => this.#hear(data);
    socket.onerror = () => this.#token || this.#tell("error", {});
    socket.onclose = ({ code, reason, wasClean }) => {
      if (this.readyState !== 1 || !this.#token || code !== 1006) return this.#end(code, reason, wasClean);
      if (this.#attached) this.#until = Date.now() + this.#keep;
      else if (Date.now() > this.#until) return this.#end(code, reason, wasClean);
      this.#pause = this.#attached ? 0 : Math.min(longest_pause, 2 * this.#pause + 250);
      this.#attached = false;
      this.#timer = setTimeout(this.#connect, this.#pause * (0.5 + Math.random() / 2));
      globalThis.addEventListener?.("online", this.#connect);
    };
  };

  #hear(frame: string) {
    const name = answers.exec(frame)?.[1];
    if (name === "enabled" || name === "resumed") {
      this.#token = attribute(frame, "id");
      this.#keep = 1000 * Number(attribute(frame, "max"));
      if (name === "enabled") return;
      this.#forget(frame);
      this.#attached = true;
      for (const one of this.#said) this.#socket.send(one);
    } else if (name === "a") {
      this.#forget(frame);
    } else if (name === "r") {
      this.#socket.send(print("a", ` h="${this.#has}"`));
    } else if (!name) {
      if (this.#token) ++this.#has;
      this.#tell("message", { data: frame, origin: new URL(this.url).origin });
    } else if (!this.#attached) {
      this.#token = ""; // this place is gone, and the client has to enter again
      this.#socket.onclose = null;
      this.#socket.close();
      this.#end(1006, "", false);
    }
  }

  #forget(frame: string) {
    const count = Number(attribute(frame, "h"));
    for (const one of this.#said.splice(0, count - this.#gone)) this.#waiting -= one.length;
    this.#gone = count;
    this.#asked = false;
  }

  #end(code: number, reason: string, wasClean: boolean) {
    this.readyState = 3;
    this.#tell("close", { code, reason, wasClean });
  }

  #tell(type: "open" | "message" | "error" | "close", fields: object) {
    const event = Object.assign(new Event(type), fields);
    this[`on${type}`]?.(event);
    this.dispatchEvent(event);
  }
}

// Every WebSocket of the page that speaks XMPP is one of these from now on.
export function install() {
  globalThis.WebSocket = ResumingWebSocket as never;
}
