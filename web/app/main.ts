// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the page begins.
import { chat } from "./chat.ts";
import { save } from "./resuming.ts";
import { redraw } from "./frames.ts";
import { offer } from "./later.ts";
import { onSettings, settings } from "./settings.ts";
import { dress, followSystem } from "./theme.ts";
import { wear } from "./sheets.ts";
import { preferred, speak } from "./words.ts";
import css from "./app.css";
import "./app.ts";

wear(css);

// Parts that are fetched when they are wanted first.
offer({
  adding: () => import("./adding.ts"),
  card: () => import("./person_card.ts"),
  inbox: () => import("./inbox.ts"),
  join: () => import("./joining.ts"),
  info: () => import("./room_info.ts"),
  passing: () => import("./passing.ts"),
  nowhere: () => import("./nowhere.ts"),
  palette: () => import("./palette.ts"),
  rooms: () => import("./room_list.ts"),
  search: () => import("./search.ts"),
  settings: () => import("./settings_page.ts"),
  sheet: () => import("./shortcuts.ts"),
});

// The network's words about the reader himself are few.
const heeding = () => import("./heeding.ts").catch(() => undefined);
chat.onRead = (place, where) => void heeding().then((it) => it?.tellRead(place, where));
chat.watchers.add(({ model }, event) => {
  if (event.ev === "read" || event.ev === "waiting") void heeding().then((it) => it?.onEvent(model, event));
});

let spoken = preferred(settings.language);
const begin = (): void => {
  dress();
  document.body.append(document.createElement("halley-app"));
};
// Nothing is drawn in one language and then again in another.
if (spoken === "en") begin();
else void speak(settings.language).then(begin);

followSystem(redraw);
onSettings(() => {
  const wanted = preferred(settings.language);
  if (wanted === spoken) return;
  spoken = wanted;
  void speak(settings.language).then(() => {
    dress();
    redraw();
  });
});

// The page around may know who this is.
if (parent !== window) void import("./handed.ts").catch(() => {});

// Both: phones discard hidden pages without another word, and a reload only hides.
addEventListener("pagehide", save);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return save();
  chat.forgetSaved();
  redraw();
});
addEventListener("pageshow", () => chat.forgetSaved());
