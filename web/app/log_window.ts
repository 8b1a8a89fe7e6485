// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which of the lines are rows of the page: at most 200, found again by the first of them whatever is put in
// before it or dropped. Knows no page.
import type { Line } from "../client/index.ts";

const most = 200; // rows at once
const following = 100; // of them while at the end, at most
const margin = 60; // rows ready above and below what is seen
const rush = 30; // lines since the last drawing that make a flood

export class LogWindow {
  start = 0;
  end = 0;
  #firstKey = 0;

  // The last ones: so many fill the view once.
  toEnd({ length }: readonly Line[], view: number): void {
    // In a flood what is above the view would be gone before anybody has scrolled there.
    const screens = length - this.end > rush ? 1.2 : 2;
    this.end = length;
    this.start = Math.max(0, length - Math.min(following, Math.ceil(screens * view)));
  }

  around(lines: readonly Line[], at: number): void {
    this.start = Math.max(0, at - margin);
    this.end = Math.min(lines.length, this.start + most);
    this.hold(lines);
  }

  hold(lines: readonly Line[]): void {
    this.#firstKey = lines[this.start]?.key ?? 0;
  }

  // The same lines, with new ones below while there is room for them.
  keep(lines: readonly Line[]): void {
    const key = this.#firstKey;
    const at = lines[this.start]?.key === key ? this.start : lines.findIndex((line) => line.key === key);
    if (at >= 0) {
      this.end += at - this.start;
      this.start = at;
    }
    this.end = Math.min(Math.max(this.end, this.start), lines.length);
    if (lines.length - this.end < margin && this.end - this.start < most) {
      this.end = Math.min(lines.length, this.start + most);
    }
  }

  // To where `first` of the lines is in view, and so many of them, or elsewhere. Whether it was elsewhere.
  follow(lines: readonly Line[], first: number, seen: number, isElsewhere: boolean): boolean {
    const isTight =
      (this.start > 0 && first - this.start < margin / 3) ||
      (this.end < lines.length && this.end - first - seen < margin / 3);
    if (!isTight && !isElsewhere) return false;
    this.start = Math.max(0, Math.min(first - margin, lines.length - following));
    this.end = Math.min(lines.length, this.start + Math.min(most, seen + 2 * margin));
    this.hold(lines);
    return true;
  }

  // The place of a line that is a row.
  indexOf(lines: readonly Line[], key: number): number | undefined {
    for (let i = this.start; i < this.end; i++) if (lines[i]?.key === key) return i;
    return undefined;
  }
}
