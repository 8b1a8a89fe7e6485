// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a badge says; # is the number.
export const badgeWords: Record<string, [online: string, join: string]> = {
  en: ["# online", "join chat"],
  de: ["# online", "zum Chat"],
  fr: ["# en ligne", "rejoindre"],
  es: ["# en línea", "entrar"],
  pt: ["# online", "entrar"],
  ja: ["# 人が参加中", "参加する"],
  ar: ["# متصل", "انضم"],
};
