// SPDX-License-Identifier: GPL-3.0-or-later
//
// What has been asked of the gateway and not yet answered: numbered, sent, sent again over the next
// connection until its result has come. The gateway carries each number out once.
import { ChatError } from "./failure.ts";
import { Numbers } from "./numbers.ts";
import type { ChatEvent, Command, NumberedCommand, ResultEvent } from "./wire.ts";

const commandsPerBody = 64; // the gateway's limit

export interface CommandHooks {
  // On the carrier; false if it is one-way.
  send(frame: string): boolean;
  // As a request of its own; rejects with a ChatError.
  post(body: readonly NumberedCommand[]): Promise<void>;
  isOpen(): boolean;
  onUnknownSession(error: ChatError): void;
  onLost(): void;
}

interface Waiting {
  resolve(result: ResultEvent): void;
  reject(error: ChatError): void;
}

export class Commands {
  numbers = new Numbers();
  unanswered: NumberedCommand[] = [];
  #waiting = new Map<number, Waiting>();
  #unposted: NumberedCommand[] = [];
  #posting = false;
  readonly #hooks: CommandHooks;

  constructor(hooks: CommandHooks) {
    this.#hooks = hooks;
  }

  add(command: Command): { n: number; result: Promise<ResultEvent> } {
    const n = this.numbers.next();
    const result = this.resultOf(n);
    this.submit({ n, ...command } as NumberedCommand);
    return { n, result };
  }

  submit(command: NumberedCommand): void {
    if (this.unanswered.some(({ n }) => n === command.n)) return;
    this.unanswered.push(command);
    if (this.#hooks.isOpen()) this.#transmit([command]);
  }

  resultOf(n: number): Promise<ResultEvent> {
    const result = new Promise<ResultEvent>((resolve, reject) => {
      this.#waiting.set(n, { resolve, reject });
    });
    result.catch(() => {}); // whoever does not wait need not handle
    return result;
  }

  isOurs(n: number): boolean {
    return this.numbers.owns(n) || this.#waiting.has(n);
  }

  // Several pages and browsers may write to one session: answers to another's commands are not for
  // us, and what another said is an own line like any other. `isRelay`: they are for somebody behind us.
  forUs(event: ChatEvent, isRelay = false): ChatEvent | undefined {
    if (isRelay) {
      if (event.ev === "result") this.settle(event.n, event);
      return event;
    }
    if (event.ev === "said" && event.echo_of && !this.isOurs(event.echo_of)) {
      this.numbers.seen(event.echo_of);
      const { echo_of: _, ...line } = event;
      return line;
    }
    if (!("n" in event) || event.n === undefined) return event;
    if (!this.isOurs(event.n)) return void this.numbers.seen(event.n);
    if (event.ev === "result") this.settle(event.n, event);
    return event;
  }

  // There is a connection again.
  sendAgain(): void {
    this.#unposted = [];
    // Questions about the link itself are not worth repeating.
    this.unanswered = this.unanswered.filter((command) => command.do !== "ping");
    this.#transmit(this.unanswered);
  }

  settle(n: number, outcome: ResultEvent | ChatError): void {
    const at = this.unanswered.findIndex((command) => command.n === n);
    if (at >= 0) this.unanswered.splice(at, 1);
    const waiting = this.#waiting.get(n);
    this.#waiting.delete(n);
    if (outcome instanceof ChatError) waiting?.reject(outcome);
    else waiting?.resolve(outcome);
  }

  // The session has ended under them.
  endAll(error: ChatError): void {
    this.#unposted = [];
    for (const n of [...this.#waiting.keys()]) this.settle(n, error);
    this.unanswered = [];
  }

  #transmit(commands: readonly NumberedCommand[]): void {
    for (const command of commands) {
      if (!this.#hooks.send(JSON.stringify(command))) this.#unposted.push(command);
    }
    if (this.#unposted.length) void this.#post();
  }

  // One body under way at a time, so that order is kept.
  async #post(): Promise<void> {
    if (this.#posting) return;
    this.#posting = true;
    while (this.#unposted.length && this.#hooks.isOpen()) {
      const body = this.#unposted.splice(0, commandsPerBody);
      try {
        await this.#hooks.post(body);
      } catch (thrown) {
        const error = thrown as ChatError;
        if (error.code === "unreachable") {
          // Not lost: the next connection sends what is unanswered again. Open one.
          this.#hooks.onLost();
        } else if (error.code === "unknown_session") {
          this.#hooks.onUnknownSession(error);
        } else {
          for (const { n } of body) this.settle(n, error);
        }
      }
    }
    this.#posting = false;
  }
}
