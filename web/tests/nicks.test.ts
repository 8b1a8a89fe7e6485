// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { nickFault, type NickWords } from "../app/nick_fault.ts";

// What is said, and of what.
const words: NickWords = {
  form: (free, digit) => `form ${free as string}${digit ? " no digit first" : ""}`,
  hidden: "hidden",
  first: (sign) => `first ${sign as string}`,
  long: (cut) => `long ${cut as string}`,
};
const strict = { max: 9, forbidden: " ,:!@#|", not_first: "0123456789-" };

for (const { nick, rule, fault } of [
  { nick: "ada", rule: strict, fault: "" },
  { nick: "", rule: strict, fault: "" },
  { nick: "a-da[9]", rule: strict, fault: "" },
  { nick: "ada b", rule: strict, fault: "form - _ [ ] { } \\ ` no digit first" },
  { nick: "ada|", rule: { forbidden: "|" }, fault: "form - _ [ ] { } \\ `" },
  { nick: "9ada", rule: strict, fault: "form - _ [ ] { } \\ ` no digit first" },
  { nick: "-ada", rule: strict, fault: "first -" },
  { nick: "a\u0007da", rule: undefined, fault: "hidden" },
  { nick: "9 @da#", rule: undefined, fault: "" },
  { nick: "9 @da#", rule: { max: 1023 }, fault: "" },
  { nick: "ninebytes", rule: strict, fault: "" },
  { nick: "tenletters", rule: strict, fault: "long tenletter" },
  { nick: "größer", rule: { max: 7 }, fault: "long größe" }, // bytes
  { nick: "größer", rule: { max: 6 }, fault: "long größ" },
  { nick: "größer", rule: { max: 3 }, fault: "long gr" }, // and no half letter
]) {
  test(`a nick: "${nick}" by ${JSON.stringify(rule) ?? "no rule"}`, () => {
    assert.equal(nickFault(nick, rule, words), fault);
  });
}
