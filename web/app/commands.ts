// SPDX-License-Identifier: GPL-3.0-or-later
//
// What may be typed after a slash. One table: the same names on every network; a command whose
// feature is missing is neither offered nor carried out.
import { shortName, type Command, type Role, type ResultEvent } from "../client/index.ts";
import type { App } from "./app.ts";
import { chat, type Connection, type Place } from "./chat.ts";
import { privateName } from "./person_card.ts";
import { words } from "./words.ts";

const w = words.command;

interface Call {
  app: App;
  place: Place;
  connection: Connection;
  room: string; // "" outside rooms
  text: string; // everything after the name
  first: string; // its first word
  rest: string; // and what follows that
}

interface Slash {
  usage: string;
  feature?: string;
  inRoom?: boolean; // works in a room only
  needs?: number; // words
  run(call: Call): void | Promise<ResultEvent>;
}

function ask(call: Call, command: Command): Promise<ResultEvent> {
  return chat.do(call.place.network, command);
}

function optional<Name extends string>(name: Name, text: string): { [K in Name]?: string } {
  return (text ? { [name]: text } : {}) as { [K in Name]?: string };
}

function giveRole(role: Role, set: boolean): Slash {
  return {
    usage: "nick",
    feature: "role",
    inRoom: true,
    needs: 1,
    run: (call) => ask(call, { do: "mode", room: call.room, role, who: call.first, set }),
  };
}

function ban(set: boolean): Slash {
  return {
    usage: "nick [reason]",
    feature: "ban",
    inRoom: true,
    needs: 1,
    run: (call) =>
      ask(call, {
        do: "mode",
        room: call.room,
        ban: call.first,
        set,
        ...optional("text", call.rest),
      }),
  };
}

function mute(set: boolean): Slash {
  return {
    usage: "nick",
    feature: "mute",
    inRoom: true,
    needs: 1,
    run: (call) => ask(call, { do: "mode", room: call.room, mute: call.first, set }),
  };
}

function kick(call: Call): Promise<ResultEvent> {
  return ask(call, {
    do: "kick",
    room: call.room,
    nick: call.first,
    ...optional("text", call.rest),
  });
}

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
      chat.talkTo(call.place.network, person(call));
      chat.say({ network: call.place.network, name: person(call) }, call.rest);
    },
  },
  query: {
    usage: "nick",
    feature: "private",
    needs: 1,
    run: (call) => chat.talkTo(call.place.network, person(call)),
  },
  me: {
    usage: "text",
    feature: "action",
    needs: 1,
    run: (call) => chat.say(call.place, call.text, "action"),
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
      call.app.querySelector("halley-room")?.openTopic();
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
  kick: { usage: "nick [reason]", feature: "kick", inRoom: true, needs: 1, run: kick },
  ban: ban(true),
  unban: ban(false),
  kickban: {
    usage: "nick [reason]",
    feature: "ban",
    inRoom: true,
    needs: 1,
    async run(call) {
      const result = await ban(true).run(call);
      return result && !result.ok ? result : kick(call);
    },
  },
  mute: mute(true),
  unmute: mute(false),
  voice: giveRole("voice", true),
  devoice: giveRole("voice", false),
  op: giveRole("op", true),
  deop: giveRole("op", false),
  owner: giveRole("owner", true),
  admin: giveRole("admin", true),
  whois: {
    usage: "nick",
    feature: "whois",
    needs: 1,
    run(call) {
      if (!call.room) return whoisHere(call);
      if (!call.app.panelOpen || call.app.isCompact()) call.app.togglePanel();
      void call.app.updateComplete.then(async () => {
        await call.app.querySelector("halley-room")?.updateComplete;
        call.app.querySelector("halley-members")?.showPerson(call.first);
      });
    },
  },
  names: {
    usage: "",
    inRoom: true,
    run(call) {
      if (!call.app.panelOpen || call.app.isCompact()) call.app.togglePanel();
      return ask(call, { do: "names", room: call.room });
    },
  },
  list: {
    usage: "",
    feature: "list",
    run(call) {
      call.app.browsing = call.place.network;
      call.app.requestUpdate();
    },
  },
  clear: {
    usage: "",
    run(call) {
      const where = chat.at(call.place);
      if (where) where.lines = [];
      chat.changed();
    },
  },
  mode: {
    usage: "changes",
    feature: "mode",
    inRoom: true,
    needs: 1,
    run: (call) => ask(call, { do: "mode", room: call.room, changes: modeChanges(call.text) }),
  },
  raw: {
    usage: "line",
    feature: "raw",
    needs: 1,
    run: (call) => ask(call, { do: "raw", line: call.text }),
  },
  help: { usage: "[command]", run: help },
  shortcuts: {
    usage: "",
    run: (call) =>
      chat.note(call.place, w.shortcuts.map(([keys, what]) => `${keys}: ${what}`).join("\n")),
  },
};
table.part = table.leave as Slash;

// "+mo-v bob ada": letters in turn take a value each while there are values left.
function modeChanges(text: string): { set: boolean; mode: string; value?: string }[] {
  const [letters = "", ...values] = text.split(/\s+/);
  let set = true;
  const changes: { set: boolean; mode: string; value?: string }[] = [];
  for (const letter of letters) {
    if (letter === "+" || letter === "-") set = letter === "+";
    else changes.push({ set, mode: letter });
  }
  const late = changes.slice(Math.max(0, changes.length - values.length));
  late.forEach((change, i) => (change.value = values[i]));
  return changes;
}

async function whoisHere(call: Call): Promise<ResultEvent> {
  const result = await ask(call, { do: "whois", nick: call.first });
  const { person } = result;
  if (person) {
    const { nick, user, host, real_name, account, away } = person;
    const parts = [host && `${user ?? ""}@${host}`, real_name, account, away].filter(Boolean);
    chat.note(call.place, `${nick}: ${parts.join(", ")}`);
  }
  return result;
}

function help(call: Call): void {
  const named = table[call.first.replace(/^\//, "")];
  const lines = named
    ? [`/${call.first.replace(/^\//, "")} ${named.usage}`]
    : [w.help, ...commandNames(call.connection).map((name) => `/${name} ${table[name]?.usage}`)];
  chat.note(call.place, lines.join("\n"));
}

export function commandNames(connection: Connection): string[] {
  const { features } = connection.model;
  return Object.keys(table)
    .filter((name) => name !== "part" && (!table[name]?.feature || features.has(table[name].feature)))
    .sort();
}

export function isCommand(name: string): boolean {
  return Object.hasOwn(table, name);
}

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
  if (slash.feature && !connection.model.features.has(slash.feature)) {
    return chat.note(place, w.unavailable, true);
  }
  if (slash.inRoom && !room) return chat.note(place, w.notRoom, true);
  if (given < (slash.needs ?? 0)) {
    return chat.note(place, w.missing(`/${name} ${slash.usage}`), true);
  }
  const call = { app, place, connection, room, text: text.trim(), first, rest };
  try {
    const result = await slash.run(call);
    if (!result || result.ok) return;
    const { code = "", text: why = "" } = result.error ?? {};
    const at = { nick: first, room: name === "join" ? first : room, network: connection.model.title };
    chat.note(place, words.failure(code, why, at), true);
  } catch (error) {
    chat.note(place, (error as Error).message, true);
  }
}
