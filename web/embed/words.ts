// SPDX-License-Identifier: GPL-3.0-or-later
//
// The words of an embedded room in the language asked for: the host page's, the reader's, or English.
import { language, sentence, type Language } from "../app/icu.ts";
import type { Words as Filled } from "../app/words.ts";
import english from "halley:words/en";
import type { Taken } from "./taken.ts";
import { en } from "./words/en.ts";

export type Words = Filled<Taken> & Filled<typeof en> & { tag: string; speech: Language; isRtl: boolean };
type Tree = { [name: string]: string | Tree };

const others: Record<string, () => Promise<{ all: Tree }>> = {
  ar: () => import("./words/ar.ts"),
  de: () => import("./words/de.ts"),
  es: () => import("./words/es.ts"),
  fr: () => import("./words/fr.ts"),
  ja: () => import("./words/ja.ts"),
  pt: () => import("./words/pt.ts"),
};

function fill(tree: Tree, speech: Language): unknown {
  return Object.fromEntries(
    Object.entries(tree).map(([name, value]) => {
      if (typeof value !== "string") return [name, fill(value, speech)];
      return [name, value.includes("{") ? sentence(value, speech) : value];
    }),
  );
}

function words(tree: Tree, tag: string): Words {
  const speech = language(tag);
  return Object.assign(fill(tree, speech) as Words, { tag, speech, isRtl: tag.startsWith("ar") });
}

export const englishWords = words({ ...english, ...en }, "en");

// The first of these languages that there is: the element's or the page's own, then the reader's.
export function preferred(asked: string): string {
  const wanted = asked ? [asked] : [...(navigator.languages ?? [])];
  return wanted.find((tag) => short(tag) === "en" || short(tag) in others) ?? "en";
}
const short = (tag: string): string => tag.slice(0, 2).toLowerCase();

// Stays English when the catalogue cannot be had.
export async function wordsIn(tag: string): Promise<Words> {
  const fetched = await others[short(tag)]?.().catch(() => undefined);
  return fetched ? words(fetched.all, tag) : englishWords;
}
