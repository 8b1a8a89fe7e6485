// SPDX-License-Identifier: GPL-3.0-or-later
//
// What people write who would rather be markup than text.
export const corpus = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<svg/onload=alert(1)>",
  '"><iframe src="javascript:alert(1)"></iframe>',
  "javascript:alert(1)",
  "[x](javascript:alert(1))",
  "data:text/html,<script>alert(1)</script>",
  "https://example.org/\"onmouseover=\"alert(1)",
  "https://example.org/'><b>x</b>",
  "${alert(1)} {{alert(1)}} <!--?lit$1$-->",
  "</textarea><img src=x onerror=alert(1)>",
  "<a href=//example.org>x</a>&lt;b&gt;",
  "\u202egpj.exe\u202c <math><mi//xlink:href=\"data:x,<script>alert(1)\">",
  "<style>*{display:none}</style><base href=//example.org>",
];

// As a page shows it: what cannot be seen, and would turn the text round, is a mark.
export const shown = (line) => line.replace(/[\u202c\u202e]/g, "\u25af");
