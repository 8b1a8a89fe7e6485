// SPDX-License-Identifier: GPL-3.0-or-later
//
// German.
import taken from "halley:words/de";
import type { OwnWords } from "./en.ts";

const own: OwnWords = {
  title: "Chat in {0}",
  join: "Mitreden",
  joinAs: "Als {0} mitreden",
  readAlong: "Mitlesen",
  reading: "Du liest mit.",
  here:
    "{0, plural, =0 {Gerade ist niemand hier} one {# Person ist gerade hier} other {# Personen sind gerade hier}}",
  invite: "Ein Konto braucht es nicht. Such dir einen Namen aus, und du bist dabei.",
  consent: "Diesen Chat betreibt {0}. Bevor du zustimmst, wird nichts dorthin gesendet.",
  agree: "Chat anzeigen",
  open: "In eigenem Fenster öffnen",
  membersOnly: "Dieser Chat ist für Leute mit Konto.",
  noNetwork: "Dieses Chat-Gateway hat kein Netz namens {0}.",
  unnamed: "Dieser Chat muss wissen, wo er ist: network=\"...\" und room=\"...\".",
  site: "Dieser Chat ist für {0} noch nicht freigegeben.",
  siteHow:
    "Falls du das Gateway betreibst: Ergänze dies im Abschnitt [http] seiner halley.toml und starte es neu.",
  sandbox:
    "Dieser Chat steht in einem Rahmen, der nicht er selbst sein darf. Ergänze allow-same-origin in der sandbox des Rahmens.",
  broken: "Dieser Teil des Chats konnte nicht geladen werden. Lade die Seite neu.",
  noCommand:
    "Hier gibt es außer /me keine Befehle. Mit // beginnt eine Zeile, die mit / anfangen soll.",
  key: "Passwort des Raums",
  older: "Frühere Nachrichten zeigen",
  someOne: "Jemand",
};

export const all = { ...taken, ...own };
