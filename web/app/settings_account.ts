// SPDX-License-Identifier: GPL-3.0-or-later
//
// The group of settings about who the reader is: nick and account on each network, and what this
// browser keeps of him.
import { html, type TemplateResult } from "lit/html.js";
import { chat, type Connection } from "./chat.ts";
import type { ChatEvent, Conversation, EnterRequest, Failure, Hello } from "../client/index.ts";
import { leaveNetwork } from "./leaving.ts";
import { comeBack } from "./returning.ts";
import { failureText } from "./failing.ts";
import { ofBrowser, ofTab } from "./keep.ts";
import { carryOut } from "./moderation.ts";
import { canSignIn } from "./out_of_room.ts";
import type { Part } from "./part.ts";
import { change, settings } from "./settings.ts";
import { plainName } from "./text.ts";
import { more } from "./words_later.ts";

const w = more.settings;
let problem = "";

export function accountGroup(page: Part): TemplateResult {
  return html`${[...chat.connections.values()].map((connection) => network(connection, page))}
    <label class="field"
      ><span>${w.alternative}</span>
      <input
        name="alternative"
        autocomplete="off"
        autocapitalize="none"
        maxlength="64"
        .value=${settings.alternative}
        @change=${(event: Event) => change({ alternative: (event.target as HTMLInputElement).value.trim() })}
      />
    </label>
    <p class="hint">${w.alternativeHint}</p>
    <label class="check"
      ><input type="checkbox" name="stay" .checked=${settings.stay} @change=${stay} />${w.stay}</label
    >
    <p class="hint">${w.stayHint}</p>
    <p role="alert" class="problem">${problem}</p>
    <p><button @click=${download}>${w.data}</button></p>
    <p><button class="destructive" @click=${signOut}>${w.signOut}</button></p>
    <p class="hint">${w.signOutHint}</p>`;
}

function network({ model }: Connection, page: Part): TemplateResult {
  const { title } = model;
  const state = model.account ? w.signedIn(plainName(model.account)) : w.guest;
  return html`<section>
    <h2>${title}</h2>
    <form class="with-button" @submit=${(event: SubmitEvent) => void rename(event, model.network, page)}>
      <label class="field"
        ><span>${w.nick(title)}</span>
        <input name="nick" autocomplete="off" .value=${model.nick} />
      </label>
      <button>${w.change}</button>
    </form>
    <p class="hint">${state}</p>
    ${canSignIn(model) ? login(model.network, title, page) : ""}
  </section>`;
}

function login(name: string, title: string, page: Part): TemplateResult {
  return html`<form
    aria-label=${w.loginTitle(title)}
    @submit=${(event: SubmitEvent) => {
      event.preventDefault();
      const data = new FormData(event.target as HTMLFormElement);
      const account = String(data.get("account"));
      const password = String(data.get("password"));
      void signIn(name, account, password).then((what) => {
        problem = what;
        page.requestUpdate();
      });
    }}
  >
    <label class="field"
      ><span>${w.account}</span><input name="account" autocomplete="username"
    /></label>
    <label class="field"
      ><span>${w.password}</span
      ><input name="password" type="password" autocomplete="current-password"
    /></label>
    <button>${w.login}</button>
  </form>`;
}

// From within, where the network can do that; elsewhere by coming again as somebody. What has asked for
// an account is entered with it. Says what went wrong.
async function signIn(network: string, account: string, password: string): Promise<string> {
  const connection = chat.connections.get(network);
  if (!connection || !account || !password) return "";
  const { model, request } = connection;
  if (model.features.has("login")) {
    const why = await carryOut({ network, name: "" }, { do: "login", account, password });
    if (!why && settings.stay) {
      void import("./staying.ts").then(({ keepPassword }) => keepPassword(account, password), () => {});
    }
    return why;
  }
  const refused: Conversation[] = [];
  for (const one of model.conversations.values()) {
    if (one.ended?.code === "account_needed") refused.push(one);
  }
  for (const one of refused) one.ended = undefined;
  const why = await comeAs(connection, { ...request, account, password });
  if (!why) return "";
  const guest = chat.connections.get(network);
  if (guest) await comeAs(guest, request);
  return failureText(why.code, why.text, { nick: account, room: "", network: model.title });
}

// Resolves when the network has let him in, or with why it has not.
async function comeAs(connection: Connection, request: EnterRequest): Promise<Failure | undefined> {
  const { network } = request;
  const outcome = new Promise<Failure | undefined>((resolve) => {
    const watch = ({ model, request: asked }: Connection, event: ChatEvent | Hello): void => {
      if (model.network !== network || asked.account !== request.account) return;
      if (event.ev !== "online" && event.ev !== "offline") return;
      chat.watchers.delete(watch);
      resolve(event.ev === "offline" ? event.error : undefined);
    };
    chat.watchers.add(watch);
  });
  connection.request = request;
  await comeBack(connection);
  return outcome;
}

async function rename(event: SubmitEvent, name: string, page: Part): Promise<void> {
  event.preventDefault();
  const nick = String(new FormData(event.target as HTMLFormElement).get("nick")).trim();
  if (!nick) return;
  const result = await chat.do(name, { do: "nick", nick }).catch(() => undefined);
  const { code = "", text = "" } = result?.error ?? {};
  problem = result?.ok ? "" : failureText(code, text, { nick, room: "", network: name });
  page.requestUpdate();
}

function download(): void {
  const kept = Object.entries({ ...ofBrowser }).filter(([name]) => name.startsWith("halley:"));
  const talks = [...chat.connections].map(([network, { model }]) => ({
    network,
    conversations: [...model.conversations.values()].map(({ name, lines }) => ({
      name,
      lines: lines.map((line) =>
        line.type === "said" ? { at: line.at, from: line.from, text: line.text } : { at: line.at },
      ),
    })),
  }));
  const text = JSON.stringify({ kept: Object.fromEntries(kept), talks }, null, 2);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = "halley.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function stay(): void {
  change({ stay: !settings.stay });
  if (settings.stay) void import("./staying.ts").then(({ keepPasswords }) => keepPasswords(), () => {});
}

function signOut(): void {
  change({ stay: false });
  for (const name of [...chat.connections.keys()]) leaveNetwork(name);
  for (const store of [ofBrowser, ofTab]) {
    for (const name of Object.keys(store ?? {})) if (name.startsWith("halley:")) store?.removeItem(name);
  }
  location.assign("/");
}
