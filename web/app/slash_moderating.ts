// SPDX-License-Identifier: GPL-3.0-or-later
//
// The commands of those who look after a room: roles, bans, silence.
import type { ResultEvent, Role } from "../client/index.ts";
import { chat } from "./chat.ts";
import { ask, optional, type Call, type Slash } from "./slash.ts";

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

// For those who look after a room.
export const moderating: Record<string, Slash> = {
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
  slow: {
    usage: "seconds",
    feature: "slow",
    inRoom: true,
    needs: 1,
    run: (call) => ask(call, { do: "mode", room: call.room, slow: Number(call.first) || 0 }),
  },
  voice: giveRole("voice", true),
  devoice: giveRole("voice", false),
  op: giveRole("op", true),
  deop: giveRole("op", false),
  owner: giveRole("owner", true),
  admin: giveRole("admin", true),
  member: {
    usage: "nick",
    feature: "role",
    inRoom: true,
    needs: 1,
    async run(call) {
      const { roles = [] } = chat.at(call.place)?.members.find(call.first) ?? {};
      for (const role of roles) {
        const result = await giveRole(role, false).run(call);
        if (result && !result.ok) return result;
      }
      return undefined;
    },
  },
};
