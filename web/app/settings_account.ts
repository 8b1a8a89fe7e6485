// SPDX-License-Identifier: GPL-3.0-or-later
//
// The group of settings about who the reader is: nick and account on each network, and what this
// browser keeps of him.
import { html, type TemplateResult } from "lit/html.js";
import { chat, type Connection } from "./chat.ts";
import { leaveNetwork } from "./entering.ts";
import { ofBrowser, ofTab } from "./keep.ts";
import { carryOut } from "./moderation.ts";
import type { Part } from "./part.ts";
import { plainName } from "./text.ts";
import { failureText } from "./words.ts";
import { more } from "./words_later.ts";

const w = more.settings;
let problem = "";

export function accountGroup(page: Part): TemplateResult {
  return html`${[...chat.connections.values()].map((connection) => network(connection, page))}
    <p role="alert" class="problem">${problem}</p>
    <p><button @click=${download}>${w.data}</button></p>
    <p><button class="destructive" @click=${signOut}>${w.signOut}</button></p>
    <p class="hint">${w.signOutHint}</p>`;
}

function network({ model }: Connection, page: Part): TemplateResult {
  const { features, title } = model;
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
    ${features.has("login") && !model.account ? login(model.network, title, page) : ""}
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
      const place = { network: name, name: "" };
      void carryOut(place, { do: "login", account, password }).then((what) => {
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

function signOut(): void {
  for (const name of [...chat.connections.keys()]) leaveNetwork(name);
  for (const store of [ofBrowser, ofTab]) {
    for (const name of Object.keys(store ?? {})) if (name.startsWith("halley:")) store?.removeItem(name);
  }
  location.assign("/");
}
