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
from servers.gateway import binary  # noqa: E402


class Crowd:
    async def test_a_room_of_300(self):
        room = self.room()
        bots = await asyncio.gather(*(self.bot(room) for _ in range(297)))
        browsers = await asyncio.gather(*(self.browser(room, carrier) for carrier in CARRIERS))
        everybody = {bot.nick for bot in bots} | {one.nick for one in browsers}
        for one in browsers:
            mark = one.mark()
            await one.must("names", room=room)
            await one.wait_for(lambda e: e["ev"] == "members" and e["last"], after=mark,
                               what="members")
            listed = [m["nick"] for e in one.all(lambda e: e["ev"] == "members", mark)
                      for m in e["members"]]
            self.assertEqual(300, len(listed))
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
        bots = await asyncio.gather(*(self.bot() for _ in range(50)))
        for bot in bots:
            bot.send(*[line for _ in range(20) for line in (f"JOIN {room}", f"PART {room} :again")])
        names = {bot.nick for bot in bots}
        for one in browsers:
            def count(kind, one=one):
                return len(one.all(lambda e: e["ev"] == kind and e["from"] in names))
            await one.wait_until(lambda: count("left") >= 1000 and count("joined") >= 1000, 60,
                                 what="1,000 of each")
            self.assertEqual((1000, 1000), (count("joined"), count("left")))
            mark = one.mark()
            await one.must("names", room=room)
            members = await one.wait_for(lambda e: e["ev"] == "members" and e["last"], after=mark,
                                         what="members")
            self.assertEqual({b.nick for b in browsers}, {m["nick"] for m in members["members"]})


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
