// SPDX-License-Identifier: GPL-3.0-or-later
//
// French.
import taken from "halley:words/fr";
import type { OwnWords } from "./en.ts";

const own: OwnWords = {
  title: "Discussion dans {0}",
  join: "Rejoindre la discussion",
  joinAs: "Rejoindre en tant que {0}",
  readAlong: "Suivre",
  reading: "Vous suivez la discussion.",
  here:
    "{0, plural, =0 {Personne n’est là en ce moment} one {# personne est là} other {# personnes sont là}}",
  invite: "Pas besoin de compte. Choisissez un nom et c’est parti.",
  consent: "Cette discussion est gérée par {0}. Rien n’y est envoyé avant votre accord.",
  agree: "Afficher la discussion",
  open: "Ouvrir dans sa propre fenêtre",
  membersOnly: "Cette discussion est réservée aux personnes ayant un compte.",
  noNetwork: "Cette passerelle n’a pas de réseau nommé {0}.",
  unnamed: "Cette discussion doit savoir où elle se trouve : network=\"...\" et room=\"...\".",
  site: "Cette discussion n’est pas encore ouverte à {0}.",
  siteHow:
    "Si vous gérez la passerelle : ajoutez ceci à la partie [http] de son halley.toml et redémarrez-la.",
  sandbox:
    "Cette discussion est dans un cadre qui ne peut pas être lui-même. Ajoutez allow-same-origin au sandbox du cadre.",
  broken: "Cette partie de la discussion n’a pas pu être chargée. Rechargez la page.",
  noCommand:
    "Ici, il n’y a pas d’autre commande que /me. Commencez par // une ligne qui débute par /.",
  key: "Mot de passe du salon",
  older: "Afficher les messages précédents",
  someOne: "Quelqu’un",
};

export const all = { ...taken, ...own };
