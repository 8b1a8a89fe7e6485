# SPDX-License-Identifier: GPL-3.0-or-later
"""Large rooms, many joins, and more sessions in one process than the usual client libraries have
descriptors for."""

import asyncio
import os
import sys
import unittest

from stage import CARRIERS, IRC_SERVERS, SHARDS, InspIRCd, live_classes

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "load"))

from measure import Generator  # noqa: E402
from people.crowd import enter_in_turns  # noqa: E402
from servers.gateway import binary  # noqa: E402


class Crowd:
    async def test_a_room_of_300(self):
        room = self.room()
        bots = await enter_in_turns(self.bot(room) for _ in range(297))
        browsers = await asyncio.gather(*(self.browser(room, carrier) for carrier in CARRIERS))
        everybody = {bot.nick for bot in bots} | {one.nick for one in browsers}
        for one in browsers:
            mark = one.mark()
            await one.must("names", room=room)
            await one.wait_for(lambda e: e["ev"] == "members" and e["last"], after=mark,
                               what="members")
            listed = [m["nick"] for e in one.all(lambda e: e["ev"] == "members", mark)
                      for m in e["members"]]
            self.assertEqual(len(everybody), len(listed))
            self.assertEqual(everybody, set(listed))
        for bot in bots:
            bot.say(room, "I am " + bot.nick)
        for one in browsers:
            await one.wait_until(lambda one=one: len(one.said(room)) >= 297, what="297 lines")
            self.assertEqual({"I am " + bot.nick for bot in bots},
                             {e["text"] for e in one.said(room)})
        await browsers[0].say(room, "hello, all 300")
        await asyncio.gather(*(bot.hears("hello, all 300") for bot in bots))

    async def test_a_thousand_joins_and_parts(self):
        room = self.room()
        browsers = await asyncio.gather(*(self.browser(room, carrier) for carrier in CARRIERS))
        bots = await enter_in_turns(self.bot() for _ in range(50))
        names = {bot.nick for bot in bots}

        def count(one, kind):
            return len(one.all(lambda e: e["ev"] == kind and e["from"] in names))

        for turn in range(1, 21):
            for bot in bots:
                bot.send(f"JOIN {room}", f"PART {room} :again")
            for one in browsers:
                await one.wait_until(lambda one=one: count(one, "left") >= 50 * turn, 60,
                                     what=f"{50 * turn} partings")
        for one in browsers:
            self.assertEqual((1000, 1000), (count(one, "joined"), count(one, "left")))
            await self.only_browsers_are_left(one, room, browsers)

    async def test_a_flood_of_joins_may_cost_a_gap_but_never_the_truth(self):
        """More at once than a log holds: whoever cannot read so fast is told so, comes back, and
        knows the room as it is."""
        room = self.room()
        browsers = await asyncio.gather(*(self.browser(room, carrier) for carrier in CARRIERS))
        for one in browsers:
            one.gaps_allowed = True
        bots = await enter_in_turns(self.bot() for _ in range(50))
        for bot in bots:
            bot.send(*[line for _ in range(40) for line in (f"JOIN {room}", f"PART {room} :again")])
        await asyncio.gather(*(bot.barrier() for bot in bots))
        last = await self.person(room)
        for one in browsers:
            await self.steady(one)
            await self.only_browsers_are_left(one, room, [*browsers, last])
        await last.say(room, "after the flood")
        for one in browsers:
            await one.hears("after the flood", by=last.nick)

    async def steady(self, one):
        """Comes back until nothing closes its carrier any more. An answer may fall into a gap."""
        for _ in range(20):
            if one.ended is not None:
                await one.drop()
                await one.resume()
            mark = one.mark()
            try:
                n = await one.send("ping")
            except ConnectionError:
                continue

            def settled():
                return one.ended is not None or one.all(
                    lambda e: e["ev"] == "gap" or (e["ev"] == "result" and e["n"] == n), mark)
            await one.wait_until(settled, 60, "a pong", even_if_ended=True)
            if one.ended is None and one.all(lambda e: e["ev"] == "result" and e["n"] == n, mark):
                return
        self.fail(f"{one.name} does not get to the end: {one.ended}")

    async def only_browsers_are_left(self, one, room, people):
        mark = one.mark()
        await one.must("names", room=room)
        members = await one.wait_for(lambda e: e["ev"] == "members" and e["last"], after=mark,
                                     what="members")
        self.assertEqual({p.nick for p in people}, {m["nick"] for m in members["members"]})


class ManySessions:
    async def test_1200_browser_sessions_in_one_process_all_receive(self):
        program = os.path.join(os.path.dirname(binary()), "tests", "load_generator")
        program = os.environ.get("HALLEY_LOAD_GENERATOR", program)
        crowd = Generator(program, "chat", self.gateway.host, self.gateway.port, "net",
                          speaker_port=self.server.port)
        self.addCleanup(crowd.stop)
        # Twelve rooms of a hundred, then one line into each, and a burst into one.
        await asyncio.to_thread(crowd.open, 1200, 100, "#hundred", 400, 60)
        open_files = len(os.listdir(f"/proc/{self.gateway.pid}/fd"))
        self.assertGreater(open_files, 2 * 1200)
        for number in range(12):
            found = await asyncio.to_thread(crowd.ask, "burst", f"#hundred{number}", 20, 10, 80)
            self.assertEqual((2000, 2000), (found["expected"], found["delivered"]))


live_classes(globals(), IRC_SERVERS, (1,), Crowd)
live_classes(globals(), (InspIRCd,), SHARDS, ManySessions)

if __name__ == "__main__":
    unittest.main()
