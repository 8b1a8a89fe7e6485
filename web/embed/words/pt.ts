// SPDX-License-Identifier: GPL-3.0-or-later
//
// Portuguese.
import taken from "halley:words/pt";
import type { OwnWords } from "./en.ts";

const own: OwnWords = {
  title: "Chat em {0}",
  join: "Entrar na conversa",
  joinAs: "Entrar como {0}",
  readAlong: "Só ler",
  reading: "Está a ler a conversa.",
  here:
    "{0, plural, =0 {Não há ninguém aqui agora} one {# pessoa aqui agora} many {# de pessoas aqui agora} other {# pessoas aqui agora}}",
  invite: "Sem conta. Escolha um nome e entre.",
  consent: "Este chat é gerido por {0}. Nada é enviado para lá antes de aceitar.",
  agree: "Mostrar o chat",
  open: "Abrir numa janela própria",
  membersOnly: "Este chat é para pessoas com conta.",
  noNetwork: "Este gateway não tem nenhuma rede chamada {0}.",
  unnamed: "Este chat precisa de saber onde está: network=\"...\" e room=\"...\".",
  site: "Este chat ainda não está aberto a {0}.",
  siteHow:
    "Se gere o gateway: junte isto à parte [http] do seu halley.toml e reinicie-o.",
  sandbox:
    "Este chat está numa moldura isolada. Junte allow-same-origin ao sandbox da moldura.",
  broken: "Não foi possível carregar esta parte do chat. Recarregue a página.",
  noCommand: "Aqui não há comandos além de /me. Comece com // uma linha que deva começar por /.",
  key: "Senha da sala",
  older: "Mostrar mensagens anteriores",
  someOne: "Alguém",
};

export const all = { ...taken, ...own };
