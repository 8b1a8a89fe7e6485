// SPDX-License-Identifier: GPL-3.0-or-later
//
// The card of signing in once more, over the page: onto another network.
import { html, type TemplateResult } from "lit/html.js";
import type { App } from "./app.ts";
import { Part } from "./part.ts";
import { words } from "./words.ts";
import "./sign_in.ts";
import { wear } from "./sheets.ts";
import css from "./adding.css";

wear(css);

export class Adding extends Part {
  app!: App;

  protected override render(): TemplateResult {
    const close = (): void => this.app.openDialog("");
    return html`<div
      class="veil"
      @click=${(event: Event) => {
        if (event.target === event.currentTarget) close();
      }}
    >
      <div role="dialog" aria-modal="true" aria-label=${words.signIn.addTitle}>
        <halley-sign-in .adding=${true} @entered=${close}></halley-sign-in>
      </div>
    </div>`;
  }
}
customElements.define("halley-adding", Adding);
