// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { language, sentence } from "../app/icu.ts";
import { languages as listed } from "../app/languages.ts";
import { catalogue as ar } from "../app/words/ar.ts";
import { catalogue as de } from "../app/words/de.ts";
import { en } from "../app/words/en.ts";
import { enLater } from "../app/words/en_later.ts";
import { catalogue as es } from "../app/words/es.ts";
import { catalogue as fr } from "../app/words/fr.ts";
import { catalogue as ja } from "../app/words/ja.ts";
import { catalogue as pt } from "../app/words/pt.ts";
import { badgeWords } from "../embed/badge_words.ts";

const english = { first: en, later: enLater };
const languages = { ar, de, es, fr, ja, pt };

function sentences(from: object, path = ""): [string, string][] {
  return Object.entries(from).flatMap(([name, value]: [string, unknown]) => {
    const here = `${path}.${name}`;
    return typeof value === "string" ? [[here, value] as [string, string]] : sentences(value as object, here);
  });
}

const places = (text: string): string => [...new Set(text.match(/\{\d+/g))].sort().join(" ");

test("plurals, choices, numbers and lists are written as the language writes them", () => {
  const english = language("en");
  assert.equal(sentence("{0, plural, one {# line} other {# lines}}", english)(1), "1 line");
  assert.equal(sentence("{0, plural, one {# line} other {# lines}}", english)(1200), "1,200 lines");
  assert.equal(sentence("{0, plural, =0 {none} other {#}}", english)(0), "none");
  assert.equal(sentence("{0} joined", english)(["ada", "bo", "cy"]), "ada, bo, and cy joined");
  const by = sentence('{0, select, none {Somebody} other {{0}}} left{1, select, none {.} other {: "{1}".}}', english);
  assert.equal(by(undefined, "bye {0} #"), 'Somebody left: "bye {0} #".');
  assert.equal(by("ada", undefined), "ada left.");
  const arabic = sentence("{0, plural, zero {z} one {o} two {t} few {f} many {m} other {x}}", language("ar"));
  assert.deepEqual([0, 1, 2, 3, 11, 100].map((n) => arabic(n)), ["z", "o", "t", "f", "m", "x"]);
  const portuguese = sentence("{0, plural, one {# o} many {# de x} other {# x}}", language("pt"));
  assert.deepEqual([1, 2, 1e6].map((n) => portuguese(n)), ["1 o", "2 x", "1.000.000 de x"]);
  // Or the sign of a room would stand at its other end.
  assert.equal(sentence("{0} x", language("ar"))("#room"), "\u2068#room\u2069 x");
  assert.equal(sentence("{0}x", language("ar"))(""), "x");
});

test("the page, the embed and the badge speak the same languages", () => {
  const spoken = Object.keys(listed).sort();
  const files = (folder: string): string[] =>
    readdirSync(`${folder}/words`) // npm runs in web/
      .filter((name) => /^[a-z]{2}\.ts$/.test(name))
      .map((name) => name.slice(0, 2))
      .sort();
  assert.deepEqual([...Object.keys(languages), "en"].sort(), spoken);
  assert.deepEqual(files("app"), spoken);
  assert.deepEqual(files("embed"), spoken);
  assert.deepEqual(Object.keys(badgeWords).sort(), spoken);
});

for (const [name, catalogue] of Object.entries(languages)) {
  test(`the catalogue "${name}" has every sentence, each with the values and plurals it needs`, () => {
    const speech = language(name);
    const own = new Map(sentences(catalogue));
    assert.deepEqual([...own.keys()].sort(), sentences(english).map(([path]) => path).sort());
    const needed = new Intl.PluralRules(name).resolvedOptions().pluralCategories;
    for (const [path, text] of sentences(english)) {
      const translated = own.get(path) ?? "";
      if (!path.endsWith(".passed") && !path.endsWith(".joined")) {
        assert.equal(places(translated), places(text), `${name}${path}: ${translated}`);
      }
      if (text.includes("{")) assert.ok(sentence(translated, speech)("a", 3, "b").length > 0);
      const isCounted = /\{\d+, plural, /.test(translated) && translated.includes("#");
      for (const category of isCounted ? needed : []) {
        const isThere = translated.includes(`${category} {`) || /\bother \{/.test(translated);
        assert.ok(isThere, `${name}${path}: ${category}`);
        if (name === "ar" || name === "pt") assert.ok(translated.includes(`${category} {`), `${path}: ${category}`);
      }
    }
  });
}
