// SPDX-License-Identifier: GPL-3.0-or-later
//
// Signing in and talking, told twice: the same page on IRC and on XMPP.
import assert from "node:assert/strict";
import { describe } from "node:test";
import { setting } from "./setting.mjs";
import { fresh, kinds, screens } from "./world.mjs";

const { world, test } = setting();

test("the first visit takes at most five requests and 50 KB, socket included", async () => {
  const one = await world.person({ relayed: true });
  const room = `#${fresh("weight")}`;
  // What is fetched once one can read and write is not waited for.
  await one.page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (!document.querySelector("halley-composer textarea")) return;
      observer.disconnect();
      globalThis.usableAt = performance.now();
    }).observe(document, { childList: true, subtree: true });
  });
  await one.visit(`/r/irc/${encodeURIComponent(room)}?nick=${fresh("ann")}`);
  await one.join();
  await one.sees(".panel .person");
  const late = await one.page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .filter(({ startTime }) => startTime > globalThis.usableAt)
      .map(({ name }) => new URL(name).pathname),
  );
  const counted = one.relay.answers.filter(
    ({ url }) => !url.endsWith("favicon.svg") && !late.includes(url),
  );
  const list = counted.map(({ url, bytes }) => `${url} ${bytes}`).join("\n");
  assert.ok(counted.length >= 4 && counted.length <= 5, list);
  const sum = counted.reduce((all, { bytes }) => all + bytes, 0);
  assert.ok(sum > 10000 && sum <= 50 * 1024, `${sum} bytes:\n${list}`);
});

test("a page of the gateway forbids what it does not need", async () => {
  const answer = await fetch(`${world.url}/r/irc/%23any`, { headers: { accept: "text/html" } });
  const policy = answer.headers.get("content-security-policy");
  assert.match(policy, /script-src 'self'/);
  assert.doesNotMatch(policy, /unsafe/);
  assert.equal(answer.headers.get("referrer-policy"), "no-referrer");
});

for (const kind of Object.values(kinds)) {
  describe(kind.title, () => {
    test("a visitor chooses network, nick and room, and is in", async () => {
      const one = await world.person();
      const name = fresh("room");
      await one.visit("/");
      await one.page.selectOption('[name="network"]', kind.network);
      await one.fill("nick", fresh("ann"));
      await one.fill("room", kind.room(name));
      await one.page.click('button[type="submit"]');
      await one.sees(".head h1", name);
      await one.sees(".sidebar .dot.online");
      await one.sees(".empty", "You're the first one here");
      assert.match(one.page.url(), new RegExp(`/r/${kind.network}/`));
    });

    test("the link to share names the room and not who shares it", async () => {
      const room = kind.room(fresh("share"));
      const one = await world.inRoom(kind, room); // by a link with ?nick=
      const link = await one.text(".share code");
      const path = `/r/${kind.network}/${encodeURIComponent(room)}`;
      // On XMPP with the service it is on.
      assert.ok(link.startsWith(world.url + path), link);
      assert.equal(new URL(link).search, "");
    });

    test("two people in one room read each other, each line once", async () => {
      const room = kind.room(fresh("talk"));
      const ada = await world.inRoom(kind, room);
      const bo = await world.inRoom(kind, room);
      await ada.sees(".person", bo.nick);
      await ada.saysAndIsHeard("hello from here");
      await bo.reads("hello from here");
      await bo.saysAndIsHeard("and from there");
      await ada.reads("and from there");
      await bo.says("/me waves");
      await ada.sees(".row.action .text", `${bo.nick} waves`);
      await ada.saysAndIsHeard(`${bo.nick}: look at this`);
      await bo.sees(".row.mention .text", "look at this");
      for (const one of [ada, bo]) {
        assert.equal(await one.count('.row.said .text:text-is("hello from here")'), 1);
        assert.equal(await one.count('.row.said .text:text-is("and from there")'), 1);
        assert.equal(await one.count(".row.failed, .row.sending"), 0);
      }
    });

    test("scripts of the world, emoji and markup arrive as the text they are", async () => {
      const room = kind.room(fresh("text"));
      const ada = await world.inRoom(kind, room);
      const bo = await world.inRoom(kind, room);
      const lines = [
        "\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u062c\u0645\u064a\u0639",
        "\u304a\u306f\u3088\u3046\u3054\u3056\u3044\u307e\u3059",
        "na\u00efve fa\u00e7ade \u2014 \u017elu\u0165ou\u010dk\u00fd k\u016f\u0148",
        "<img src=x onerror=alert(1)> & &amp; ${x} {{x}}",
      ];
      for (const line of lines) {
        await ada.saysAndIsHeard(line);
        await bo.sees(`.row.said .text:text-is(${JSON.stringify(line)})`);
      }
      await ada.says("\u{1f389}\u{1f44d}\u{1f3fd}");
      await bo.sees(".row.said .large", "\u{1f389}\u{1f44d}\u{1f3fd}");
      assert.equal(await bo.count(".row.said .text img"), 0);
      await ada.says("see https://example.org/a_(b). javascript:alert(1)");
      await bo.sees('.row.said a[href="https://example.org/a_(b)"]');
      assert.equal(await bo.count('.row a[href^="javascript"]'), 0);
    });

    test("a long paste of 5,000 characters arrives whole", async () => {
      const room = kind.room(fresh("paste"));
      const ada = await world.inRoom(kind, room);
      const bo = await world.inRoom(kind, room);
      const words = Array.from({ length: 715 }, (_, i) => `w${String(i).padStart(5, "0")}`);
      await ada.says(words.join(" "));
      await bo.reads("w00714");
      const texts = await bo.page.locator(".row.said .text").allTextContents();
      assert.deepEqual(texts.join(" ").split(/\s+/).filter(Boolean), words);
      await ada.seesNo(".row.sending");
    });

    test("pasting many lines asks first", async () => {
      const room = kind.room(fresh("lines"));
      const ada = await world.inRoom(kind, room);
      await ada.page.evaluate(() => {
        const data = new DataTransfer();
        data.setData("text/plain", Array.from({ length: 9 }, (_, i) => `line ${i}`).join("\n"));
        const event = new ClipboardEvent("paste", { clipboardData: data, cancelable: true });
        document.querySelector("halley-composer textarea").dispatchEvent(event);
      });
      await ada.sees(".question", "Send 9 lines to");
      assert.equal(await ada.count(".row.said"), 0);
      await ada.page.click('.question button:has-text("Send as 9 messages")');
      await ada.reads("line 8");
      await ada.page.waitForFunction(() => document.querySelectorAll(".row.said:not(.sending)").length === 9);
    });

    test("a nick that is taken is told under its field, and the room is kept", async () => {
      const room = kind.room(fresh("taken"));
      const ada = await world.inRoom(kind, room);
      const other = await world.person();
      await other.visit(`/r/${kind.network}/${encodeURIComponent(room)}?nick=${ada.nick}`);
      await other.join();
      await other.sees("#bad-nick", `${ada.nick} is in use.`);
      assert.equal(await other.page.inputValue('[name="room"]'), room);
      assert.ok(await other.page.evaluate(() => document.activeElement?.name === "nick"));
      const free = fresh("bo");
      await other.fill("nick", free);
      await other.join();
      await other.sees(".head h1");
      await ada.sees(".person", free);
    });

    test("a room name that cannot be is told where it was typed", async () => {
      const ada = await world.inRoom(kind, kind.room(fresh("start")));
      const bad = kind.network === "irc" ? "no-such-prefix with" : "@@@";
      await ada.page.click(".add .quiet");
      await ada.page.fill('.add [name="room"]', bad);
      await ada.page.press('.add [name="room"]', "Enter");
      await ada.sees(".add .problem");
      assert.ok((await ada.text(".add .problem")).length > 5);
      assert.equal(await ada.page.inputValue('.add [name="room"]'), bad);
    });

    test("an unknown command is not sent to the room", async () => {
      const ada = await world.inRoom(kind, kind.room(fresh("cmd")));
      await ada.says("/frobnicate now");
      await ada.sees(".composer .problem", "/frobnicate is not a command.");
      assert.equal(await ada.count(".row.said"), 0);
    });

    test("a topic that changes is seen by everybody", async () => {
      const room = kind.room(fresh("topic"));
      const ada = await world.inRoom(kind, room);
      const bo = await world.inRoom(kind, room);
      await ada.says("/topic tea at four");
      await bo.sees(".head .topic", "tea at four");
      await bo.sees(".row.info", "changed the topic to: tea at four");
      await ada.page.click("button.topic");
      await ada.page.fill('[name="topic"]', "tea at five");
      await ada.page.click(".room-info .primary");
      await bo.sees(".head .topic", "tea at five");
    });

    test("members come, change their names and go; the panel and one line tell it", async () => {
      const room = kind.room(fresh("people"));
      const ada = await world.inRoom(kind, room);
      const bo = await world.inRoom(kind, room);
      await ada.sees(".person", bo.nick);
      await ada.sees(".row.fold", `${bo.nick} joined`);
      const next = fresh("cy");
      await bo.says(`/nick ${next}`);
      await ada.sees(".person", next);
      await bo.sees(".person .own-nick", next);
      await ada.sees(".row.fold", `${bo.nick} is now ${next}`);
      await bo.says("/leave");
      await ada.seesNo(`.person:has-text("${next}")`);
      assert.equal(await ada.count(".row.fold"), 1);
    });

    test("whoever is removed reads by whom and why, and may come back", async () => {
      const room = kind.room(fresh("kick"));
      const ada = await world.inRoom(kind, room);
      const bo = await world.inRoom(kind, room);
      await ada.sees(".person", bo.nick);
      await ada.says(`/kick ${bo.nick} calm down`);
      await bo.sees(".bar.danger", `${ada.nick} removed you from`);
      assert.match(await bo.text(".bar"), /calm down/);
      await ada.sees(".row.info.kicked", "calm down");
      await bo.page.click(".bar button");
      await bo.seesNo(".bar");
      await bo.saysAndIsHeard("back again");
      await ada.reads("back again");
    });

    test("a private line opens a conversation and counts as a mention", async () => {
      const room = kind.room(fresh("direct"));
      const ada = await world.inRoom(kind, room);
      const bo = await world.inRoom(kind, room);
      await ada.sees(".person", bo.nick);
      await ada.says(`/msg ${bo.nick} between us`);
      await bo.sees(".sidebar .badge", "1");
      assert.match(await bo.page.title(), /^\(1\) /);
      await bo.page.click(`.sidebar .place:has-text("${ada.nick}")`);
      await bo.reads("between us");
      await bo.saysAndIsHeard("quite so");
      await ada.reads("quite so");
      await bo.seesNo(".sidebar .badge");
    });

    test("away is shown beside the name", async () => {
      const room = kind.room(fresh("away"));
      const ada = await world.inRoom(kind, room);
      const bo = await world.inRoom(kind, room);
      await ada.sees(".person", bo.nick);
      await bo.says("/away lunch");
      await ada.sees(".person.away", bo.nick);
      await bo.says("/back");
      await ada.seesNo(".person.away");
    });
  });
}

test("who comes later reads what was said before, where the network remembers", async () => {
  for (const kind of Object.values(kinds)) {
    const room = kind.room(fresh("before"));
    const ada = await world.inRoom(kind, room);
    if (kind === kinds.irc) {
      await ada.says("/mode +H 50:1h");
      await ada.sees(".row", "+H 50:1h");
    }
    await ada.saysAndIsHeard("said before you came");
    const bo = await world.inRoom(kind, room);
    await bo.reads("said before you came");
    assert.equal(await bo.count(".row.said"), 1);
    assert.equal(await bo.count(".sidebar .badge"), 0);
  }
});

test("where no WebSocket opens, and then no stream either, talking goes on", async () => {
  const room = `#${fresh("proxy")}`;
  const bo = await world.inRoom(kinds.irc, room);
  const ada = await world.person();
  ada.forgiven = /ERR_FAILED/;
  // In the page alone, where routes reach.
  await ada.page.addInitScript(() => {
    delete globalThis.SharedWorker;
    delete globalThis.WebSocket;
  });
  await ada.visit(`/r/irc/${encodeURIComponent(room)}?nick=${fresh("ann")}`);
  await ada.join();
  await ada.saysAndIsHeard("over a stream");
  await bo.reads("over a stream");
  await ada.page.route("**/events?**", (route) =>
    route.request().headers().accept === "text/event-stream" ? route.abort() : route.continue(),
  );
  await ada.page.reload();
  await ada.reads("over a stream");
  await bo.saysAndIsHeard("who is there?");
  await ada.reads("who is there?");
  await ada.saysAndIsHeard("over polls");
  await bo.reads("over polls");
  assert.equal(await bo.count(".row.fold"), 1);
});

test("with an account: a wrong password is told under its field, the right one lets in", async () => {
  const ada = await world.person();
  await ada.visit(`/r/xmpp/${fresh("account")}?nick=ada`);
  await ada.page.click('button:has-text("I have a password")');
  await ada.fill("password", "wrong");
  await ada.page.click('button[type="submit"]');
  await ada.sees("#bad-password", "That password doesn't match ada.");
  assert.equal(await ada.page.inputValue('[name="nick"]'), "ada");
  await ada.fill("password", "secret");
  await ada.page.click('button[type="submit"]');
  await ada.sees(".person .own-nick", "ada");
  const kept = await ada.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  assert.doesNotMatch(kept, /secret/);
});

test("a room one is banned from says so, by name and reason", async () => {
  const room = `#${fresh("ban")}`;
  const ada = await world.inRoom(kinds.irc, room);
  const bo = await world.inRoom(kinds.irc, room);
  await ada.sees(".person", bo.nick);
  await ada.page.click(`.person:has-text("${bo.nick}")`);
  await ada.page.click('.person-card button:has-text("Ban")');
  await ada.fill("reason", "enough");
  await ada.page.keyboard.press("Enter");
  await bo.sees(".bar.danger");
  await bo.page.click(".bar button");
  await bo.sees(".row.error", "banned");
});

test("IRC and XMPP stand side by side in one page", async () => {
  const ada = await world.inRoom(kinds.irc, `#${fresh("both")}`);
  const name = fresh("both");
  await ada.page.click('button:has-text("Add network")');
  // The focus is in the card, stays there, and is where it was when that closes.
  const isIn = () => ada.page.evaluate(() => document.activeElement?.closest("dialog.adding") !== null);
  await ada.sees("dialog.adding :focus");
  for (let i = 0; i < 12; i++) {
    await ada.page.keyboard.press("Tab");
    assert.ok((await isIn()) || (await ada.page.evaluate(() => document.activeElement === document.body)));
  }
  await ada.page.keyboard.press("Escape");
  await ada.sees('button:has-text("Add network"):focus');
  await ada.page.click('button:has-text("Add network")');
  await ada.page.fill('dialog.adding [name="nick"]', fresh("ada"));
  await ada.page.fill('dialog.adding [name="room"]', name);
  await ada.page.press('dialog.adding [name="nick"]', "Enter");
  await ada.sees(".head h1", name);
  assert.equal(await ada.count(".sidebar .dot.online"), 2);
  await ada.saysAndIsHeard("on this side");
  await ada.page.keyboard.press("Alt+ArrowUp");
  await ada.sees(".head h1", "#both");
  await ada.saysAndIsHeard("and on that side");
});

test("story 38: on a phone one view is shown at a time, and back goes from members to room to list", async () => {
  const room = `#${fresh("phone")}`;
  const ada = await world.inRoom(kinds.irc, room, fresh("ann"), {
    screen: screens.phone,
    hasTouch: true,
    isMobile: true,
  });
  const parts = [".sidebar", ".room", ".panel"];
  const alone = async (part) => {
    for (const one of parts) {
      await ada.page.locator(one).waitFor({ state: one === part ? "visible" : "hidden" });
    }
  };
  const entries = () => ada.page.evaluate(() => history.length);
  await alone(".room");
  await ada.page.goBack(); // from the room that the link led into
  await alone(".sidebar");
  await ada.page.click(".sidebar .place");
  await alone(".room");
  await ada.page.click(".head .count");
  await alone(".panel");
  await ada.sees(".panel .person", ada.nick);
  const before = await entries();
  await ada.page.click(".panel .person");
  await ada.sees(".panel .person-card");
  await ada.page.goBack();
  await ada.seesNo(".panel .person-card");
  await alone(".panel");
  await ada.page.goBack();
  await alone(".room");
  await ada.page.goBack();
  await alone(".sidebar");
  // The arrows on the page go the same ways, and put nothing more behind.
  await ada.page.click(".sidebar .place");
  await ada.page.click(".head .count");
  await alone(".panel");
  await ada.page.click(".panel .only-narrow");
  await alone(".room");
  await ada.page.click(".head .only-narrow");
  await alone(".sidebar");
  assert.equal(await entries(), before);
  // Another room is a step further, from which one comes back to the first.
  await ada.page.click(".sidebar .place");
  const other = `#${fresh("other")}`;
  await ada.says(`/join ${other}`);
  await ada.sees(".head h1", other);
  await ada.page.reload();
  await ada.sees(".head h1", other);
  await ada.page.goBack();
  await ada.sees(".head h1", room);
  await ada.page.goBack();
  await alone(".sidebar");
  await ada.page.reload();
  await alone(".sidebar");
  const wide = await ada.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 390, `${wide} px wide`);
});

for (const system of ["a system that makes a menu of a long press", "one that does not"]) {
  test(`on a phone a long press shows what can be done with a message: ${system}`, async () => {
    const phone = { screen: screens.phone, hasTouch: true, isMobile: true };
    const room = `#${fresh("press")}`;
    const ada = await world.inRoom(kinds.irc, room, fresh("ann"), phone);
    const bo = await world.inRoom(kinds.irc, room);
    for (const text of ["one", "two"]) await bo.saysAndIsHeard(text);
    await ada.reads("two");
    await ada.page.evaluate((hasMenu) => {
      const when = { capture: true };
      if (!hasMenu) addEventListener("contextmenu", (event) => event.stopImmediatePropagation(), when);
      globalThis.opened = 0;
      new MutationObserver((changes) => {
        for (const { addedNodes } of changes) {
          for (const node of addedNodes) globalThis.opened += node.matches?.(".tools.sheet") ? 1 : 0;
        }
      }).observe(document, { childList: true, subtree: true });
    }, system.startsWith("a system"));
    const finger = await ada.context.newCDPSession(ada.page);
    const touch = (type, touchPoints) => finger.send("Input.dispatchTouchEvent", { type, touchPoints });
    const { x, y } = await ada.page.locator('.row.said:has-text("two") .text').boundingBox();
    await touch("touchStart", [{ x: x + 5, y: y + 5 }]);
    await ada.sees(".tools.sheet", `Reply to ${bo.nick}`);
    await touch("touchEnd", []);
    // The finger was lifted above the sheet, which stays, and was opened once.
    await ada.page.click('.tools.sheet [aria-label^="Reply"]');
    await ada.sees(".subject", `Reply to ${bo.nick}`);
    await ada.seesNo(".tools.sheet");
    assert.equal(await ada.page.evaluate(() => globalThis.opened), 1);
  });
}
