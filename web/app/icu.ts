// SPDX-License-Identifier: GPL-3.0-or-later
//
// The part of ICU message format the catalogues use: {0}, {0, plural, one {# line} other {# lines}}
// and {0, select, none {...} other {...}}, where "none" is a value left out. Apostrophes are plain
// text. Numbers and lists are written as the language writes them.
export type Value = string | number | readonly string[] | undefined;
export type Sentence = (...values: Value[]) => string;

type Piece = string | { at: number; kind?: string; cases?: Map<string, Piece[]> };

export interface Language {
  plural: Intl.PluralRules;
  number: Intl.NumberFormat;
  list: Intl.ListFormat;
  isolates: boolean; // what is put in has an end of its own: "#room" keeps its sign at its front
}

export function language(tag: string): Language {
  return {
    plural: new Intl.PluralRules(tag),
    number: new Intl.NumberFormat(tag),
    list: new Intl.ListFormat(tag, { type: "conjunction" }),
    isolates: tag.startsWith("ar"),
  };
}

export function sentence(text: string, speech: Language): Sentence {
  let at = 0;
  // Up to the brace that closes this level; `counted` is what # stands for.
  const pieces = (isInner: boolean): Piece[] => {
    const found: Piece[] = [];
    let plain = "";
    for (; at < text.length && !(isInner && text[at] === "}"); at++) {
      if (text[at] !== "{") {
        plain += text[at];
        continue;
      }
      if (plain) found.push(plain);
      plain = "";
      found.push(argument());
    }
    if (plain) found.push(plain);
    return found;
  };
  const argument = (): Piece => {
    const head = /^\{(\d+)(?:\}|, (plural|select), )/.exec(text.slice(at));
    if (!head) throw new Error(`no sentence: ${text}`);
    at += head[0].length;
    const piece = { at: Number(head[1]) };
    if (!head[2]) return at--, piece;
    const cases = new Map<string, Piece[]>();
    for (;;) {
      const name = /^\s*([=\w]+) \{/.exec(text.slice(at));
      if (!name) break;
      at += name[0].length;
      cases.set(name[1] as string, pieces(true));
      at++;
    }
    return { ...piece, kind: head[2], cases };
  };
  const whole = pieces(false);
  return (...values) => write(whole, values, speech, undefined);
}

function write(
  pieces: Piece[],
  values: Value[],
  speech: Language,
  counted: number | undefined,
): string {
  return pieces
    .map((piece) => {
      if (typeof piece === "string") {
        return counted === undefined ? piece : piece.replaceAll("#", speech.number.format(counted));
      }
      const value = values[piece.at];
      const { cases } = piece;
      if (!cases) return shown(value, speech);
      if (piece.kind === "plural") {
        const n = Number(value);
        const chosen = cases.get(`=${n}`) ?? cases.get(speech.plural.select(n)) ?? cases.get("other");
        return write(chosen ?? [], values, speech, n);
      }
      const chosen = value === undefined || value === "" ? "none" : String(value);
      return write(cases.get(chosen) ?? cases.get("other") ?? [], values, speech, counted);
    })
    .join("");
}

function shown(value: Value, speech: Language): string {
  if (!value && value !== 0) return "";
  if (typeof value === "number") return speech.number.format(value);
  const text = typeof value === "string" ? value : speech.list.format(value);
  // A name in another direction has its end as well.
  return speech.isolates || /[\u0590-\u08ff\ufb1d-\ufeff]/.test(text) ? `\u2068${text}\u2069` : text;
}
