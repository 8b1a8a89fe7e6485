// SPDX-License-Identifier: GPL-3.0-or-later
//
// The card of signing in once more, over the page: onto another network.
import { html, type TemplateResult } from "lit/html.js";
import type { App } from "./shell.ts";
import { Part } from "./part.ts";
import { more } from "./words_later.ts";
import "./sign_in.ts";
import { wear } from "./sheets.ts";
import css from "./adding.css";

wear(css);

export class Adding extends Part {
  app!: App;

  // As a modal one it takes the focus, keeps it, and gives it back to where it was.
  protected override firstUpdated(): void {
    this.querySelector("dialog")?.showModal();
    void this.updateComplete.then(() => this.querySelector<HTMLElement>("select, input")?.focus());
  }

  protected override render(): TemplateResult {
    const close = (): void => this.querySelector("dialog")?.close();
    return html`<dialog
      class="adding"
      aria-label=${more.adding.title}
      @close=${() => this.app.dialog === "adding" && this.app.openDialog("")}
      @click=${(event: Event) => {
        if (event.target === event.currentTarget) close();
      }}
    >
      <halley-sign-in .adding=${more.adding} @entered=${close}></halley-sign-in>
    </dialog>`;
  }
}
customElements.define("halley-adding", Adding);
