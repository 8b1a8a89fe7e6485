// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the rows of a log know of it, and what happens when one clicks in them.
import type { Conversation } from "../client/index.ts";
import type { Rows } from "./rows.ts";
import type { App } from "./shell.ts";

interface RowsOwner {
  app: App;
  toMessage(id: string): void;
  redrawInPlace(): void;
}

export function rowsOf(log: RowsOwner): Rows {
  const rows: Rows = {
    where: undefined as unknown as Conversation, // before the first is drawn
    place: { network: "", name: "" },
    presence: "smart",
    opened: new Set(),
    shown: new Set(),
    onToggle: (key) => {
      if (!rows.opened.delete(key)) rows.opened.add(key);
      log.redrawInPlace();
    },
    onShow: (url) => {
      rows.shown.add(url);
      log.redrawInPlace();
    },
    onNick: (nick) => log.app.openPerson(nick),
    onJump: (id) => log.toMessage(id),
    onReact: (line, mark) => {
      void import("./writing.ts").then(({ react }) => react(rows.place, line, mark), () => {});
    },
  };
  return rows;
}
