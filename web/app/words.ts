// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every word people read, in English: the one file a translation replaces. Whole sentences, never
// glued from parts; counts through one() below. No word here knows which kind of network it is on.
import { shortName } from "../client/model/names.ts";
import type { Rank } from "../client/model/members.ts";

const count = new Intl.NumberFormat("en");
const and = new Intl.ListFormat("en", { type: "conjunction" });
const plural = new Intl.PluralRules("en");

function one(n: number, single: string, several: string): string {
  return (plural.select(n) === "one" ? single : several).replace("#", count.format(n));
}

function naming(names: string[], verb: string): string {
  return names.length <= 3 ? `${and.format(names)} ${verb}` : `${count.format(names.length)} ${verb}`;
}

const quoted = (text: string | undefined): string => (text ? `: "${text}"` : ".");

export const words = {
  locale: "en",
  product: "Halley",

  signIn: {
    start: "Start chatting",
    joinRoom: (room: string) => `Join ${room}`,
    lead: "No account needed. Pick a name and you are in.",
    network: "Network",
    nick: "Nick",
    havePassword: "I have a password",
    account: "Account",
    accountHint: "Leave empty if it is the same as your nick.",
    password: "Password",
    show: "Show",
    hide: "Hide",
    room: "Room",
    join: "Join",
    connecting: "Connecting...",
    joining: "Joining...",
    cancel: "Cancel",
    addTitle: "Add a network",
    noNetworks: "This site has no chat networks yet.",
    loading: "One moment...",
    tryAgain: "Try again",
    needNick: "Choose a nick first.",
    needRoom: "Which room?",
    usedHere: "You are already on this network in this window.",
  },

  bar: {
    connecting: (network: string) => `Connecting to ${network}...`,
    joining: (room: string) => `Joining ${room}...`,
    offline: "You're offline. Messages you write will be sent when you're back.",
    quiet: "Checking your connection...",
    lost: (s: number) => `Connection lost. Trying again in ${s} s.`,
    retrying: "Connection lost. Trying again...",
    tryNow: "Try now",
    gateway: "The chat service can't be reached. We keep trying.",
    network: (network: string) =>
      `${network} isn't answering. We keep trying. Your other networks work.`,
    networkAlone: (network: string) => `${network} isn't answering. We keep trying.`,
    refused: (network: string, reason: string) =>
      `${network} doesn't accept connections from here. ${reason}`,
    expired: "You were away too long and left the room.",
    restarting: (network: string) => `${network} is restarting. You'll be back shortly.`,
    ended: (reason: string) => `You have left. ${reason}`,
    rejoin: "Rejoin",
    details: "Details",
    kicked: (by: string | undefined, room: string, reason: string | undefined) =>
      `${by ?? "The service"} removed you from ${room}${quoted(reason)}`,
    banned: (by: string | undefined, room: string, reason: string | undefined) =>
      `${by ?? "The service"} banned you from ${room}${quoted(reason)}`,
    left: (room: string) => `You are not in ${room}.`,
  },

  failure: (code: string, text: string, at: { nick: string; room: string; network: string }) => {
    const room = shortName(at.room);
    switch (code) {
      case "nick_in_use":
        return `${at.nick} is in use. Try ${at.nick}2 or another name.`;
      case "bad_nick":
        return text || "That nick can't be used here.";
      case "bad_password":
        return `That password doesn't match ${at.nick}.`;
      case "account_needed":
        return at.room ? `${room} is for registered nicks.` : `${at.network} is for registered nicks.`;
      case "invite_only":
        return `${room} is by invitation.`;
      case "room_key":
        return `${room} needs a password.`;
      case "room_full":
        return `${room} is full right now.`;
      case "banned":
        return at.room
          ? `You can't join ${room}: you've been banned. ${text}`
          : `${at.network} doesn't accept connections from here. ${text}`;
      case "cannot_speak":
        return "You can read here but not write.";
      case "too_fast":
        return "Slow down a little and try again.";
      case "too_many":
        return "The guest area is full. Try again in a minute.";
      case "unreachable":
        return "The chat service can't be reached. Try again in a moment.";
      case "not_supported":
        return "Not available on this network.";
      default:
        return text || "That didn't work.";
    }
  },

  sidebar: {
    rooms: "Rooms",
    direct: "Direct messages",
    messages: "Network messages",
    joinRoom: "Join a room",
    roomName: "Room name",
    browse: "Browse rooms",
    addNetwork: "Add network",
    leaveNetwork: (network: string) => `Leave ${network}`,
    mentions: (n: number) => one(n, "# mention", "# mentions"),
    unread: (n: number) => one(n, "# new message", "# new messages"),
    online: "Connected",
    connecting: "Connecting",
    offline: "Not connected",
    theme: { system: "Theme: system", light: "Theme: light", dark: "Theme: dark" },
    empty: "You are in no room yet.",
    invited: (from: string, room: string) => `${from} invites you to ${room}`,
    accept: "Join",
    back: "Show all rooms",
    awayNow: "Away",
  },

  room: {
    members: (n: number) => one(n, "# member", "# members"),
    topic: "Topic",
    noTopic: "No topic",
    setTopic: "Set a topic",
    topicBy: (by: string, when: string) => `Set by ${by} on ${when}`,
    save: "Save",
    close: "Close",
    leave: (room: string) => `Leave ${room}`,
    first: "You're the first one here. Share the link:",
    copyLink: "Copy link",
    copied: "Copied",
    nothing: "Nobody has written since you joined.",
    nothingDirect: (nick: string) => `This is the start of your conversation with ${nick}.`,
    beginning: "This is as far back as we can see.",
    earlier: "Loading earlier messages...",
    latest: "Jump to latest",
    latestNew: (n: number) => one(n, "# new message", "# new messages"),
    newSince: (time: string) => `New since ${time}`,
    log: (room: string) => `Messages in ${room}`,
    typing: (names: string[]) =>
      names.length > 3
        ? "Several people are typing"
        : `${and.format(names)} ${names.length === 1 ? "is" : "are"} typing`,
    announceMany: (n: number, room: string) => `${one(n, "# new message", "# new messages")} in ${room}`,
    skip: "Skip to the message field",
    toMembers: "Show members",
    hideMembers: "Hide members",
  },

  line: {
    notSent: "Not sent.",
    notSentWhy: (why: string) => `Not sent: ${why}`,
    again: "Send again",
    remove: "Delete",
    sending: "sending",
    edited: "(edited)",
    notice: "notice",
    removed: (by: string) => `Message removed by ${by}`,
    audience: (prefix: string) => `to ${prefix}`,
    joined: (names: string[]) => naming(names, "joined"),
    left: (names: string[]) => naming(names, "left"),
    passed: (names: string[]) => naming(names, "came and went"),
    renamed: (from: string, to: string) => `${from} is now ${to}`,
    renamedMany: (n: number) => one(n, "# changed nick", "# changed nicks"),
    more: (n: number) => `and ${count.format(n)} more`,
    topic: (from: string | undefined, text: string) =>
      text
        ? `${from ?? "Somebody"} changed the topic to: ${text}`
        : `${from ?? "Somebody"} removed the topic.`,
    kicked: (from: string | undefined, who: string, text: string | undefined) =>
      `${from ?? "The service"} removed ${who}${quoted(text)}`,
    banned: (from: string | undefined, who: string, text: string | undefined) =>
      `${from ?? "The service"} banned ${who}${quoted(text)}`,
    gave: (from: string, who: string, role: string) => `${from} made ${who} ${role}.`,
    took: (from: string, who: string, role: string) => `${who} is no longer ${role} (by ${from}).`,
    role: (who: string, role: string) => `${who} is now ${role}.`,
    mode: (from: string, changes: string) => `${from} changed the room: ${changes}`,
    service: "The service",
    gap: (since: string, until: string) =>
      `Back online. Some messages from ${since} to ${until} could not be fetched.`,
    ownNick: (to: string) => `You are now ${to}.`,
    away: (from: string, text: string) => `${from} is away: ${text}`,
  },

  roles: {
    owner: "Owners",
    admin: "Admins",
    op: "Moderators",
    halfop: "Helpers",
    voice: "Voices",
    member: "Members",
    visitor: "Visitors",
  } satisfies Record<Rank, string>,
  role: {
    owner: "Owner",
    admin: "Admin",
    op: "Moderator",
    halfop: "Helper",
    voice: "Voice",
    member: "Member",
    visitor: "Visitor",
  } satisfies Record<Rank, string>,
  aRole: {
    owner: "an owner",
    admin: "an admin",
    op: "a moderator",
    halfop: "a helper",
    voice: "a voice",
    member: "a member",
    visitor: "a visitor",
  } satisfies Record<Rank, string>,

  panel: {
    title: "Members",
    filter: "Filter",
    nobody: (filter: string) => `Nobody here matches "${filter}".`,
    hidden: "This room doesn't show its members.",
    away: "away",
    you: "you",
    person: "Person",
    message: "Message privately",
    mention: "Mention",
    whois: "Look up",
    remove: (nick: string) => `Remove ${nick}`,
    ban: (nick: string) => `Ban ${nick}`,
    makeOp: (nick: string) => `Make ${nick} moderator`,
    takeOp: (nick: string) => `Take moderator from ${nick}`,
    giveVoice: (nick: string) => `Give ${nick} voice`,
    takeVoice: (nick: string) => `Take voice from ${nick}`,
    reason: "Reason",
    cancel: "Cancel",
    realName: "Name",
    account: "Account",
    address: "Address",
    server: "Server",
    idle: "Idle",
    since: "Here since",
    awayText: "Away",
    inRooms: "Rooms",
    bot: "bot",
    minutes: (n: number) => one(n, "# minute", "# minutes"),
  },

  composer: {
    label: "Message",
    placeholder: (where: string) => `Message ${where}`,
    closed: "You can't write here now.",
    send: "Send",
    nicks: "Suggestions",
    pasteTitle: (n: number, where: string) => one(n, `Send # line to ${where}?`, `Send # lines to ${where}?`),
    pasteSend: (n: number) => one(n, "Send as # message", "Send as # messages"),
    cancel: "Cancel",
    unknown: (command: string) => `/${command} is not a command. Try /help, or start with // to send it.`,
    password: "This looks like a password. Send to the room anyway?",
    sendAnyway: "Send anyway",
    bytes: (n: number) => one(n, "# message", "# messages"),
  },

  list: {
    title: (network: string) => `Rooms on ${network}`,
    filter: "Search rooms",
    none: "No rooms found.",
    loading: "Asking for the list...",
    people: (n: number) => count.format(n),
  },

  command: {
    missing: (usage: string) => `Usage: ${usage}`,
    unavailable: "Not available on this network.",
    notRoom: "This works in a room only.",
    away: (text: string) => `You are marked as away: ${text}`,
    back: "You are no longer away.",
    noticeSent: (to: string, text: string) => `Notice to ${to}: ${text}`,
    invited: (nick: string, room: string) => `${nick} is invited to ${room}.`,
    help: "Commands:",
    shortcuts: [
      ["Alt+Up, Alt+Down", "previous or next room"],
      ["Alt+A", "next room with a mention or something new"],
      ["F6", "go round sidebar, messages, message field and members"],
      ["Tab", "complete a nick"],
      ["Up, Down", "lines you sent before"],
      ["Page Up, Page Down", "scroll the messages"],
      ["Ctrl+Shift+End", "jump to the latest message"],
      ["Escape", "close, or go to the end and mark as read"],
      ["Alt+M", "members"],
    ] as [string, string][],
  },
};
