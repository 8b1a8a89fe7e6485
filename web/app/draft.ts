// SPDX-License-Identifier: GPL-3.0-or-later
//
// What stands unsent in the message field of each conversation.
import { draftPrefix, ofBrowser, ofTab, readJson, write } from "./keep.ts";

// The draft of this tab; where it has none, the one that another tab of this browser wrote last.
export function readDraft(network: string, name: string): string {
  const key = draftPrefix + network + "/" + name;
  const own = ofTab?.getItem(key);
  if (own) return own;
  const text = readJson<{ text: string }[]>(ofBrowser, key)?.at(-1)?.text ?? "";
  write(ofTab, key, text || undefined);
  return text;
}
export function writeDraft(network: string, name: string, text: string): void {
  const key = draftPrefix + network + "/" + name;
  const before = ofTab?.getItem(key) ?? "";
  write(ofTab, key, text || undefined);
  void import("./writing.ts").then(({ keep }) => keep(key, text, before), () => {});
}
