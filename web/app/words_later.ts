// SPDX-License-Identifier: GPL-3.0-or-later
//
// The words of the parts that are fetched later, and how these parts look.
import { enLater } from "./words/en_later.ts";
import { wordsOf } from "./words.ts";
import { wear } from "./sheets.ts";
import css from "./later.css";

wear(css);

export const more = wordsOf(enLater, (catalogue) => catalogue.later);
