// SPDX-License-Identifier: GPL-3.0-or-later
//
// What was sent from the message field, to be had again, a room at a time. What stands in the field and was
// not sent is put among it before the field shows something else.
const most = 100; // texts a room

const sent = new Map<string, string[]>();
let at = { place: "", back: 0 }; // how far we have gone back; 0: not at all

function add(place: string, text: string): string[] {
  const texts = sent.get(place) ?? [];
  if (texts[texts.length - 1] !== text) texts.push(text);
  sent.set(place, texts.slice(-most));
  return sent.get(place) ?? [];
}

// It was sent: from now on it is the last one.
export function rememberSent(place: string, text: string): void {
  add(place, text);
  at = { place, back: 0 };
}

// The text before the one in the field (by 1) or after it (by -1); undefined: there is none.
export function recall(place: string, text: string, by: 1 | -1): string | undefined {
  if (at.place !== place) at = { place, back: 0 };
  let texts = sent.get(place) ?? [];
  let { back } = at;
  if (text.trim() && text !== texts[texts.length - back]) {
    const before = texts.length;
    texts = add(place, text);
    // It may stand there as the last one already.
    back = back ? Math.min(back + texts.length - before, texts.length) : 1;
  }
  at.back = back;
  const next = back + by;
  if (next < 0 || next > texts.length) return undefined;
  at.back = next;
  return texts[texts.length - next] ?? "";
}
