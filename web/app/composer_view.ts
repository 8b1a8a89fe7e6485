// SPDX-License-Identifier: GPL-3.0-or-later
//
// The message field as it is drawn: the field, what is asked or chosen above it and what is told below.
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { Choices } from "./choices.ts";
import { icon } from "./part.ts";
import { settings } from "./settings.ts";
import { words } from "./words.ts";

const w = words.composer;

interface View {
  label: string;
  above: unknown[];
  below: unknown;
  choices: Choices | undefined;
  onSubmit(): void;
  onInput(): void;
  onKey(event: KeyboardEvent): void;
  onPaste(event: ClipboardEvent): void;
}

export function composerView({ label, above, below, choices, ...on }: View): TemplateResult {
  return html`<form
    class="composer"
    id="composer"
    aria-label=${w.label}
    @submit=${(event: Event) => {
      event.preventDefault();
      on.onSubmit();
    }}
  >
    ${above.map((one) => one || nothing)}
    <div class="line">
      <textarea
        rows="1"
        dir="auto"
        aria-label=${label}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls=${choices?.shown ? "choices" : nothing}
        aria-activedescendant=${choices?.shown ? `choice-${choices.active}` : nothing}
        placeholder=${label}
        enterkeyhint=${settings.sendKey === "enter" ? "send" : "enter"}
        maxlength="100000"
        @input=${on.onInput}
        @keydown=${on.onKey}
        @paste=${on.onPaste}
        @blur=${() => choices?.close()}
      ></textarea>
      <button class="send icon-button" aria-label=${w.send} title=${w.send}>${icon("send")}</button>
    </div>
    ${below}
  </form>`;
}

// As high as what stands in it.
export function grow(field: HTMLTextAreaElement): void {
  const around = field.parentElement as HTMLElement;
  // Or the log would be larger for a moment, and moved.
  around.style.minHeight = `${around.offsetHeight}px`;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
  around.style.minHeight = "";
}
