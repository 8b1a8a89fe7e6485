// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who is in an embedded room: the first of them by rank, and how many more.
import { html, nothing, type TemplateResult } from "lit";
import { plainName } from "../app/plain_text.ts";
import { shortName, type Conversation, type Member } from "../client/index.ts";
import type { Words } from "./words.ts";

const most = 200;

export function people({ members }: Conversation, w: Words, close: () => void): TemplateResult {
  const shown = members.sorted.slice(0, most);
  const one = ({ nick, away, self }: Member): TemplateResult =>
    html`<li class=${away ? "away" : ""}>
      <bdi>${plainName(shortName(nick))}</bdi>${self ? html` <small>${w.panel.you}</small>` : nothing}
      ${away ? html` <small>${w.panel.away}</small>` : nothing}
    </li>`;
  const rest = members.size - shown.length;
  return html`<div class="people" part="members" role="region" aria-label=${w.panel.title} tabindex="0">
    <button class="close" @click=${close}>${w.room.close}</button>
    <ul>
      ${shown.map(one)}
    </ul>
    ${rest > 0 ? html`<p>${w.rare.more(rest)}</p>` : nothing}
  </div>`;
}
