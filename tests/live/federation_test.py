# SPDX-License-Identifier: GPL-3.0-or-later
"""Gateways that know nothing of each other, on servers that are linked: people on both sides hear each
other, a gateway may come or die, and nobody's configuration changes. The times are printed, not
judged."""

import asyncio
import statistics
import sys
import time
import unittest

from stage import CARRIERS, Gateway, Stage, linked_servers


class Federation:
    @classmethod
    def setUpClass(cls):
        cls.servers = cls.make_servers()
        for server in cls.servers:
            cls.addClassCleanup(server.stop)
        cls.server = cls.servers[0]
        cls.gateways = []
        for server in cls.servers:
            gateway = Gateway([server.network("net")]).start()
            cls.addClassCleanup(gateway.stop)
            cls.gateways.append(gateway)
        cls.gateway = cls.gateways[0]
        cls.times = []

    @classmethod
    def tearDownClass(cls):
        if cls.times:
            low, middle, high = min(cls.times), statistics.median(cls.times), max(cls.times)
            print(f"\n{cls.__name__}: from one side to the other {middle:.1f} ms "
                  f"({low:.1f} to {high:.1f}, {len(cls.times)} lines)", file=sys.stderr)

    async def both_sides(self, room, carriers=CARRIERS):
        """A browser for each carrier on each side, all knowing all."""
        there = [await self.browser(room, carrier, gateway=gateway)
                 for gateway in self.gateways for carrier in carriers]
        for one in there:
            for other in there:
                await self.sees_member(one, room, other.nick)
        half = len(there) // 2
        return there[:half], there[half:]

    async def timed(self, speaker, room, text, listener):
        start = time.monotonic()
        await speaker.send("say", to=room, text=text)
        await listener.hears(text, by=speaker.nick)
        self.times.append((time.monotonic() - start) * 1000)

    async def test_both_sides_hear_each_other_and_see_who_comes_and_goes(self):
        room = self.room()
        here, there = await self.both_sides(room)
        for n in range(10):
            for one, other in zip(here, there):
                await self.timed(one, room, f"ping {n} of {one.nick}", other)
                await self.timed(other, room, f"pong {n} of {other.nick}", one)
        lines = 10 * (len(here) + len(there))
        for one in (*here, *there):
            await one.wait_until(lambda one=one: len(one.said(room)) >= lines,
                                 what=f"{lines} lines")
            said = [e["text"] for e in one.said(room)]
            self.assertEqual(lines, len(said))
            self.assertEqual(lines, len(set(said)))
            for speaker in (*here, *there):
                mine = [t for t in said if t.endswith("of " + speaker.nick)]
                self.assertEqual(10, len(mine))
                self.assertEqual(sorted(mine, key=lambda t: int(t.split()[1])), mine)
        one, other = here[0], there[0]
        before, after = one.nick, self.nick("other")
        await one.must("nick", nick=after)
        one.nick = after
        for listener in there:
            await listener.sees("nick", to=after, **{"from": before})
        late = await self.browser(room, gateway=self.gateways[1])
        for listener in here:
            await listener.sees("joined", room=room, **{"from": late.nick})
        await late.leave("off")
        for listener in here:
            await listener.wait_for(lambda e: e["ev"] == "left" and e["from"] == late.nick,
                                    what="the leaving")
        self.assertEqual(other.nick, other.ask["nick"])

    async def test_ordinary_clients_on_the_other_server_are_in_the_same_room(self):
        room = self.room()
        near, far = await self.person(room), None
        far = await self.person(room, server=self.servers[1])
        here, there = await self.both_sides(room, ("websocket",))
        await far.say(room, "from far away")
        await here[0].hears("from far away", by=far.nick)
        await there[0].hears("from far away", by=far.nick)
        await near.hears("from far away")
        await here[0].say(room, "hello far one")
        await far.hears("hello far one", by=here[0].nick)

    async def test_a_gateway_joins_and_one_is_killed_while_they_talk(self):
        room = self.room()
        doomed = Gateway([self.servers[0].network("net")]).start()
        self.addCleanup(doomed.stop)
        here, there = await self.both_sides(room, ("websocket",))
        victim = await self.browser(room, gateway=doomed)
        await self.sees_member(there[0], room, victim.nick)
        talking = asyncio.ensure_future(self.talk(here[0], there[0], room))
        try:
            third = Gateway([self.servers[1].network("net")])
            self.addCleanup(third.stop)
            await asyncio.to_thread(third.start)
            guest = await self.browser(room, gateway=third)
            await self.sees_member(here[0], room, guest.nick)
            await guest.say(room, "I am new here")
            await victim.hears("I am new here")
            doomed.kill()
            for one in (here[0], there[0], guest):
                await one.wait_for(lambda e: e["ev"] == "left" and e["from"] == victim.nick,
                                   what="the leaving of the killed gateway's visitor")
            await guest.say(room, "and still here")
            await here[0].hears("and still here")
            await there[0].hears("talk 11", by=here[0].nick)
        finally:
            talking.cancel()
            said = (await asyncio.gather(talking, return_exceptions=True))[0]
        self.assertIsInstance(said, asyncio.CancelledError)
        mine = [e["text"] for e in there[0].said(room) if e["from"] == here[0].nick]
        self.assertEqual([f"talk {n}" for n in range(len(mine))], mine)
        self.assertGreater(len(mine), 10)

    async def talk(self, one, other, room):
        n = 0
        while True:
            await self.timed(one, room, f"talk {n}", other)
            n += 1


linked_servers(globals(), Federation, Stage)

if __name__ == "__main__":
    unittest.main()
