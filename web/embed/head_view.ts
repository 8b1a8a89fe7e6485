// SPDX-License-Identifier: GPL-3.0-or-later
//
// The head of an embedded room: its name and topic, how many are there, and the way out.
import { html, nothing, type TemplateResult } from "lit";
import type { Conversation } from "../client/index.ts";
import type { Words } from "./words.ts";

export interface HeadActs {
  toggle(): void; // the people
  leave(): void;
}

export function head(
  where: Conversation | undefined,
  name: string,
  w: Words,
  showsPeople: boolean,
  acts: HeadActs,
): TemplateResult {
  const leave = w.room.leave(name);
  return html`<header class="head" part="header">
    <span class="name"><bdi>${name}</bdi></span>
    <span class="topic" dir="auto" title=${where?.topic?.text ?? nothing}>${where?.topic?.text ?? ""}</span>
    <button class="count" aria-expanded=${showsPeople} @click=${acts.toggle}>
      ${where?.membersKnown ? w.room.members(where.members.size) : w.panel.title}
    </button>
    <button class="leave" aria-label=${leave} title=${leave} @click=${acts.leave}>
      <span>${leave}</span>
      <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M14 5h5v14h-5M4 12h10M10 8l4 4-4 4" /></svg>
    </button>
  </header>`;
}
