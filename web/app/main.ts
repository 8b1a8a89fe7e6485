// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the page begins.
import { chat } from "./chat.ts";
import { dress, followSystem } from "./theme.ts";
import { isTwelveHours } from "./time.ts";
import "./app.ts";

dress();
document.documentElement.classList.toggle("twelve", isTwelveHours);
followSystem(() => chat.changed());
// Both: phones discard hidden pages without another word, and a reload only hides.
addEventListener("pagehide", () => chat.save());
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return chat.save();
  chat.forgetSaved();
  chat.changed();
});
addEventListener("pageshow", () => chat.forgetSaved());
