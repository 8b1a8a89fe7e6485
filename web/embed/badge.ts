// SPDX-License-Identifier: GPL-3.0-or-later
//
// <halley-badge network room>: a dot, the room, how many are there; with `card` also the topic and the last
// lines, where the operator shows them. One script without dependencies, in three forms: an element in the
// page, <script src=".../badge.js" data-network data-room> which puts one where it stands, and the page of
// a frame (/badge/<network>/<room>).
import { badgeWords } from "./badge_words.ts";
import { feedOf, placeOf, type Look } from "./feed.ts";

const script = document.currentScript as HTMLScriptElement | null;
const source = script?.src ?? document.querySelector<HTMLScriptElement>('script[src*="badge.js"]')?.src;
const gateway = new URL(".", source ?? location.href).href.slice(0, -1);
const names = ["network", "room", "theme", "card", "lang", "href", "gateway"];

// The colours of the pages (app/tokens.ts), of which a badge needs few.
const light = "--c:#f4f5f7;--b:#767e8c;--t:#16191f;--m:#5b6372;--on:#17653a";
const dark = "--c:#15171b;--b:#7f8795;--t:#e8eaee;--m:#9ca3b0;--on:#70d29a";
const css = `
:host{display:inline-block;${light};font:12px/18px system-ui,sans-serif;vertical-align:middle}
@media(prefers-color-scheme:dark){:host{${dark}}}
:host([theme=light]){${light}}:host([theme=dark]){${dark}}
:host([hidden]){display:none}
:host([card]){display:block;max-width:360px;font-size:14px;line-height:20px}
a{display:inline-flex;gap:6px;align-items:center;box-sizing:border-box;height:20px;padding:0 7px;border:1px solid
 var(--halley-control,var(--b));border-radius:4px;background:var(--halley-side,var(--c));color:var(--halley-text,var(--t));
 text-decoration:none;white-space:nowrap}
a:hover{text-decoration:underline}a:focus-visible{outline:2px solid;outline-offset:2px}
bdi{max-width:40ch;overflow:hidden;text-overflow:ellipsis}
i{width:8px;height:8px;box-sizing:border-box;border:2px solid var(--m);border-radius:50%;flex:none}
.online i{border-color:var(--on);background:var(--on)}
.n{display:inline-grid;font-variant-numeric:tabular-nums}.n>*{grid-area:1/1}.n>:last-child{visibility:hidden}
:host([card]) a{display:flex;height:auto;padding:9px 12px;border-radius:8px 8px 0 0;font-weight:600}
:host([card]) .n{margin-inline-start:auto;font-weight:400;text-align:end}
div{padding:9px 12px;border:1px solid var(--halley-control,var(--b));border-top:0;border-radius:0 0 8px 8px;
 color:var(--halley-text,var(--t));background:var(--halley-side,var(--c));overflow-wrap:anywhere}
div:empty{padding:3px}p{margin:0 0 4px}p:last-child{margin:0}.topic{color:var(--m)}
@media(forced-colors:active){.online i{background:Highlight}}`;
const sheet = new CSSStyleSheet();

const made = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  text = "",
  name = "",
): HTMLElementTagNameMap[K] => {
  const one = document.createElement(tag);
  one.textContent = text;
  if (name) one.className = name;
  return one;
};
// Characters that would reorder the line are left out.
const plain = (text: string): string => text.replace(/[\u0000-\u001f\u202a-\u202e\u2066-\u2069\u200e\u200f]/g, " ");

class Badge extends HTMLElement {
  // A getter: a static field would have the private names written out for older browsers.
  static get observedAttributes(): string[] {
    return names;
  }
  #stop = (): void => {};
  #look: Look | undefined;
  #at = "";

  connectedCallback(): void {
    if (!this.shadowRoot) this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
    this.#watch();
    this.#draw();
  }
  disconnectedCallback(): void {
    this.#stop();
    this.#at = "";
  }
  attributeChangedCallback(): void {
    if (!this.isConnected || !this.shadowRoot) return;
    this.#watch();
    this.#draw();
  }

  #of(name: string): string {
    return this.getAttribute(name) ?? "";
  }
  get #gateway(): string {
    return (this.#of("gateway") || gateway).replace(/\/$/, "");
  }

  #watch(): void {
    const [network, room] = [this.#of("network"), this.#of("room")];
    const at = `${this.#gateway} ${placeOf(network, room)}`;
    if (at === this.#at || !network || !room) return;
    this.#stop();
    this.#at = at;
    this.#look = undefined;
    this.#stop = feedOf(this.#gateway).watch(network, room, (look) => {
      this.#look = look;
      this.#draw();
    });
  }

  #draw(): void {
    const look = this.#look;
    const tag = this.#of("lang") || document.documentElement.lang || navigator.language || "en";
    const [online, join] = badgeWords[tag.slice(0, 2)] ?? (badgeWords.en as [string, string]);
    const counted = (n: number): string => online.replace("#", n.toLocaleString(tag));
    const link = made("a", "", look?.state);
    const place = placeOf(this.#of("network"), this.#of("room"));
    link.href = this.#of("href") || `${this.#gateway}/r/${place}`;
    link.target = "_top";
    link.setAttribute("part", "badge");
    const count = made("span", "", "n");
    // Room for four digits from the first moment on, so that nothing beside it ever moves.
    const widest = made("span", counted(9999));
    widest.ariaHidden = "true";
    count.append(made("span", look?.people === undefined ? join : counted(look.people)), widest);
    const dash = made("span", this.hasAttribute("card") ? "" : "-");
    link.append(made("i"), made("bdi", plain(this.#of("room").split("@")[0] as string)), dash, count);
    const shown: HTMLElement[] = [link];
    if (this.hasAttribute("card")) shown.push(this.#card(look));
    // A link that has the focus keeps it.
    const focused = this.shadowRoot?.activeElement;
    this.shadowRoot?.replaceChildren(...shown);
    if (focused) link.focus({ preventScroll: true });
  }

  #card(look: Look | undefined): HTMLElement {
    const card = made("div");
    card.setAttribute("part", "card");
    if (look?.topic) card.append(made("p", plain(look.topic), "topic"));
    for (const { from, text, action } of look?.lines ?? []) {
      const line = made("p");
      line.dir = "auto";
      const who = made("b");
      who.append(made("bdi", plain(from)));
      line.append(...(action ? ["* "] : []), who, action ? " " : ": ", plain(text));
      card.append(line);
    }
    return card;
  }
}

sheet.replaceSync(css);
if (!customElements.get("halley-badge")) customElements.define("halley-badge", Badge);

function put(from: Record<string, string | undefined>, where: (one: Element) => void): void {
  const badge = document.createElement("halley-badge");
  for (const name of names) if (from[name] !== undefined) badge.setAttribute(name, from[name] as string);
  where(badge);
}

if (script?.dataset.frame !== undefined) {
  const page = new CSSStyleSheet();
  page.replaceSync("body{margin:0;background:transparent}");
  document.adoptedStyleSheets.push(page);
  const [network, room] = location.pathname.split("/").slice(-2).map(decodeURIComponent);
  const asked = Object.fromEntries(new URLSearchParams(location.search));
  Object.assign(document.documentElement, { lang: asked.lang || "en", dir: /^ar/.test(asked.lang ?? "") ? "rtl" : "" });
  const { theme, card, lang } = asked;
  put({ network, room, theme, card, lang }, (one) => script.after(one));
} else if (script?.dataset.room) {
  put(script.dataset, (one) => script.after(one));
}
