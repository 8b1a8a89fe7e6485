// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a catalogue of another language has to have: a sentence for each of the English ones.
import type { en } from "./en.ts";
import type { enLater } from "./en_later.ts";

type Shape<T> = {
  [K in keyof T]: T[K] extends string ? string : T[K] extends readonly string[] ? string[] : Shape<T[K]>;
};
export interface Catalogue {
  first: Shape<typeof en>;
  later: Shape<typeof enLater>;
}
