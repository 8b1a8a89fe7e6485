// SPDX-License-Identifier: GPL-3.0-or-later
//
// The frame of the page (app.ts), its log and its message field as the other parts see them: what is shown,
// and the ways to show something else.
import type { Page } from "./route.ts";

export type View = "list" | "room" | "panel";
export type Panel = "members" | "person" | "info" | "search";
export type Dialog = "rooms" | "palette" | "sheet" | "adding";
export type Width = "compact" | "medium" | "wide"; // compact: one view is shown at a time

export interface App extends HTMLElement {
  readonly view: View;
  readonly page: Page;
  readonly panel: Panel;
  readonly panelOpen: boolean;
  readonly person: string; // whose card the panel shows
  readonly dialog: Dialog | "";
  readonly width: Width;
  readonly updateComplete: Promise<void>;
  isCompact(): boolean;
  isWide(): boolean;
  // Of a page, list and room; of a room, its panel: on a phone one at a time.
  show(view: View): void;
  go(page: Page): void;
  // The panel at the side, or on a phone the view of its own; closed if it is what is shown.
  togglePanel(panel?: Panel): void;
  closePanel(): void;
  openPerson(nick: string): void;
  openDialog(dialog: Dialog | ""): void;
  toMessage(id: string): void;
}

export interface Log extends HTMLElement {
  readonly app: App;
  readonly updateComplete: Promise<void>;
  requestUpdate(): void;
  toMessage(id: string): void;
  toKey(key: number): void;
  toEnd(): void;
}

// Asked before something is sent; what may be answered, and what then happens.
export interface Question {
  text: string;
  answers: [string, () => void][];
}

export interface Composer extends HTMLElement {
  readonly field: HTMLTextAreaElement;
  // After `field` was changed by the page.
  onInput(): void;
  // Without a question where `isSure`.
  send(isSure?: boolean): Promise<void>;
  // `text` is on its way: it stays among what was sent.
  clear(text: string): void;
}
