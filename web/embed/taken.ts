// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sentences that an embedded room has in common with the chat page. The build takes them out of the
// page's own catalogues (../app/words), in each language; what only the embed says is in words/.
import type { First } from "../app/words/en.ts";
import type { enLater } from "../app/words/en_later.ts";

export const taken = {
  signIn: [
    "nick", "joining", "tryAgain", "havePassword", "account", "accountHint", "password",
  ],
  bar: [
    "connecting", "joining", "offline", "quiet", "lost", "retrying", "tryNow", "gateway",
    "networkAlone", "refused", "expired", "ended", "rejoin", "kicked", "banned", "left",
  ],
  failure: [
    "nick_in_use", "bad_nick", "bad_password", "account_needed", "invite_only", "room_key", "room_full", "banned",
    "refused", "cannot_speak", "too_fast", "too_many", "unreachable", "not_supported", "other",
  ],
  room: ["members", "nothing", "beginning", "earlier", "latest", "log", "close", "leave", "announceMany", "typing", "typingMany"],
  line: [
    "notSent", "notSentWhy", "again", "remove", "sending", "edited", "notice", "removed", "joined",
    "joinedMany", "left", "leftMany", "passed", "passedMany", "renamed", "renamedMany",
    "topic", "kicked", "banned", "gap", "ownNick", "audience", "earlierReply",
  ],
  rare: ["more", "reaction"],
  nicks: ["form", "hidden", "first", "long"],
  panel: ["title", "away", "you"],
  composer: ["placeholder", "send", "replying", "editing", "stop", "stopEditing"],
  tools: ["actions", "replyTo", "react", "edit", "retract"],
} as const;

type All = First & typeof enLater;
type List = typeof taken;
export type Taken = {
  [Group in keyof List]: Pick<All[Group], List[Group][number] & keyof All[Group]>;
};
