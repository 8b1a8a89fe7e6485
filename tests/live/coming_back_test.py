# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections come and go, the session stays: a reload is invisible to the room, nothing said
meanwhile is lost, a command sent twice is carried out once."""

import asyncio
import random
import unittest

from stage import (CARRIERS, IRC_SERVERS, SHARDS, XMPP_SERVERS, Browser, Gateway, Refused,
                   live_classes)


def comings_and_goings(person, nick):
    return [e for e in person.events
            if (e[0] in ("joined", "left") and e[2] == nick) or (e[0] == "quit" and e[1] == nick)]


class ComingBack:
    async def test_a_reload_is_invisible_to_the_room(self):
        room = self.room()
        person = await self.person(room)
        # Every change of carrier: each browser comes back on all of them, one after the other.
        browsers = await asyncio.gather(*(self.browser(room, carrier) for carrier in CARRIERS))
        for one in browsers:
            await self.joined(person, room, one.nick)
        for after in CARRIERS:
            for one in browsers:
                with self.subTest(f"{one.carrier}, then {after}"):
                    text = f"said before {after} for {one.nick}"
                    await one.drop()
                    await person.say(room, text)
                    await one.resume(after)
                    await one.hears(text)
                    await one.say(room, f"{one.nick} is on {after}")
                    await person.hears(f"{one.nick} is on {after}", by=one.nick)
                    self.assertEqual(1, len(comings_and_goings(person, one.nick)))
                    self.assertFalse(one.all(lambda e: e["ev"] == "gap"))
            browsers = browsers[1:] + browsers[:1]

    async def joined(self, person, room, nick):
        await person.wait_for(lambda e: e[0] == "joined" and e[2] == nick
                              or e[0] == "members" and nick in " ".join(e[2:]), what=nick)

    async def test_nothing_is_lost_over_many_drops_and_mixed_carriers(self):
        chance = random.Random(1)
        room = self.room()
        person = await self.person(room)
        browsers = await self.browsers(room)
        lines = [f"line {n}" for n in range(200)]

        async def talk():
            for n, line in enumerate(lines):
                await person.say(room, line)
                if n % 10 == 9:  # as fast as the network carries it, not as fast as it can be typed
                    await browsers[0].hears(line)

        async def stumble(one):
            while not one.all(lambda e: e["ev"] == "said" and e["text"] == lines[-1]):
                mark = one.mark()
                await one.drop()
                await one.resume(chance.choice(CARRIERS))
                await one.wait_for(lambda e: e["ev"] == "said", after=mark, what="the next line")
                if one.ended:
                    raise AssertionError(one.ended)

        await asyncio.gather(talk(), *(stumble(one) for one in browsers[1:]))
        await browsers[0].hears(lines[-1])
        for one in browsers:
            self.assertEqual(lines, [e["text"] for e in one.said(room)], one.name)
            self.assertFalse(one.all(lambda e: e["ev"] == "gap"))

    async def test_a_command_sent_again_is_carried_out_once(self):
        room = self.room()
        person = await self.person(room)
        for carrier in CARRIERS:
            with self.subTest(carrier):
                one = await self.browser(room, carrier)
                text = "only once, says " + one.nick
                n = await one.send("say", to=room, text=text)
                await one.send("say", n=n, to=room, text=text)
                self.assertTrue((await one.result(n))["ok"])
                await one.drop()
                await one.resume()
                await one.send("say", n=n, to=room, text=text)
                await one.say(room, "after it, says " + one.nick)
                await person.hears("after it, says " + one.nick)
                heard = [e for e in person.events if e[0] == "said" and e[3] == text]
                self.assertEqual(1, len(heard), heard)

    async def test_a_reader_who_knows_nothing_is_told_the_present_state(self):
        room = self.room()
        person, (one, *_) = await self.together(room)
        for carrier in CARRIERS:
            with self.subTest(carrier):
                tab = await Browser.attach(one, carrier, reader="tab-" + carrier)
                self.leaving.append(tab.close)
                await tab.sees("members", room=room, last=True)
                self.assertEqual("online", tab.events[0]["ev"])
                await tab.sees("joined", room=room, self=True)
                members = [m["nick"] for e in tab.events if e["ev"] == "members"
                           for m in e["members"]]
                self.assertIn(person.nick, members)

    async def test_another_epoch_is_a_gap_and_then_the_present_state(self):
        room = self.room()
        _, (one, *_) = await self.together(room)
        await one.drop()
        async with one._http.get(one.events_url,
                                 params={"since": one.cursor, "epoch": "another"}) as answer:
            events = (await answer.json())["events"]
        kinds = [e["ev"] for e in events]
        self.assertEqual("gap", kinds[0])
        self.assertIn("online", kinds)
        self.assertIn("members", kinds)

    async def test_leaving_by_beacon_is_at_once_and_only_once(self):
        room = self.room()
        person = await self.person(room)
        one = await self.browser(room)
        await self.joined(person, room, one.nick)
        url = one.events_url.replace("/events", "/leave")
        async with one._http.post(url, params={"reason": "tab closed"}) as answer:
            self.assertEqual(204, answer.status)
        await person.wait_for(lambda e: e[0] in ("quit", "left") and one.nick in e, what="leaving")
        # The room knows before the server has closed the connection: until then the session stands.
        for _ in range(1000):
            async with one._http.get(one.events_url, params={"since": 0}) as answer:
                told = await answer.json()
            if answer.status != 200:
                break
        self.assertEqual(404, answer.status)
        self.assertEqual("unknown_session", told["error"]["code"])

    async def test_two_readers_of_one_session_both_get_everything(self):
        room = self.room()
        person = await self.person(room)
        one = await self.browser(room)
        tabs = [await Browser.attach(one, carrier, reader="tab-" + carrier)
                for carrier in CARRIERS]
        for tab in tabs:
            self.leaving.append(tab.close)
            await tab.sees("members", room=room, last=True)
        lines = [f"for all tabs, {n}" for n in range(40)]
        for n, line in enumerate(lines):
            await person.say(room, line)
            if n % 10 == 9:  # one after the other looks away, and comes back on another carrier
                tab = tabs[n // 10]
                await tab.drop()
                await tab.resume(CARRIERS[n % 7])
        for reader in (one, *tabs):
            await reader.hears(lines[-1])
            self.assertEqual(lines, [e["text"] for e in reader.said(room)], reader.name)


class GraceOver:
    """A gateway that waits only a moment for its browsers."""

    sessions = {"grace_s": 0.5}

    async def test_after_the_grace_time_there_is_exactly_one_farewell(self):
        for carrier in CARRIERS:
            with self.subTest(carrier):
                room = self.room()
                person = await self.person(room)
                one = await self.browser(room, carrier)
                await person.wait_for(lambda e: e[0] == "joined" and e[2] == one.nick,
                                      what="joined")
                await one.drop()
                await person.wait_for(lambda e: e[0] in ("quit", "left") and one.nick in e,
                                      what="the farewell")
                with self.assertRaises((Refused, AssertionError)):
                    await one.resume("long_poll")
                    await one.must("ping")
                # A second farewell could only come before the answer to a third party's question.
                late = await self.person(room)
                await late.say(room, "is anybody there")
                await person.hears("is anybody there")
                gone = [e for e in comings_and_goings(person, one.nick) if e[0] != "joined"]
                self.assertEqual(1, len(gone), gone)

    async def test_a_gateway_that_drains_says_goodbye_for_all(self):
        gateway = Gateway([self.server.network("net")], self.shards).start()
        self.addCleanup(gateway.stop)
        room = self.room()
        person = await self.person(room)
        browsers = await asyncio.gather(
            *(self.browser(room, carrier, gateway=gateway) for carrier in CARRIERS))
        await person.wait_until(lambda: all(comings_and_goings(person, one.nick)
                                            for one in browsers), what="all of them")
        gateway.process.terminate()
        for one in browsers:
            # Between two requests one is away, comes back to a closed door and enters elsewhere.
            if one.carrier in ("long_poll", "script", "poll"):
                await one.wait_until(lambda one=one: one.ended or one.all(is_closing),
                                     what="closing or a closed door", even_if_ended=True)
            else:
                await one.sees("closing")
            await person.wait_for(lambda e, nick=one.nick: e[0] in ("quit", "left") and nick in e,
                                  what="the farewell of " + one.nick)
        gateway.process.wait(15)


def is_closing(event):
    return event["ev"] == "closing"


live_classes(globals(), IRC_SERVERS[1:] + XMPP_SERVERS, SHARDS, ComingBack)
live_classes(globals(), IRC_SERVERS[1:] + XMPP_SERVERS, (1,), GraceOver)

if __name__ == "__main__":
    unittest.main()
