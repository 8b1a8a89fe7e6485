// SPDX-License-Identifier: GPL-3.0-or-later
//
// The reactions that are one click away.
export const quickReactions = ["\u{1f44d}", "\u2764\ufe0f", "\u{1f602}", "\u{1f62e}", "\u{1f622}", "\u{1f389}"];
