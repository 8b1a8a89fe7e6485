// SPDX-License-Identifier: GPL-3.0-or-later
//
// In a frame of a page that knows its visitor already: that page hands over who he is and a token of
// its own making, which the chat server checks in place of a password. Only pages of sites that the
// operator has listed can put this one into a frame (frame-ancestors), so whoever is around it may
// speak; links and other windows may not. The token is kept in memory alone and asked for again
// whenever one is needed, so that it may be as short-lived as the site likes.
import { html } from "lit/html.js";
import type { EnterRequest } from "../client/index.ts";
import { chat } from "./chat.ts";
import { comeBack } from "./returning.ts";
import { redraw } from "./frames.ts";
import { plainName } from "./text.ts";
import { more } from "./words_later.ts";

const w = more.handed;
const answeredWithin = 5000; // ms; a page that says nothing hands nothing over
const waiting = new Set<() => void>();

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const short = (value: unknown, most: number): string => (isText(value) ? value.slice(0, most) : "");

addEventListener("message", (event: MessageEvent<unknown>) => {
  const told = event.data as Record<string, unknown> | null;
  if (event.source !== parent || told?.halley !== "identity") return;
  const { account, token } = told;
  if (!isText(account) || !isText(token)) return;
  const site = new URL(event.origin).host;
  chat.handed = {
    network: short(told.network, 64),
    nick: short(told.nick, 64),
    account,
    token,
    line: html`<p class="lead">${w.signsIn(site, plainName(account))}</p>`,
    refused: w.refused(site),
  };
  for (const answer of waiting) answer();
  redraw();
});

// Nothing in it is secret: a page that does not expect us learns nothing.
function ask(): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      waiting.delete(done);
      resolve();
    };
    const timer = setTimeout(done, answeredWithin);
    waiting.add(done);
    parent.postMessage({ halley: "who" }, "*");
  });
}

chat.renew = async (request: EnterRequest): Promise<EnterRequest> => {
  await ask();
  const { handed } = chat;
  if (!handed || (handed.network && handed.network !== request.network)) return request;
  return { ...request, account: handed.account, password: handed.token };
};

// The session was ended and its token is too old to begin another with: once more with a new one.
// Nobody is asked, as he has not signed in himself.
let isTried = false;
chat.watchers.add((connection, event) => {
  if (event.ev === "online") isTried = false;
  if (event.ev !== "offline" || !event.final || event.error.code !== "bad_password") return;
  if (isTried || !connection.model.conversations.size) return; // still on the card
  isTried = true;
  setTimeout(() => void comeBack(connection), 0);
});

void ask();
