// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the parts of the page have in common: they render into the page itself, one style sheet for
// all, and again whenever the chat has changed.
import { LitElement, svg, type TemplateResult } from "lit";
import { chat } from "./chat.ts";

export class Part extends LitElement {
  constructor() {
    super();
    chat.attach(this);
  }
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}

const strokes = {
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6L6 18",
  plus: "M12 5v14M5 12h14",
  people: "M9 11.500a3.500 3.500 0 100-7 3.500 3.500 0 000 7zM2.500 19.500c0-3.500 3-5.500 6.500-5.500s6.500 2 6.500 5.500M16 4.800a3.500 3.500 0 010 6.500M18 14.500c2.200.700 3.500 2.500 3.500 5",
  send: "M4 12h15M13 6l6 6-6 6",
  down: "M12 5v14M6 13l6 6 6-6",
  leave: "M10 4H5v16h5M14 8l4 4-4 4M18 12H9",
  theme: "M12 3.500a8.500 8.500 0 108.500 8.500A6.500 6.500 0 0112 3.500z",
  clock: "M12 7v5l3 2M12 3.500a8.500 8.500 0 110 17 8.500 8.500 0 010-17z",
  alert: "M12 8v5M12 16.500v.01M12 3.500a8.500 8.500 0 110 17 8.500 8.500 0 010-17z",
  list: "M4 6h16M4 12h16M4 18h10",
  link: "M10 14a4 4 0 006 0l3-3a4 4 0 00-6-6l-1 1M14 10a4 4 0 00-6 0l-3 3a4 4 0 006 6l1-1",
};

export function icon(name: keyof typeof strokes): TemplateResult {
  return svg`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"
    fill="none" stroke="currentColor" stroke-width="1.800" stroke-linecap="round"
    stroke-linejoin="round"><path d=${strokes[name]}></path></svg>` as unknown as TemplateResult;
}

// So that one part finds another by its tag.
declare global {
  interface HTMLElementTagNameMap {
    "halley-log": import("./log.ts").Log;
    "halley-composer": import("./composer.ts").Composer;
    "halley-room": import("./room.ts").Room;
    "halley-members": import("./members_panel.ts").MembersPanel;
  }
}
