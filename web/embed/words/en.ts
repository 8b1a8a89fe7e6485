// SPDX-License-Identifier: GPL-3.0-or-later
//
// What only an embedded room says, in English and in ICU form (../../app/icu.ts).
export const en = {
  title: "Chat in {0}",
  join: "Join the chat",
  joinAs: "Join as {0}",
  readAlong: "Read along",
  reading: "You are reading along.",
  here: "{0, plural, =0 {Nobody is here now} one {# person is here now} other {# people are here now}}",
  invite: "No account needed. Pick a name and you are in.",
  consent: "This chat is run by {0}. Nothing is sent there until you agree.",
  agree: "Show the chat",
  open: "Open in a window of its own",
  membersOnly: "This chat is for people with an account.",
  noNetwork: "This chat gateway has no network called {0}.",
  unnamed: "This chat needs to know where it is: network=\"...\" and room=\"...\".",
  site: "This chat isn't open to {0} yet.",
  siteHow:
    "If you run the gateway: add this to the [http] part of its halley.toml and start it again.",
  sandbox:
    "This chat is in a frame that may not be itself. Add allow-same-origin to the frame's sandbox.",
  broken: "This part of the chat could not be loaded. Reload the page to try again.",
  noCommand: "There are no commands here but /me. Start with // to send a line that begins with /.",
  key: "Password of the room",
  older: "Show earlier messages",
  someOne: "Somebody",
} as const;

export type OwnWords = { [K in keyof typeof en]: string };
