// SPDX-License-Identifier: GPL-3.0-or-later
//
// What may be typed after a slash. One table: the same names on every network; a command whose
// feature is missing is neither offered nor carried out.
import { shortName, type ChatError } from "../client/index.ts";
import type { App } from "./shell.ts";
import { talkTo } from "./asking.ts";
import { chat, type Connection } from "./chat.ts";
import { failure } from "./failing.ts";
import { isModerator, mayInvite, privateName } from "./moderation.ts";
import { say } from "./saying.ts";
import { settings } from "./settings.ts";
import { ask, type Call, type Slash } from "./slash.ts";
import { mode } from "./slash_mode.ts";
import { moderating } from "./slash_moderating.ts";
import { onPage } from "./slash_page.ts";
import { more } from "./words_later.ts";

const w = more.command;

// A person as he is known here: in some networks by his place in this room.
function person(call: Call): string {
  return call.room ? privateName(call.room, call.first) : call.first;
}

const table: Record<string, Slash> = {
  join: {
    usage: "room [password]",
    needs: 1,
    run: (call) => chat.join(call.place.network, call.first, call.rest || undefined),
  },
  leave: {
    usage: "[reason]",
    run: (call) => void chat.leave(call.place, call.text || undefined),
  },
  msg: {
    usage: "nick text",
    feature: "private",
    needs: 2,
    run(call) {
      talkTo(call.place.network, person(call));
      say({ network: call.place.network, name: person(call) }, call.rest);
    },
  },
  query: {
    usage: "nick",
    feature: "private",
    needs: 1,
    run: (call) => talkTo(call.place.network, person(call)),
  },
  me: {
    usage: "text",
    feature: "action",
    needs: 1,
    run: (call) => say(call.place, call.text, "action"),
  },
  notice: {
    usage: "target text",
    feature: "notice",
    needs: 2,
    async run(call) {
      const result = await ask(call, {
        do: "say",
        to: call.first,
        text: call.rest,
        kind: "notice",
      });
      if (result.ok) chat.note(call.place, w.noticeSent(call.first, call.rest));
      return result;
    },
  },
  nick: {
    usage: "new",
    feature: "nick",
    needs: 1,
    run: (call) => ask(call, { do: "nick", nick: call.first }),
  },
  topic: {
    usage: "[text]",
    feature: "topic",
    inRoom: true,
    run(call) {
      if (call.text) return ask(call, { do: "topic", room: call.room, text: call.text });
      if (!call.app.panelOpen || call.app.panel !== "info") call.app.togglePanel("info");
    },
  },
  away: {
    usage: "[text]",
    feature: "away",
    async run(call) {
      const result = await ask(call, { do: "away", text: call.text || "away" });
      if (result.ok) chat.note(call.place, w.away(call.text || "away"));
      return result;
    },
  },
  back: {
    usage: "",
    feature: "away",
    async run(call) {
      const result = await ask(call, { do: "away" });
      if (result.ok) chat.note(call.place, w.back);
      return result;
    },
  },
  invite: {
    usage: "nick [room]",
    feature: "invite",
    needs: 1,
    async run(call) {
      const room = call.rest || call.room;
      const result = await ask(call, { do: "invite", room, nick: call.first });
      if (result.ok) chat.note(call.place, w.invited(call.first, shortName(room)));
      return result;
    },
  },
  ...moderating,
  ...onPage,
  mode,
  whois: {
    usage: "nick",
    feature: "whois",
    needs: 1,
    async run(call) {
      const room = call.room ? { room: call.room } : {};
      const result = await ask(call, { do: "whois", nick: call.first, ...room });
      if (result.ok) call.app.openPerson(call.first);
      return result;
    },
  },
  raw: {
    usage: "line",
    isForDevelopers: true,
    feature: "raw",
    needs: 1,
    run: (call) => ask(call, { do: "raw", line: call.text }),
  },
  help: { usage: "[command]", run: help },
  login: {
    usage: "account password",
    feature: "login",
    needs: 2,
    run: (call) => ask(call, { do: "login", account: call.first, password: call.rest }),
  },
};
table.part = table.leave as Slash;

function help(call: Call): void {
  const wanted = call.first.replace(/^\//, "").toLowerCase();
  const names = table[wanted] ? [wanted] : commandNames(call.connection);
  const about: Record<string, string> = w.about;
  const lines = names.map((name) => {
    const usage = `/${name} ${table[name]?.usage ?? ""}`.trim();
    return about[name] ? `${usage}: ${about[name]}` : usage;
  });
  chat.note(call.place, names.length > 1 ? [w.help, ...lines].join("\n") : lines.join(""));
}

// Those that work only for who looks after the room.
const guarded = new Set([...Object.keys(moderating), "mode"]);

// What may be offered here, to this reader.
export function commandNames({ model }: Connection): string[] {
  const { features } = model;
  const { current } = chat;
  const mayModerate = current?.joined === true && isModerator(model, current);
  return Object.keys(table)
    .filter((name) => {
      const { feature, inRoom, isForDevelopers } = table[name] as Slash;
      if ((inRoom && !current?.isRoom) || (guarded.has(name) && !mayModerate)) return false;
      if (name === "invite" && current?.isRoom && !mayInvite(model, current)) return false;
      const isThere = !feature || features.has(feature);
      return name !== "part" && isThere && (!isForDevelopers || settings.developer);
    })
    .sort();
}

export function isCommand(name: string): boolean {
  return Object.hasOwn(table, name);
}

export const unknown = (line: string): string => w.unknown(line.slice(1).split(/\s/)[0] ?? "");

// Carries out "/name ..."; what goes wrong stands in the log, where it was typed.
export async function runCommand(app: App, line: string): Promise<void> {
  const { active, connection, current } = chat;
  if (!active || !connection || !current) return;
  const [, name = "", text = ""] = /^\/(\S+)\s*([^]*)$/.exec(line) ?? [];
  const slash = table[name.toLowerCase()];
  if (!slash) return;
  const [, first = "", rest = ""] = /^(\S*)\s*([^]*)$/.exec(text.trim()) ?? [];
  const place = { ...active };
  const room = current.isRoom ? current.name : "";
  const given = text.trim() ? text.trim().split(/\s+/).length : 0;
  const isHidden = slash.isForDevelopers && !settings.developer;
  if (isHidden || (slash.feature && !connection.model.features.has(slash.feature))) {
    return chat.note(place, w.unavailable, true);
  }
  if (slash.inRoom && !room) return chat.note(place, w.notRoom, true);
  if (given < (slash.needs ?? 0)) {
    return chat.note(place, w.missing(`/${name} ${slash.usage}`), true);
  }
  const call = { app, place, connection, room, text: text.trim(), first, rest };
  const at = { nick: first, room: name === "join" ? first : room, network: connection.model.title };
  try {
    const result = await slash.run(call);
    if (!result || result.ok) return;
    const { code = "", text: why = "" } = result.error ?? {};
    chat.note(place, failure(code, why, at), true);
  } catch (error) {
    const { code = "", message } = error as ChatError;
    chat.note(place, failure(code, message, at), true);
  }
}
