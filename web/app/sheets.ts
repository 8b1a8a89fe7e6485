// SPDX-License-Identifier: GPL-3.0-or-later
//
// Style sheets come with the script of the part they belong to: the policy of the page forbids inline
// ones, and a file of their own would be a request more. `worn`: the one whose place it takes.
export function wear(css: string, worn?: CSSStyleSheet): CSSStyleSheet {
  const sheet = worn ?? new CSSStyleSheet();
  sheet.replaceSync(css);
  if (!worn) document.adoptedStyleSheets.push(sheet);
  return sheet;
}
