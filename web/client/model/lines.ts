// SPDX-License-Identifier: GPL-3.0-or-later
//
// What stands in a log: things said, presence folded into one line, and what happened to the room.
// Compact records without a word for people; the pages put them into words.
import type { ModeChange, SaidKind, Span } from "../wire.ts";
import type { Rank } from "./members.ts";

export interface SaidLine {
  type: "said";
  key: number;
  at: number;
  from: string;
  text: string;
  spans?: Span[];
  kind: SaidKind;
  self: boolean;
  // Own lines: sending until it is known that the network has it, echoed once the network has said
  // it back. Lines of others are sent.
  state: "sending" | "sent" | "echoed" | "failed";
  n?: number; // the command that says it, while it is ours
  dueAt?: number; // when it leaves, as the network takes no more just now
  error?: string; // failed: why, in the gateway's words
  code?: string; // and by its code
  id?: string;
  mention: boolean;
  replyTo?: string;
  audience?: string;
  edited?: boolean;
  removedBy?: string;
  removedWhy?: string;
  reactions?: Map<string, Set<string>>;
}

export interface FoldedPerson {
  was: boolean; // in the room before the fold
  is: boolean; // and after it
}

export interface FoldLine {
  type: "fold";
  key: number;
  at: number;
  people: Map<string, FoldedPerson>;
  renamed: { from: string; to: string }[];
  isSplit?: boolean; // servers lost each other: all that were lost, and which of them are back
}

export type Info =
  | { what: "topic"; from?: string; text: string }
  | { what: "kicked"; from?: string; who: string; text?: string; ban: boolean; self: boolean }
  | { what: "mode"; from?: string; changes: ModeChange[] }
  | { what: "role"; who: string; rank: Rank }
  | { what: "gap"; since: number; until: number }
  | { what: "error"; text: string; code?: string }
  | { what: "own_nick"; from: string; to: string }
  | { what: "notice"; from?: string; text: string; spans?: Span[]; kind: string }
  | { what: "note"; text: string } // the page's own words: help, answers to commands
  | { what: "away"; from: string; text: string };

export interface InfoLine {
  type: "info";
  key: number;
  at: number;
  info: Info;
}

export type Line = SaidLine | FoldLine | InfoLine;

const groupGap = 5 * 60 * 1000;

// A line that needs no name of its own: same person and kind, soon after.
export function continues(line: Line, before: Line | undefined): boolean {
  if (!before || before.type !== "said" || line.type !== "said") return false;
  return (
    line.from === before.from &&
    line.kind === before.kind &&
    line.kind !== "action" &&
    line.self === before.self &&
    line.audience === before.audience &&
    line.at - before.at <= groupGap
  );
}

// Told in the reader's own zone, so the day of a line depends on where he is.
export function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

export interface FoldSummary {
  joined: string[];
  left: string[];
  passed: string[]; // came and went
  renamed: { from: string; to: string }[];
}

// The net effect. Somebody who left and came back has not moved at all.
export function summary(fold: FoldLine): FoldSummary {
  const told: FoldSummary = { joined: [], left: [], passed: [], renamed: fold.renamed };
  for (const [nick, { was, is }] of fold.people) {
    if (!was && is) told.joined.push(nick);
    else if (was && !is) told.left.push(nick);
    else if (!was && !is) told.passed.push(nick);
  }
  return told;
}

export function isEmptyFold(fold: FoldLine): boolean {
  if (fold.renamed.length || fold.isSplit) return false;
  for (const { was, is } of fold.people.values()) if (!was || !is) return false;
  return true;
}
