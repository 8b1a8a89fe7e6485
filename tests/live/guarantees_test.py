# SPDX-License-Identifier: GPL-3.0-or-later
"""The six guarantees of the README, each by name, with the faults they are about."""

import asyncio
import random
import unittest
import xml.parsers.expat

from stage import CARRIERS, IRC_SERVERS, XMPP_SERVERS, live_classes
from faults import DOWN, UP
from faulty_stage import FaultyStage, come_back, texts


class Guarantees(FaultyStage):
    sessions = {"grace_s": 10}

    # --- 1: to the browser, in order, no duplicate, no loss ---------------------------------------
    async def test_1_to_the_browser(self):
        chance = random.Random(1)
        room = self.room()
        person = await self.person(room)
        one = await self.behind_proxy(room)
        one.proxy.script = lambda passage: passage.reset_after(DOWN, chance.randrange(200, 2000))
        lines = [f"line {n} " + "." * chance.randrange(100) for n in range(150)]
        used = []

        async def talk():
            for line in lines:
                await person.say(room, line)

        async def listen():
            while lines[-1] not in texts(one, room)[-1:]:
                await one.drop()
                await come_back(one, chance.choice(CARRIERS))
                used.append(one.carrier)
                await one.wait_until(lambda: one.ended or lines[-1] in texts(one, room)[-1:],
                                     what="the end of a carrier", even_if_ended=True)

        await asyncio.gather(talk(), listen())
        self.assertEqual(lines, texts(one, room))
        self.assertFalse(one.all(lambda e: e["ev"] == "gap"))
        self.assertEqual(set(CARRIERS), set(used))
        self.assertGreater(one.proxy.count["reset"], len(CARRIERS))

    # --- 2: from the browser, once, with one answer -----------------------------------------------
    async def test_2_from_the_browser(self):
        room = self.room()
        person = await self.person(room)
        one = await self.behind_proxy(room, "long_poll")
        watching = await self.browser(room)
        said = []
        for n, kept in enumerate(("first", "copy", None) * 4, 1):
            text = f"said once {n}"
            said.append(text)
            command = {"n": n, "do": "say", "to": room, "text": text}
            if kept:
                one.proxy.double = lambda request, kept=kept: (
                    kept if request.method == "POST" else None)
                answers = [await one.post_commands(command)]
                one.proxy.double = None
            else:  # the answer is lost on its way, the page asks again
                one.proxy.script = lambda passage: passage.reset_after(DOWN, 20)
                with self.assertRaises(OSError):
                    # A connection of its own: the kept ones have no such fault.
                    await self.apart(one, command)
                one.proxy.script = None
                answers = [await one.post_commands(command)]
            answers.append(await one.post_commands(command))
            self.assertTrue(all(a == answers[0] and a[0]["ok"] for a in answers), answers)
        await person.say(room, "after it")
        await watching.hears("after it")
        self.assertEqual(said, [t for t in texts(watching, room) if t.startswith("said once")])
        self.assertEqual(4 + 4, one.proxy.count["doubled"])

    async def apart(self, one, command):
        import aiohttp
        url = f"{one.url}/chat/v1/sessions/{one.hello['session']}/commands"
        async with aiohttp.ClientSession() as http, http.post(url, json=command) as answer:
            await answer.read()

    # --- 3: presence ------------------------------------------------------------------------------
    async def test_3_presence(self):
        room = self.room()
        person = await self.person(room)
        one = await self.behind_proxy(room)
        await person.wait_for(lambda e: e[0] == "joined" and e[2] == one.nick, what="joined")
        for _ in range(5):  # reloads, and a network that changes
            for passage in list(one.proxy.live):
                passage.reset()
            await one.drop()
            await come_back(one, "long_poll")
        # Somebody else leaves for good, later than all that: whoever was away longer is back by then.
        two = await self.browser(room)
        await two.drop()
        await person.wait_for(lambda e: e[0] in ("quit", "left") and two.nick in e, 60,
                              what="the farewell")
        await one.say(room, "still here")
        await person.hears("still here", by=one.nick)
        self.assertEqual([("joined", room, one.nick)], self.comings(person, one))
        self.assertEqual(2, len(self.comings(person, two)), "more than one farewell")

    def comings(self, person, one):
        return [e[:3] for e in person.events if e[0] in ("joined", "left", "quit")
                and one.nick in e[1:3]]

    # --- 5: network loss --------------------------------------------------------------------------
    async def test_5_network_loss(self):
        room = self.room()
        person = await self.person(room)
        one = await self.browser(room)
        session = one.hello["session"]
        for _ in range(2):
            (leg,) = self.legs()
            mark = one.mark()
            here = next(proxy for proxy in self.net if leg in proxy.live)
            await here.close()  # this server of the network is gone, the other is there
            await one.wait_for(lambda e: e["ev"] == "offline", after=mark, what="offline")
            await self.back_from(one, mark, room)
            other = next(proxy for proxy in self.net if proxy is not here)
            self.assertEqual(1, len(other.live))
            await here.open()
        await person.say(room, "welcome back")
        await one.hears("welcome back")
        await one.say(room, "same session")
        await person.hears("same session")
        self.assertEqual(session, one.hello["session"])
        self.assertEqual(1, len(one.hellos))

    # --- 6: sanitised -----------------------------------------------------------------------------
    async def test_6_sanitised(self):
        room = self.room()
        sent = bytearray()
        for proxy in self.net:
            proxy.script = lambda passage: setattr(
                passage, "on_bytes", lambda way, piece: way == UP and sent.extend(piece))
        one = await self.browser(room)
        evil = ("a\r\nQUIT :INJECTED", "a\nQUIT :INJECTED", "a\rQUIT :INJECTED", "a\0QUIT :INJECTED",
                "a\u2028QUIT", "</message><presence type='unavailable'/>INJECTED", "\x01\x02\x03",
                "\ufffe\uffff")
        for text in evil:
            for what, fields in (("say", {"to": room, "text": text}), ("join", {"room": text}),
                                 ("nick", {"nick": text}), ("topic", {"room": room, "text": text}),
                                 ("away", {"text": text}), ("part", {"room": "x", "text": text}),
                                 ("kick", {"room": room, "nick": text + "x", "text": text})):
                await one.do(what, **fields)
        await one.send("say", n=1, to=room, text="half a character: \ud800")  # cannot be decoded
        await one.sees("frame_error")
        await one.do("away")
        await one.say(room, "and still here")
        self.assertEqual(1, len(one.all(lambda e: e["ev"] == "online")))
        self.check_sent(bytes(sent))
        # No browser can name a host.
        connections = sum(proxy.count["connections"] for proxy in self.net)
        two = await self.browser(servers=["127.0.0.1:1"], host="127.0.0.1", port=1)
        self.assertEqual(connections + 1, sum(proxy.count["connections"] for proxy in self.net))
        await two.must("ping")

    def check_sent(self, sent):
        if self.server.kind == "irc":
            self.assertIn(b"and still here\r\n", sent)
            for line in sent.split(b"\r\n"):
                self.assertNotRegex(line, rb"[\r\n\0]")
                self.assertFalse(line.startswith((b"QUIT", b":")), line)
        else:
            self.assertIn(b"and still here", sent)
            for stream in sent.split(b"<?xml")[1:]:
                parser = xml.parsers.expat.ParserCreate()
                kinds = []
                parser.StartElementHandler = lambda name, fields: kinds.append(
                    (name, fields.get("type")))
                # Each login begins the stream anew.
                parser.Parse(b"<?xml" + stream)
                self.assertNotIn(("presence", "unavailable"), kinds)


class SmallLogs(FaultyStage):
    """4: slow readers cost only themselves. slow_readers_test.py measures the others."""

    sessions = {"outbox_count": 40}

    async def test_4_slow_readers(self):
        room = self.room()
        person, quick = await self.person(room), await self.browser(room)
        for carrier in CARRIERS:
            with self.subTest(carrier):
                slow = await self.behind_proxy(room, carrier, receive_buffer=4096)
                slow.gaps_allowed = True
                for passage in slow.proxy.live:
                    passage.slow(50, DOWN)
                lines = [f"{carrier} {n} " + "." * 200 for n in range(200)]
                for line in lines:
                    await person.say(room, line)
                    await quick.hears(line)
                await slow.drop()
                await slow.resume()
                await slow.wait_for(lambda e: e["ev"] in ("gap", "healed") or e.get("text") ==
                                    lines[-1], what="the gap, or the end")
                await person.say(room, f"{carrier} last")
                await slow.hears(f"{carrier} last", timeout=60)
                self.check(slow, [t for t in texts(slow, room) if t in lines], lines)
        self.assertFalse(quick.all(lambda e: e["ev"] == "gap"))

    def check(self, slow, told, lines):
        self.assertEqual(told, [line for line in lines if line in told], "out of order or twice")
        gaps = slow.all(lambda e: e["ev"] == "gap")
        if told != lines:
            self.assertTrue(gaps, "lines are missing and nobody said so")
            self.assertFalse(slow.all(lambda e: e["ev"] == "healed" and e["complete"]),
                             "healed, but lines are missing")


live_classes(globals(), IRC_SERVERS[1:] + XMPP_SERVERS, (2,), Guarantees)
# Without history: a log this small could not even hold one page of what heals it.
live_classes(globals(), IRC_SERVERS[1:], (1,), SmallLogs)
del Guarantees, SmallLogs, FaultyStage

if __name__ == "__main__":
    unittest.main()
