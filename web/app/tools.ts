// SPDX-License-Identifier: GPL-3.0-or-later
//
// What can be done with one message: a small bar beside it, on a phone a sheet from below. Only what
// the network can do and this reader may do is there.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { shortName, type Conversation, type SaidLine } from "../client/index.ts";
import type { App, Log } from "./shell.ts";
import { chat } from "./chat.ts";
import { quickReactions } from "./emoji.ts";
import { drawn, Part } from "./part.ts";
import { onPress } from "./pressing.ts";
import { addressOf } from "./route.ts";
import { isCleanable, react, retract } from "./changing.ts";
import { plainName } from "./text.ts";
import { isoTime } from "./time.ts";
import { isModerator } from "./moderation.ts";
import { more } from "./words_later.ts";
import { wear } from "./sheets.ts";
import css from "./tools.css";

wear(css);

const w = more.tools;

const signs = {
  copy: "M9 9h10v10H9zM5 15V5h10",
  smile: "M12 3.5a8.5 8.5 0 110 17 8.5 8.5 0 010-17zM8.5 14.5c1 1.3 2.1 2 3.5 2s2.5-.7 3.5-2M9 9.5v.01M15 9.5v.01",
  edit: "M5 19l1-4L16 5l3 3L9 18z",
  flag: "M6 21V4M6 5h11l-2 4 2 4H6",
  bin: "M5 7h14M10 7V5h4v2M7 7l1 12h8l1-12",
  link: "M10 14a4 4 0 006 0l3-3a4 4 0 00-6-6l-1 1M14 10a4 4 0 00-6 0l-3 3a4 4 0 006 6l1-1",
  person: "M12 12a4 4 0 100-8 4 4 0 000 8zM4.5 20c0-4 3.5-6 7.5-6s7.5 2 7.5 6",
  reply: "M9 6l-5 5 5 5M4 11h9a6 6 0 016 6v1",
};

const around = 3; // lines before and after the one that is reported

// What those who look after the room need: the message with its id, and what was said around it.
function report(where: Conversation, line: SaidLine, address: string): string {
  const said = where.lines.filter((one) => one.type === "said" && one.removedBy === undefined);
  const at = said.indexOf(line);
  const lines = said.slice(Math.max(0, at - around), at + around + 1).map((one) => {
    const { from, text } = one as SaidLine;
    return `${one === line ? ">" : " "} [${isoTime(one.at)}] <${shortName(from)}> ${text}`;
  });
  return [where.name, ...(line.id ? [line.id, address] : []), ...lines].join("\n");
}

interface Pointed {
  line: SaidLine;
  top: number; // px in the log
  isSheet: boolean;
}
const pointed = new WeakMap<Log, Pointed>();

// The tools of the message that the pointer or the focus is on, if any.
export function toolsOf(log: Log): TemplateResult | typeof nothing {
  const at = pointed.get(log);
  if (!at) return nothing;
  const veil = html`<div class="thin-veil" @click=${() => leave(log)}></div>`;
  return html`${at.isSheet ? veil : nothing}<div
    class="tools ${at.isSheet ? "sheet" : ""}"
    .style=${at.isSheet ? "" : `top:${at.top}px`}
  >
    <halley-tools .app=${log.app} .line=${at.line} @done=${() => leave(log)}></halley-tools>
  </div>`;
}

export function leave(log: Log): void {
  if (pointed.delete(log)) log.requestUpdate();
}

export function point(log: Log, event: Event): void {
  const { pointerType, type } = event as PointerEvent;
  const isFinger = pointerType === "touch";
  if (type === "pointerleave") return isFinger ? undefined : leave(log);
  const isMenu = type === "contextmenu";
  // The finger that opened the sheet is still there, and a menu is made of it, too.
  if (isMenu && pointed.get(log)?.isSheet) return event.preventDefault();
  const row = (event.target as Element).closest<HTMLElement>(".row.said");
  if (!row) return;
  if (type === "pointerover" && isFinger) {
    return onPress(event as PointerEvent, () => show(log, row, true));
  }
  if (isMenu !== matchMedia("(pointer: coarse)").matches) return;
  if (isMenu) event.preventDefault();
  show(log, row, isMenu);
}

function show(log: Log, row: HTMLElement, isSheet: boolean): void {
  const scroller = log.querySelector(".log");
  const key = Number(row.parentElement?.dataset.key);
  const line = chat.current?.lines.find((one) => one.key === key);
  if (!scroller || line?.type !== "said" || (pointed.get(log)?.line === line && !isSheet)) return;
  const top = row.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  pointed.set(log, { line, top: top + scroller.scrollTop, isSheet });
  log.requestUpdate();
}

// Up and down go from message to message; letters act on the one that has the focus.
export function onLogKey(log: Log, event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { key } = event;
  const rows = [...log.querySelectorAll<HTMLElement>(".row.said")];
  const at = rows.indexOf((event.target as Element).closest(".row.said") as HTMLElement);
  const isOnRow = at >= 0 && rows[at] === event.target;
  if (key === "ArrowUp" || key === "ArrowDown") {
    const next = at < 0 ? rows.length - 1 : at + (key === "ArrowUp" ? -1 : 1);
    rows[next]?.focus();
  } else if (key === "Home" || key === "End") {
    const first = key === "Home" && chat.current?.lines.find((one) => one.type === "said");
    if (first) log.toKey(first.key);
    else {
      log.toEnd();
      void log.updateComplete.then(() => [...log.querySelectorAll<HTMLElement>(".row.said")].at(-1)?.focus());
    }
  } else if (key === "Escape" && pointed.get(log)?.isSheet) {
    leave(log);
  } else if (isOnRow && key === "Enter") {
    log.querySelector<HTMLElement>(".tools button")?.focus();
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

export class Tools extends Part {
  app!: App;
  #shown!: SaidLine;
  #reacting: SaidLine | undefined;

  // Another message is pointed at: the same bar shows what can be done with that.
  get line(): SaidLine {
    return this.#shown;
  }
  set line(line: SaidLine) {
    this.#shown = line;
    this.requestUpdate();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { line } = this;
    const { connection, current, active } = chat;
    if (!connection || !current || !active) return nothing;
    const { features } = connection.model;
    const who = plainName(shortName(line.from));
    if (this.#reacting === line) return this.#marks(line);
    const canWrite = !current.isRoom || current.joined;
    const isSent = line.state !== "sending" && line.state !== "failed" && line.removedBy === undefined;
    const isMine = isModerator(connection.model, current);
    const mayRemove = line.self || (isMine && isCleanable(connection.model, current));
    return html`<div role="toolbar" aria-label=${w.actions(who)}>
      ${canWrite && isSent ? this.#button("reply", w.replyTo(who), () => this.#reply(), "r") : nothing}
      ${features.has("react") && line.id && isSent
        ? this.#button("smile", w.react, () => this.#openMarks())
        : nothing}
      ${this.#button("copy", w.copy, () => this.#copy(line.text), "c")}
      ${line.id && current.isRoom
        ? this.#button("link", w.link, () => this.#copy(this.#address(line.id ?? "")), "l")
        : nothing}
      ${features.has("edit") && line.self && line.id && isSent
        ? this.#button("edit", w.edit, () => this.#edit())
        : nothing}
      ${features.has("retract") && line.id && isSent && mayRemove
        ? this.#button("bin", w.retract, () => this.#act(() => retract(active, line)))
        : nothing}
      ${current.isRoom && !line.self && !isMine && isSent
        ? this.#button("flag", w.report, () => this.#copy(report(current, line, this.#address(line.id ?? ""))))
        : nothing}
      ${line.self
        ? nothing
        : this.#button("person", who, () => this.#act(() => this.app.openPerson(line.from)))}
    </div>`;
  }

  #button(
    sign: keyof typeof signs,
    label: string,
    act: () => void,
    key = "",
  ): TemplateResult {
    return html`<button
      class="icon-button"
      aria-label=${label}
      title=${label}
      data-key=${key}
      @click=${act}
    >
      ${drawn(signs[sign])}<span class="sheet-only">${label}</span>
    </button>`;
  }

  #marks(line: SaidLine): TemplateResult {
    const { active } = chat;
    return html`<div role="toolbar" aria-label=${w.react}>
      ${quickReactions.map(
        (mark) =>
          html`<button
            class="icon-button mark"
            aria-label=${mark}
            @click=${() => this.#act(() => active && react(active, line, mark))}
          >
            ${mark}
          </button>`,
      )}
    </div>`;
  }

  #openMarks(): void {
    this.#reacting = this.line;
    this.requestUpdate();
  }

  #act(what: () => void): void {
    this.#reacting = undefined;
    what();
    this.dispatchEvent(new CustomEvent("done"));
  }

  #address(id: string): string {
    const { active } = chat;
    return active ? location.origin + addressOf(active, true, id) : "";
  }

  #copy(text: string): void {
    this.#act(() => void navigator.clipboard?.writeText(text));
  }

  #reply(): void {
    this.#act(() => this.app.querySelector("halley-composer")?.replyTo(this.line));
  }

  #edit(): void {
    this.#act(() => this.app.querySelector("halley-composer")?.edit(this.line));
  }
}
customElements.define("halley-tools", Tools);
