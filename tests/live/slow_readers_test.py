# SPDX-License-Identifier: GPL-3.0-or-later
"""A reader that takes 1 KB/s, or nothing for a while, costs only itself: nobody waits for it, talk is
not dropped silently, typing is dropped first, and who came and went meanwhile is told together."""

import asyncio
import time
import unittest

from stage import CARRIERS, IRC_SERVERS, XMPP_SERVERS, live_classes
from faults import DOWN
from faulty_stage import FaultyStage, texts

PACED = 120  # lines in each measurement
LINE = 400  # bytes: a few hundred fill the socket buffers of a reader that stands still
# Between two measurements in one run on a busy machine; a gateway that waits for its slowest reader
# is off by hundreds.
GENEROUS = 8


def members_of(browser, room):
    """Who is in the room by what this browser was told."""
    here = set()
    for event in browser.events:
        if event.get("room", room).lower() != room.lower():
            continue
        if event["ev"] == "members":
            here = (set() if event["first"] else here) | {m["nick"] for m in event["members"]}
        elif event["ev"] == "joined":
            here.add(event["from"])
        elif event["ev"] == "left":
            here.discard(event["from"])
        elif event["ev"] == "members_changed":
            here -= set(event.get("left", ()))
            here |= {m["nick"] for m in event.get("joined", ())}
    return here


class SlowReaders(FaultyStage):
    sessions = {"outbox_count": 1000, "outbox_bytes": 16 << 20}

    # --- the others -------------------------------------------------------------------------------
    async def test_a_reader_at_1_kb_s_changes_nobody_elses_p99(self):
        room = self.room()
        person = await self.person(room)
        others = [await self.browser(room, carrier) for carrier in CARRIERS[:3] * 3]
        before = await self.p99(person, others, room, "before")
        slow = [await self.behind_proxy(room, carrier, receive_buffer=4096)
                for carrier in CARRIERS[:3] * 2]
        for one in slow:
            one.proxy.script = lambda passage: passage.slow(1000, DOWN)
            for passage in one.proxy.live:
                passage.slow(1000, DOWN)
        during = await self.p99(person, others, room, "during")
        for one in slow:  # it was slow indeed
            self.assertLess(len(texts(one, room)), len(texts(others[0], room)) - PACED // 2, one.name)
            one.proxy.script = None
            for passage in one.proxy.live:
                passage.slow(None)
            await one.leave()
        after = await self.p99(person, others, room, "after")
        print(f"\n  p99 in ms: {before * 1000:.1f} before, {during * 1000:.1f} with {len(slow)} slow "
              f"readers, {after * 1000:.1f} after", flush=True)
        self.assertLess(during, GENEROUS * max(before, after))

    async def p99(self, person, others, room, word):
        times, said_at = [], {}
        for n in range(PACED):
            line = f"{word} {n} ".ljust(LINE, ".")
            said_at[line] = time.monotonic()
            await person.say(room, line)
            await others[0].hears(line)
        for one in others:
            await one.hears(line)
            times += [at - said_at[event["text"]] for event, at in zip(one.events, one.seen_at)
                      if event.get("text") in said_at]
        self.assertEqual(PACED * len(others), len(times))
        return sorted(times)[len(times) * 99 // 100]

    # --- what it is told --------------------------------------------------------------------------
    async def test_talk_has_the_log_to_itself(self):
        for carrier in CARRIERS[:3]:
            with self.subTest(carrier):
                await self.stand_still(carrier)

    async def stand_still(self, carrier):
        room = self.room()
        person, quick, typist = (await self.person(room), await self.browser(room),
                                 await self.browser(room))
        slow = await self.behind_proxy(room, carrier, receive_buffer=4096)
        for passage in slow.proxy.live:
            passage.stall(DOWN)
        before, lines = self.gateway.metrics(), []
        # Until the gateway has noticed: how much the kernel takes is nobody's business.
        while self.counted("halley_presence_held_total", before) == 0:
            self.assertLess(len(lines), 900)
            for _ in range(50):
                lines.append(f"{carrier} {len(lines)} ".ljust(LINE, "."))
                await person.say(room, lines[-1])
                await quick.hears(lines[-1])
            await typist.must("part", room=room)
            await typist.join(room)
        mark = quick.mark()
        crowd = await asyncio.gather(*(self.browser(room) for _ in range(12)))
        for one in crowd:
            await quick.sees("joined", **{"from": one.nick})
        for one in crowd[:6]:
            await one.leave()
            await quick.wait_for(lambda e, nick=one.nick: e["ev"] == "left" and e["from"] == nick,
                                 what="left " + one.nick)
        for state in ("active", "paused") * 3:
            await typist.must("typing", to=room, state=state)
        await typist.say(room, "typed it")
        await quick.hears("typed it")
        self.assertTrue(quick.all(lambda e: e["ev"] == "typing", mark))
        for passage in slow.proxy.live:
            passage.go_on()
        await person.say(room, "the end of " + carrier)
        await slow.hears("the end of " + carrier, timeout=60)
        # Told in parts, if it was quick for a moment in between.
        await slow.wait_until(lambda: members_of(slow, room) == members_of(quick, room),
                              what="who came and went")
        self.check(slow, quick, room, lines, crowd)
        for name in ("halley_presence_held_total", "halley_crowds_told_total",
                     "halley_typing_dropped_total"):
            self.assertGreater(self.counted(name, before), 0, name)

    def counted(self, name, before):
        return self.gateway.metrics()[name] - before[name]

    def check(self, slow, quick, room, lines, crowd):
        self.assertEqual(lines, [text for text in texts(slow, room) if text in set(lines)])
        self.assertFalse(slow.all(lambda e: e["ev"] == "gap"))
        self.assertFalse(slow.all(lambda e: e["ev"] == "typing"))
        names = {one.nick for one in crowd}
        self.assertFalse([e for e in slow.events if e["ev"] == "joined" and e["from"] in names])
        self.assertLessEqual({one.nick for one in crowd[6:]}, members_of(slow, room))

    # --- a browser that is away -------------------------------------------------------------------
    async def test_an_absent_reader_gets_the_talk_and_one_crowd(self):
        room = self.room()
        person, quick = await self.person(room), await self.browser(room)
        away = await self.browser(room)
        await away.drop()
        before = self.gateway.metrics()
        lines = [f"while away {n}" for n in range(300)]
        for line in lines:
            await person.say(room, line)
            await quick.hears(line)
        crowd = await asyncio.gather(*(self.browser(room) for _ in range(5)))
        await quick.wait_until(lambda: all(one.nick in members_of(quick, room) for one in crowd),
                               what="all five")
        await away.resume()
        await person.say(room, "welcome")
        await away.hears("welcome")
        await away.sees("members_changed")
        self.assertEqual(lines, [text for text in texts(away, room) if text in set(lines)])
        self.assertEqual(members_of(quick, room), members_of(away, room))
        self.assertGreaterEqual(self.counted("halley_presence_held_total", before), 5)


live_classes(globals(), IRC_SERVERS[1:] + XMPP_SERVERS, (1,), SlowReaders)
del SlowReaders, FaultyStage

if __name__ == "__main__":
    unittest.main()
