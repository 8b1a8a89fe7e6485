// SPDX-License-Identifier: GPL-3.0-or-later
//
// The languages of the page, each as its own speakers call it: what one chooses from.
export const languages: Record<string, string> = {
  ar: "العربية",
  de: "Deutsch",
  en: "English",
  es: "Español",
  fr: "Français",
  ja: "日本語",
  pt: "Português",
};
