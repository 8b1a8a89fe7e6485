// SPDX-License-Identifier: GPL-3.0-or-later
//
// Linked images. None is loaded before the reader asks for it, or has said of its site that he
// always wants them: a picture tells its server who looks.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { settings } from "./settings.ts";
import { findLinks } from "./plain_text.ts";
import { more } from "./words_later.ts";
import { wear } from "./sheets.ts";
import css from "./pictures.css";

wear(css);

const most = 4; // a message

function imageLinks(text: string): string[] {
  return findLinks(text)
    .map(({ href = "" }) => href)
    .filter((href) => /^https:\/\/[^?#]+\.(?:avif|gif|jpe?g|png|webp)(?:[?#]|$)/i.test(href))
    .slice(0, most);
}

export function pictures(
  text: string,
  shown: ReadonlySet<string>,
  onShow: (url: string) => void,
): TemplateResult | typeof nothing {
  const links = imageLinks(text);
  if (!links.length) return nothing;
  return html`<div class="pictures">
    ${links.map((url) => {
      const { hostname } = new URL(url);
      if (shown.has(url) || settings.imageHosts.includes(hostname)) {
        return html`<a href=${url} target="_blank" rel="noopener noreferrer nofollow"
          ><img src=${url} alt=${url} referrerpolicy="no-referrer" loading="lazy"
        /></a>`;
      }
      return html`<button class="small" @click=${() => onShow(url)}>
        ${more.rare.image(hostname)}
      </button>`;
    })}
  </div>`;
}
