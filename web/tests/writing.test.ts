// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { draftIn, keepDraft, sweepDrafts } from "../app/drafts.ts";
import { recall, rememberSent } from "../app/recalling.ts";

// As much of a browser's storage as drafts need: its keys are its own properties.
function storage(): Storage {
  const methods = {
    getItem: (key: string) => store[key] ?? null,
    setItem: (key: string, text: string) => void (store[key] = text),
    removeItem: (key: string) => void delete store[key],
  };
  const store: Record<string, string> = Object.create(methods) as Record<string, string>;
  return store as unknown as Storage;
}

const day = 24 * 3600 * 1000;

test("what is sent in one tab ends its own draft, and no newer one of another", () => {
  const store = storage();
  keepDraft(store, "d:a", "mine", "");
  keepDraft(store, "d:a", "of another tab", "");
  assert.equal(draftIn(store, "d:a"), "of another tab");
  keepDraft(store, "d:a", "mine, longer", "mine");
  assert.equal(draftIn(store, "d:a"), "mine, longer");
  keepDraft(store, "d:a", "", "mine, longer");
  assert.equal(draftIn(store, "d:a"), "of another tab");
  keepDraft(store, "d:a", "", "of another tab");
  assert.deepEqual(Object.keys(store), []);
});

test("old drafts are forgotten, then the oldest of too many; what is not a draft stays", () => {
  const store = storage();
  store.setItem("else", "1");
  store.setItem("d:broken", '{"text":"x"}');
  for (let i = 0; i < 120; i++) store.setItem(`d:${i}`, JSON.stringify([{ text: "x", at: 100 * day + i }]));
  store.setItem("d:old", JSON.stringify([{ text: "x", at: 60 * day }]));
  sweepDrafts(store, "d:", 101 * day);
  const left = Object.keys(store);
  assert.equal(left.length, 101);
  assert.ok(left.includes("else") && left.includes("d:119") && !left.includes("d:19"));
  sweepDrafts(store, "d:", 131 * day);
  assert.deepEqual(Object.keys(store), ["else"]);
});

test("a storage that is full or broken loses only what it would have kept", () => {
  const store = storage();
  store.setItem("d:a", "no draft");
  assert.equal(draftIn(store, "d:a"), "");
  const full = { ...store, getItem: () => null, setItem: () => { throw new Error("full"); } };
  keepDraft(full as unknown as Storage, "d:a", "text", "");
});

test("what was not sent is among what was before the field shows something else", () => {
  for (const text of ["one", "two", "two"]) rememberSent("a", text);
  assert.equal(recall("a", "half", 1), "two");
  assert.equal(recall("a", "two", 1), "one");
  assert.equal(recall("a", "one", 1), undefined);
  assert.equal(recall("a", "one, changed", 1), undefined);
  for (const text of ["two", "half", "one, changed"]) assert.equal(recall("a", "", -1), text);
  assert.equal(recall("a", "one, changed", -1), "");
  assert.equal(recall("a", "", -1), undefined);
  assert.equal(recall("b", "", 1), undefined); // another room has its own
});
