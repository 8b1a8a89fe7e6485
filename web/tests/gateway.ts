// SPDX-License-Identifier: GPL-3.0-or-later
//
// A gateway for tests of the session: real HTTP on loopback for long poll, event stream and
// commands, and a WebSocket class that talks to the same session without a wire. One session, no
// network behind it: tests say what happens.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Environment } from "../client/environment.ts";
import type { ChatEvent, EnterRequest, Hello, NumberedCommand } from "../client/wire.ts";

export class FakeGateway {
  log: ChatEvent[] = [];
  commands: NumberedCommand[] = [];
  acks: number[] = [];
  entered = 0;
  left = 0;
  known = true; // false: the session has expired
  requests: EnterRequest[] = [];
  webSockets = true;
  streams = true;
  sockets = new Set<FakeSocket>();
  private server: Server;
  private open = new Set<ServerResponse>();
  private polls: (() => void)[] = [];

  constructor() {
    this.server = createServer((request, answer) => void this.onRequest(request, answer));
  }

  async start(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/chat/v1`;
  }

  async stop(): Promise<void> {
    this.dropAll();
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  environment(more: Partial<Environment> = {}): Environment {
    const gateway = this;
    return {
      fetch,
      WebSocket: class extends FakeSocket {
        constructor(url: string) {
          super(gateway, url);
        }
      } as unknown as Environment["WebSocket"],
      XMLHttpRequest: undefined,
      window: undefined,
      now: () => Date.now(),
      random: () => 0,
      setTimeout: (then, ms) => setTimeout(then, ms),
      clearTimeout: (timer) => clearTimeout(timer as never),
      recall: () => undefined,
      remember: () => {},
      visible: () => false,
      online: () => true,
      watch: () => () => {},
      ...more,
    };
  }

  put(...events: ChatEvent[]): void {
    this.log.push(...events);
    for (const socket of this.sockets) events.forEach((event) => socket.deliver(event));
    for (const stream of this.open) {
      events.forEach((event, i) => this.write(stream, this.log.length - events.length + 1 + i, event));
    }
    for (const wake of this.polls.splice(0)) wake();
  }

  dropAll(): void {
    for (const socket of [...this.sockets]) socket.drop();
    for (const stream of this.open) stream.destroy();
  }

  // Every session is forgotten; who comes is new.
  restart(): void {
    this.incarnation++;
    this.log = [];
    this.dropAll();
  }
  private incarnation = 1;
  enter(request: EnterRequest): Hello {
    this.entered++;
    this.requests.push(request);
    return this.hello(1, false);
  }
  knows(path: string): boolean {
    return this.known && path.includes(`/s${this.incarnation}/`);
  }

  hello(next: number, resumed: boolean): Hello {
    const times = { hold: 200, grace: 1000, heartbeat: 25000 };
    const who = { network: "irc", title: "IRC", kind: "irc" as const, nick: "ada" };
    return { ev: "hello", session: `s${this.incarnation}`, epoch: `e${this.incarnation}`, ...who, next, resumed, ...times };
  }

  onCommand(command: NumberedCommand): void {
    const first = !this.commands.some((one) => one.n === command.n);
    this.commands.push(command);
    if (first && command.do === "say") {
      const said = { from: "ada", text: command.text, at: 1, self: true, echo_of: command.n };
      this.put({ ev: "said", room: command.to, ...said });
    }
    this.put({ ev: "result", n: command.n, ok: true });
  }

  private write(stream: ServerResponse, number: number, event: ChatEvent): void {
    stream.write(`id: e1-${number}\ndata: ${JSON.stringify(event)}\n\n`);
  }

  private async onRequest(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://x");
    const json = (status: number, body: unknown): void => {
      answer.writeHead(status, { "content-type": "application/json" });
      answer.end(JSON.stringify(body));
    };
    let body = "";
    for await (const part of request) body += String(part);
    if (request.method === "DELETE") {
      this.left++;
      answer.writeHead(204).end();
    } else if (url.pathname.endsWith("/sessions")) {
      json(201, this.enter(JSON.parse(body) as EnterRequest));
    } else if (!this.knows(url.pathname)) {
      json(404, { error: { code: "unknown_session", text: "It has ended." } });
    } else if (url.pathname.endsWith("/commands")) {
      const commands = [JSON.parse(body) as NumberedCommand[]].flat();
      for (const command of commands) this.onCommand(command);
      json(200, commands.map(({ n }) => ({ n, ok: true })));
    } else if (request.headers.accept?.includes("event-stream")) {
      if (!this.streams) return void answer.destroy();
      answer.writeHead(200, { "content-type": "text/event-stream" });
      const since = Number(url.searchParams.get("since") ?? 0);
      answer.write(`data: ${JSON.stringify(this.hello(since + 1, since > 0))}\n\n`);
      this.log.slice(since).forEach((event, i) => this.write(answer, since + 1 + i, event));
      this.open.add(answer);
      answer.on("close", () => this.open.delete(answer));
    } else {
      const since = Number(url.searchParams.get("since") ?? 0);
      if (since >= this.log.length) await this.somethingNew(200);
      json(200, { from: since + 1, next: this.log.length + 1, events: this.log.slice(since) });
    }
  }

  private somethingNew(within: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, within);
      this.polls.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

class FakeSocket {
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((close: { code: number }) => void) | null = null;

  constructor(
    private gateway: FakeGateway,
    private url: string,
  ) {
    setTimeout(() => this.open(), 0);
  }

  private open(): void {
    if (!this.gateway.webSockets) return this.drop();
    this.readyState = 1;
    this.onopen?.();
    if (this.url.endsWith("/sessions")) return; // enters in the first frame
    if (!this.gateway.knows(this.url)) return this.drop();
    const since = new URL(this.url).searchParams.get("since");
    this.attach(since === null ? this.gateway.log.length : Number(since), since !== null);
  }

  private attach(since: number, resumed: boolean): void {
    this.receive(this.gateway.hello(since + 1, resumed));
    for (const event of this.gateway.log.slice(since)) this.deliver(event);
    this.gateway.sockets.add(this);
  }

  send(text: string): void {
    const frame = JSON.parse(text) as { ack?: number; do?: string } & NumberedCommand;
    if (frame.ack !== undefined) {
      this.gateway.acks.push(frame.ack);
    } else if ((frame.do as string) === "enter") {
      const { do: _, ...request } = frame as unknown as EnterRequest & { do: string };
      this.receive(this.gateway.enter(request));
      this.gateway.sockets.add(this);
    } else {
      queueMicrotask(() => this.gateway.onCommand(frame));
    }
  }

  deliver(event: ChatEvent): void {
    this.receive(event);
  }
  private receive(what: ChatEvent | Hello): void {
    this.onmessage?.({ data: JSON.stringify(what) });
  }

  close(): void {
    this.drop();
  }
  drop(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.gateway.sockets.delete(this);
    setTimeout(() => this.onclose?.({ code: 1006 }), 0);
  }
}
