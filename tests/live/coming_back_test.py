# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections come and go, the session stays: a reload is invisible to the room, nothing said
meanwhile is lost, a command sent twice is carried out once."""

import asyncio
import random
import unittest

from stage import (CARRIERS, IRC_SERVERS, SHARDS, XMPP_SERVERS, Gateway, Refused, live_classes)


def comings_and_goings(person, nick):
    return [e for e in person.events
            if (e[0] in ("joined", "left") and e[2] == nick) or (e[0] == "quit" and e[1] == nick)]


class ComingBack:
    async def test_a_reload_is_invisible_to_the_room(self):
        for before in CARRIERS:
            for after in CARRIERS:
                with self.subTest(f"{before}, then {after}"):
                    room = self.room()
                    person = await self.person(room)
                    one = await self.browser(room, before)
                    await self.joined(person, room, one.nick)
                    await one.drop()
                    await person.say(room, "said while you were away")
                    await one.resume(after)
                    await one.hears("said while you were away")
                    await one.say(room, "I was never away")
                    await person.hears("I was never away", by=one.nick)
                    self.assertEqual(1, len(comings_and_goings(person, one.nick)))
                    self.assertFalse(one.all(lambda e: e["ev"] == "gap"))

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
                url = one.events_url
                params = None
                if carrier == "long_poll":
                    seen = []
                    async with one._http.get(url, params=params) as answer:
                        seen = (await answer.json())["events"]
                elif carrier == "event_stream":
                    seen = []
                    async with one._http.get(url, headers={"Accept": "text/event-stream"}) as answer:
                        await self.until_state(seen, self.data_of(answer))
                else:
                    seen = []
                    async with one._http.ws_connect(url) as ws:
                        await self.until_state(seen, self.frames_of(ws))
                kinds = [e["ev"] for e in seen if e["ev"] != "hello"]
                self.assertEqual("online", kinds[0])
                joined = next(e for e in seen if e["ev"] == "joined")
                self.assertEqual((room, True), (joined["room"], joined["self"]))
                members = next(e for e in seen if e["ev"] == "members")
                self.assertIn(person.nick, [m["nick"] for m in members["members"]])

    async def until_state(self, seen, source):
        async for event in source:
            seen.append(event)
            if event["ev"] == "members":
                return

    async def data_of(self, answer):
        import json
        async for line in answer.content:
            if line.startswith(b"data:"):
                yield json.loads(line[5:])

    async def frames_of(self, ws):
        import json
        async for message in ws:
            yield json.loads(message.data)

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
        async with one._http.get(one.events_url, params={"since": 0}) as answer:
            self.assertEqual(404, answer.status)
            self.assertEqual("unknown_session", (await answer.json())["error"]["code"])

    async def test_two_readers_of_one_session_both_get_everything(self):
        room = self.room()
        person = await self.person(room)
        for carrier in CARRIERS:
            with self.subTest(carrier):
                one = await self.browser(room)
                async with one._http.ws_connect(
                        one.events_url, params={"since": 0, "epoch": one.hello["epoch"]}) as ws:
                    text = "for both tabs of " + one.nick
                    await person.say(room, text)
                    await one.hears(text)
                    async for event in self.frames_of(ws):
                        if event["ev"] == "said" and event["text"] == text:
                            break


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
            await one.sees("closing")
            await person.wait_for(lambda e, nick=one.nick: e[0] in ("quit", "left") and nick in e,
                                  what="the farewell of " + one.nick)
        gateway.process.wait(15)


live_classes(globals(), IRC_SERVERS[1:] + XMPP_SERVERS, SHARDS, ComingBack)
live_classes(globals(), IRC_SERVERS[1:] + XMPP_SERVERS, (1,), GraceOver)

if __name__ == "__main__":
    unittest.main()
