// SPDX-License-Identifier: GPL-3.0-or-later
//
// What importing "halley-embed/badge" brings: <halley-badge>. All it can be told are attributes.
declare global {
  interface HTMLElementTagNameMap {
    "halley-badge": HTMLElement;
  }
}
export {};
