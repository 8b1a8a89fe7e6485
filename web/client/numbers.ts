// SPDX-License-Identifier: GPL-3.0-or-later
//
// The numbers of our commands. They count up from 1 in a session. Where several browsers write to
// one session each takes numbers of its own: a slot below, and above it a clock, so that they stay
// near each other in the gateway's window of results whoever writes more.
const slots = 2 ** 20;

export class Numbers {
  last = 0; // the highest one we used
  slot = 0; // 0: who entered

  next(): number {
    return (this.last += 1 + (this.#apart ? slots - 1 : 0));
  }

  get #apart(): boolean {
    return this.last >= slots;
  }

  // From now on beside others, in a slot of our own. 2^31 s and 2^20 slots fit into 53 bits.
  share(now: number, random: number): void {
    this.slot = 1 + Math.floor(random * (slots - 2));
    this.#leap(Math.floor(now / 1000) * slots);
  }

  owns(n: number): boolean {
    return n < slots ? this.slot === 0 : n % slots === this.slot;
  }

  // A number of somebody else was seen: ours stay above it.
  seen(n: number): void {
    if (n > this.last) this.#leap(n);
  }

  #leap(n: number): void {
    this.last = Math.floor(n / slots) * slots + this.slot;
  }
}
