// SPDX-License-Identifier: GPL-3.0-or-later
// A style sheet as its text; see build.mjs.
declare module "*.css" {
  const text: string;
  export default text;
}
declare module "*.svg" {
  const text: string;
  export default text;
}
