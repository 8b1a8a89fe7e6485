// SPDX-License-Identifier: GPL-3.0-or-later
//
// Spanish.
import taken from "halley:words/es";
import type { OwnWords } from "./en.ts";

const own: OwnWords = {
  title: "Chat en {0}",
  join: "Entrar al chat",
  joinAs: "Entrar como {0}",
  readAlong: "Leer",
  reading: "Estás leyendo el chat.",
  here:
    "{0, plural, =0 {Ahora no hay nadie} one {# persona está aquí} other {# personas están aquí}}",
  invite: "No hace falta cuenta. Elige un nombre y ya estás dentro.",
  consent: "Este chat lo gestiona {0}. No se envía nada allí hasta que aceptes.",
  agree: "Mostrar el chat",
  open: "Abrir en una ventana propia",
  membersOnly: "Este chat es para personas con cuenta.",
  noNetwork: "Esta pasarela no tiene ninguna red llamada {0}.",
  unnamed: "Este chat necesita saber dónde está: network=\"...\" y room=\"...\".",
  site: "Este chat aún no está abierto para {0}.",
  siteHow:
    "Si gestionas la pasarela: añade esto a la parte [http] de su halley.toml y reiníciala.",
  sandbox:
    "Este chat está en un marco que no puede ser él mismo. Añade allow-same-origin al sandbox del marco.",
  broken: "Esta parte del chat no se pudo cargar. Recarga la página.",
  noCommand: "Aquí no hay más órdenes que /me. Empieza con // una línea que comience por /.",
  key: "Contraseña de la sala",
  older: "Mostrar mensajes anteriores",
  someOne: "Alguien",
};

export const all = { ...taken, ...own };
