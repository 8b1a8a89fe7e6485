// SPDX-License-Identifier: GPL-3.0-or-later
//
// Telling the reader of news while he looks elsewhere: a notification of the browser, a short sound.
// Nothing of it before he has said yes.
import { shortName, type Conversation, type SaidLine } from "../client/index.ts";
import { chat, type Place } from "./chat.ts";
import { addressOf } from "./route.ts";
import { change, ofRoom, settings } from "./settings.ts";
import { plainName } from "./text.ts";
import { offer } from "./toast.ts";
import { more } from "./words_later.ts";

let isAsked = false;

// Asked after the first one that was missed, when the reader is back; once a page.
function askLater(): void {
  if (isAsked || settings.desktop !== "ask" || typeof Notification !== "function") return;
  if (Notification.permission !== "default") return;
  isAsked = true;
  const ask = (): void => {
    if (document.hidden || !document.hasFocus()) return;
    removeEventListener("focus", ask);
    offer(more.notify.ask, more.notify.yes, async () => {
      const given = await Notification.requestPermission();
      change({ desktop: given === "granted" ? "yes" : "no" });
      return "";
    });
  };
  addEventListener("focus", ask);
}

function isQuietNow(): boolean {
  if (!settings.quiet) return false;
  const [from, until] = settings.quiet;
  const now = new Date().toTimeString().slice(0, 5);
  return from <= until ? now >= from && now < until : now >= from || now < until;
}

// The reader is back: what came into the open conversation meanwhile is shown from its first line on.
addEventListener("focus", () => {
  const { current, following } = chat;
  if (current?.unread && current.markAt && following) document.querySelector("halley-log")?.toNews();
});

export function notify(place: Place, where: Conversation, line: SaidLine): void {
  if (where === chat.current && where.unread) where.markAt = where.readAt;
  const told = ofRoom(place.network, place.name).notify;
  const isDirect = !where.isRoom;
  const counts =
    told === "all" || (told !== "none" && isDirect) || (told === "mentions" && line.mention);
  if (!counts || isQuietNow()) return;
  askLater();
  if (settings.sound) beep();
  if (settings.desktop === "no" || typeof Notification !== "function") return;
  if (Notification.permission !== "granted") return;
  const title = isDirect
    ? plainName(shortName(line.from))
    : more.notify.from(plainName(line.from), shortName(place.name));
  // One a conversation: a newer one takes the place of an older.
  const options = {
    body: plainName(line.text.slice(0, 200)),
    tag: `${place.network}/${place.name}`,
    icon: "/favicon.svg",
  };
  try {
    const shown = new Notification(title, options);
    shown.onclick = () => {
      window.focus();
      chat.open(place);
      shown.close();
    };
  } catch {
    // Phones allow it to service workers only.
    if (!navigator.serviceWorker) return;
    const address = addressOf(place, where.isRoom);
    void import("./ringing.ts").then(({ ring }) => ring(title, options, place, address), () => {});
  }
}

function beep(): void {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = 660;
  volume.gain.setValueAtTime(0.08, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + 0.25);
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.25);
  tone.onended = () => void audio.close();
}
