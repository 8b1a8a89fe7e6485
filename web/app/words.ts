// SPDX-License-Identifier: GPL-3.0-or-later
//
// The words of the page in the reader's language. A catalogue holds sentences in ICU form; here they
// become strings and functions, filled in place so that whoever holds a part of them sees another
// language at once. English is always there, the others are fetched when they are wanted.
import { language, sentence, type Language, type Sentence } from "./icu.ts";
import type { Catalogue } from "./words/catalogue.ts";
import { en } from "./words/en.ts";

// A sentence with values to put in is a function, one without is the text itself.
export type Words<T> = {
  [K in keyof T]: T[K] extends string
    ? T[K] extends `${string}{${string}`
      ? Sentence
      : string
    : T[K] extends readonly string[]
      ? string[]
      : Words<T[K]>;
};
type Tree = { [name: string]: string | string[] | Tree };
type Filled = { [name: string]: unknown };

const catalogues: Record<string, () => Promise<{ catalogue: Catalogue }>> = {
  ar: () => import("./ar.ts"),
  de: () => import("./words/de.ts"),
  es: () => import("./words/es.ts"),
  fr: () => import("./words/fr.ts"),
  ja: () => import("./words/ja.ts"),
  pt: () => import("./words/pt.ts"),
};

let spoken: Catalogue | undefined; // undefined: English
const filled: { into: Filled; from: (catalogue: Catalogue | undefined) => unknown }[] = [];

export let locale = "en";
export let speech: Language = language(locale);

function fill(into: Filled, from: Tree): void {
  for (const [name, value] of Object.entries(from)) {
    if (typeof value === "string") into[name] = value.includes("{") ? sentence(value, speech) : value;
    else if (Array.isArray(value)) into[name] = value;
    else fill((into[name] ??= {}) as Filled, value);
  }
}

// The words of one part of the catalogues, kept in the language of the page from now on.
export function wordsOf<T>(english: T, from: (catalogue: Catalogue) => unknown): Words<T> {
  const into: Filled = {};
  const pick = (catalogue: Catalogue | undefined): unknown => (catalogue ? from(catalogue) : english);
  filled.push({ into, from: pick });
  fill(into, pick(spoken) as Tree);
  return into as Words<T>;
}

export const words = wordsOf(en, (catalogue) => catalogue.first);

// The first of the reader's languages that there is.
export function preferred(chosen: string): string {
  const wanted = chosen ? [chosen] : (navigator.languages ?? [navigator.language]);
  return wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === "en" || tag in catalogues) ?? "en";
}

// Changes the language of the page. Stays as it is when the catalogue cannot be had.
export async function speak(chosen: string): Promise<void> {
  const tag = preferred(chosen);
  const fetched = tag === "en" ? undefined : await catalogues[tag]?.().catch(() => undefined);
  if (tag !== "en" && !fetched) return;
  spoken = fetched?.catalogue;
  // "de-AT" writes its numbers and dates in its own way.
  const own = navigator.languages?.find((one) => one.slice(0, 2).toLowerCase() === tag);
  locale = own ?? tag;
  speech = language(locale);
  for (const { into, from } of filled) fill(into, from(spoken) as Tree);
  document.documentElement.lang = tag;
  document.documentElement.dir = tag === "ar" ? "rtl" : "ltr";
}

const listed = 3; // more people than that are a number

// "ada and bo joined", "17 joined".
export function naming(one: Sentence, many: Sentence, names: string[]): string {
  return names.length <= listed ? one(names, names.length) : many(names.length);
}
