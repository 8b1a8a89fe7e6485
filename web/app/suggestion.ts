// SPDX-License-Identifier: GPL-3.0-or-later
//
// A nick for who has none yet.

// Readable, and rarely taken.
export function suggestion(): string {
  const first = ["swift", "quiet", "amber", "lucky", "misty", "solar", "brave", "olive"];
  const second = ["fox", "wren", "otter", "comet", "maple", "robin", "heron", "lynx"];
  const pick = (list: string[]): string => list[Math.floor(Math.random() * list.length)] as string;
  return `${pick(first)}${pick(second)}${Math.floor(Math.random() * 90 + 10)}`;
}
