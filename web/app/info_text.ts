// SPDX-License-Identifier: GPL-3.0-or-later
//
// What happened to a room and to people in it, in words: its topic, who was removed, who may do what.
import type { InfoLine } from "../client/index.ts";
import { plainName } from "./plain_text.ts";
import { clockTime } from "./time.ts";
import { more } from "./words_later.ts";

const w = more.line;
type Info = InfoLine["info"];

export function infoText(info: Info): string {
  switch (info.what) {
    case "topic":
      return w.topic(info.from && plainName(info.from), info.text);
    case "kicked": {
      const say = info.ban ? w.banned : w.kicked;
      return say(info.from && plainName(info.from), plainName(info.who), info.text);
    }
    case "mode":
      return modeText(info);
    case "role":
      return w.role(plainName(info.who), more.aRole[info.rank]);
    case "gap":
      return w.gap(clockTime(info.since), clockTime(info.until));
    case "own_nick":
      return w.ownNick(plainName(info.to));
    case "away":
      return w.away(plainName(info.from), info.text);
    default:
      return info.text;
  }
}

function modeText({ from, changes }: Extract<Info, { what: "mode" }>): string {
  const by = from ? plainName(from) : w.service;
  const roles = changes.filter((change) => change.role && change.value);
  const others = changes.filter((change) => !(change.role && change.value));
  const sentences = roles.map(({ set, role, value }) => {
    const title = more.aRole[role ?? "member"];
    return set ? w.gave(by, plainName(value ?? ""), title) : w.took(by, plainName(value ?? ""), title);
  });
  if (others.length) {
    const list = others.map((one) => `${one.set ? "+" : "-"}${one.mode} ${one.value ?? ""}`.trim());
    sentences.push(w.mode(by, list.join(" ")));
  }
  return sentences.join(" ");
}
