// SPDX-License-Identifier: GPL-3.0-or-later
//
// The chat page in a frame of a site that knows its visitor: the site hands over who he is and a token
// (JWT) that it has made, which a real ejabberd checks.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { guest } from "./host_site.mjs";
import { faultless, sites } from "./sites.mjs";
import { fresh } from "./world.mjs";

const { host, world } = sites({ more: { tokens: {} } });

const base64 = (text) => Buffer.from(text).toString("base64url");

// RFC 7519, as the server of the site would make one.
function token(account, seconds) {
  const exp = Math.floor(Date.now() / 1000) + seconds;
  const text = `${base64('{"alg":"HS256","typ":"JWT"}')}.${base64(JSON.stringify({ jid: `${account}@gamma.test`, exp }))}`;
  const key = "a key of a site and its chat server"; // world.py
  return `${text}.${createHmac("sha256", key).update(text).digest("base64url")}`;
}

// A visitor of the site, whose page answers as web/README.md says: with these tokens in turn, and the
// last of them from then on.
async function visitor(account, tokens, room) {
  const one = await guest(world, host, { bypassCSP: true });
  await one.page.addInitScript(
    ({ account, tokens, gateway }) => {
      if (parent !== window) {
        // So that what the page asks can be looked at.
        delete globalThis.SharedWorker;
        delete globalThis.WebSocket;
        return;
      }
      window.asked = 0;
      addEventListener("message", ({ data, source, origin }) => {
        if (origin !== gateway || data?.halley !== "who") return;
        window.asked++;
        const token = tokens.length > 1 ? tokens.shift() : tokens[0];
        source.postMessage({ halley: "identity", nick: account, account, token }, gateway);
      });
    },
    { account, tokens, gateway: world.url },
  );
  const url = `${world.url}/r/tokens/${encodeURIComponent(room)}`;
  await one.visit(host.page(`<iframe title="chat" src="${url}" width="700"></iframe>`));
  one.frame = one.page.frames().find((frame) => frame !== one.page.mainFrame());
  one.within = one.page.frameLocator("iframe");
  return one;
}

const isSignedIn = async ({ within }, account) => {
  await within.locator('.foot button:has-text("Settings")').click();
  await within.locator("#tab-account").click();
  await within.locator(".settings .hint", { hasText: `Signed in as ${account}` }).waitFor();
};

test("a site that knows its visitor signs him in: one button, and no password", async () => {
  const room = fresh("known");
  const ada = await visitor("ada", [token("ada", 600)], room);
  const { within } = ada;
  await within.locator(".card .lead", { hasText: `localhost:${new URL(host.url).port} signs you in as ada.` }).waitFor();
  assert.equal(await within.locator('[name="nick"]').inputValue(), "ada");
  assert.equal(await within.locator('[name="password"], .below').count(), 0);
  // Others on the page have no say in it.
  await ada.frame.evaluate(() => postMessage({ halley: "identity", account: "mallory", token: "x" }, "*"));
  await faultless({ page: ada.frame }, "handed over");
  await within.locator('button[type="submit"]').click();
  await within.locator(".head h1", { hasText: room }).waitFor();
  await isSignedIn(ada, "ada");
});

test("a token that is not accepted is told, and the site is asked for another", async () => {
  const room = fresh("late");
  const bo = await visitor("bo", [token("bo", -60), token("bo", 600)], room);
  const { within } = bo;
  await within.locator('button[type="submit"]').click();
  await within.locator(".problem", { hasText: "could not sign you in. Try again." }).waitFor();
  await bo.page.waitForFunction(() => window.asked === 2);
  await within.locator('button[type="submit"]').click();
  await within.locator(".head h1", { hasText: room }).waitFor();
  await isSignedIn(bo, "bo");
});

test("when the session has ended and its token is too old, a new one brings him back, and he is not asked", async () => {
  const room = fresh("again");
  const old = token("cy", 600);
  const cy = await visitor("cy", [old, token("cy", 700)], room);
  cy.forgiven = /ERR_CONNECTION|WebSocket|503|404/;
  await cy.within.locator('button[type="submit"]').click();
  await cy.within.locator(".head h1", { hasText: room }).waitFor();
  // What tells how things are is fetched a moment later.
  await cy.frame.waitForFunction(() => customElements.get("halley-bar"));
  await world.tell("kill-gateway");
  await cy.within.locator(".bar").waitFor();
  // As if he had been here for longer than his token lasts.
  const tried = [];
  await cy.page.route("**/chat/v1/sessions", async (route) => {
    const body = route.request().postDataJSON();
    tried.push(body.password === old);
    const password = body.password === old ? token("cy", -60) : body.password;
    await route.continue({ postData: JSON.stringify({ ...body, password }) });
  });
  await world.tell("start-gateway");
  await cy.page.waitForFunction(() => window.asked === 2);
  await cy.within.locator(".bar").waitFor({ state: "detached" });
  assert.deepEqual(tried, [true, false]);
  await isSignedIn(cy, "cy");
});
