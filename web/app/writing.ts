// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the message field needs as soon as somebody writes, or changes what was written: fetched in one piece
// with the first letter.
import { keepDraft, sweepDrafts } from "./drafts.ts";
import { draftPrefix, ofBrowser } from "./keep.ts";

export { edit, mark, react } from "./changing.ts";
export { inParts } from "./long_text.ts";
export { recall, rememberSent } from "./recalling.ts";
export { endTyping, tellTyping } from "./typing.ts";

if (ofBrowser) sweepDrafts(ofBrowser, draftPrefix);

export function keep(key: string, text: string, before: string): void {
  if (ofBrowser) keepDraft(ofBrowser, key, text, before);
}
