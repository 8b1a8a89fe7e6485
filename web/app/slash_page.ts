// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the page itself does after a slash: shows a part of it, or changes what this reader sees.
import type { App } from "./shell.ts";
import { chat } from "./chat.ts";
import { ignore } from "./choosing.ts";
import { redraw } from "./frames.ts";
import { isIgnored } from "./settings.ts";
import { ask, type Slash } from "./slash.ts";
import { more } from "./words_later.ts";

const w = more.command;

function ignoring(isOn: boolean): Slash {
  return {
    usage: "nick",
    needs: 1,
    run({ place, first: nick }) {
      const where = chat.at(place);
      const account = where?.members.find(nick)?.account ?? "";
      const who = { network: place.network, nick, account };
      if (where && isIgnored(place.network, where, nick) !== isOn) ignore(who, isOn);
      chat.note(place, isOn ? w.ignoring(nick) : w.unignored(nick));
    },
  };
}

// The part that has the field may have to be fetched first.
function searchIn(app: App, part: string, text: string, tries = 40): void {
  const field = app.querySelector<HTMLInputElement>(`${part} [type="search"]`);
  if (!field) {
    if (tries) setTimeout(() => searchIn(app, part, text, tries - 1), 50);
    return;
  }
  field.value = text;
  field.dispatchEvent(new Event("input"));
}

export const onPage: Record<string, Slash> = {
  names: {
    usage: "",
    inRoom: true,
    run(call) {
      if (!call.app.panelOpen || call.app.panel !== "members") call.app.togglePanel("members");
      return ask(call, { do: "names", room: call.room });
    },
  },
  list: {
    usage: "[filter]",
    feature: "list",
    run(call) {
      call.app.openDialog("rooms");
      if (call.text) searchIn(call.app, ".rooms", call.text);
    },
  },
  clear: {
    usage: "",
    run(call) {
      const where = chat.at(call.place);
      if (where) where.lines = [];
      redraw();
    },
  },
  shortcuts: { usage: "", run: (call) => call.app.openDialog("sheet") },
  ignore: ignoring(true),
  unignore: ignoring(false),
  search: {
    usage: "text",
    run(call) {
      if (call.app.panel !== "search" || !call.app.panelOpen) call.app.togglePanel("search");
      searchIn(call.app, ".search", call.text);
    },
  },
  mark: {
    usage: "",
    run(call) {
      const where = chat.at(call.place);
      if (where) chat.markRead(call.place, where);
    },
  },
};
