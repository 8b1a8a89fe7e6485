// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the build makes of ../app/words for each language, see taken.ts.
declare module "halley:words/en" {
  const taken: import("./taken.ts").Taken;
  export default taken;
}
declare module "halley:words/*" {
  const taken: { [group: string]: { [name: string]: string } };
  export default taken;
}
