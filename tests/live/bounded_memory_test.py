# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory stays bounded by the settings, whatever browsers do: one that never acknowledges, one that
acknowledges the same number for ever (CVE-2025-53114), one that opens sessions and abandons them.
tests/soak has the last one with 10,000."""

import asyncio
import json
import unittest

import aiohttp

from stage import Gateway, InspIRCd, Stage

OUTBOX = 128 * 1024
HOARDERS = 12
# What an allocator keeps and a sanitizer adds; far less than what an unbounded log would take.
SLACK = 6 << 20


def resident(server):
    """Bytes of memory of a process."""
    with open(f"/proc/{server.pid}/statm", encoding="ascii") as numbers:
        return int(numbers.read().split()[1]) * 4096


class BoundedMemory(Stage):
    server_class = InspIRCd
    sessions = {"outbox_bytes": OUTBOX, "outbox_count": 100000, "grace_s": 60}

    async def talk(self, person, listener, room, megabytes):
        """Lines that all differ, so that no two share anything."""
        for n in range(megabytes * 2500):
            line = f"{megabytes} {n} ".ljust(400, "x")
            await person.say(room, line)
            if n % 20 == 19:
                await listener.hears(line)

    async def hoard(self, ack):
        room = self.room()
        person, listener = await self.person(room), await self.browser(room)
        hoarders = [await self.browser(room) for _ in range(HOARDERS)]
        for one in hoarders:
            one.ack = False
        await self.talk(person, listener, room, 1)  # each log is full from here on
        before = resident(self.gateway)
        if ack:
            for one in hoarders:
                for _ in range(2000):
                    await one._ws.send_str(json.dumps({"ack": 1}))
        await self.talk(person, listener, room, 2)
        grown = resident(self.gateway) - before
        self.assertGreater(self.gateway.metrics()["halley_events_dropped_total"], 0)
        for one in hoarders:  # nobody was thrown out
            await one.hears(f"2 {2 * 2500 - 1} ".ljust(400, "x"), timeout=60)
        # 2 MB more were said to each; without a bound that is HOARDERS times 2 MB or, shared, 2 MB.
        self.assertLess(grown, HOARDERS * OUTBOX)

    async def test_a_client_that_never_acknowledges(self):
        await self.hoard(ack=False)

    async def test_a_client_that_acknowledges_the_same_number_for_ever(self):
        await self.hoard(ack=True)

    async def test_a_poll_that_asks_from_the_same_number_for_ever(self):
        room = self.room()
        person, listener = await self.person(room), await self.browser(room)
        one = await self.browser(room)
        await one.drop()
        since = one.cursor
        await self.talk(person, listener, room, 1)
        before = resident(self.gateway)
        for n in range(300):
            async with one._http.get(one.events_url, params={
                    "since": since, "epoch": one.hello["epoch"], "hold": 1000}) as answer:
                page = await answer.json()
            if page["from"] > since + 1:  # the gap was told; from now on it asks from there
                since = page["from"] - 1
        self.assertLess(resident(self.gateway) - before, SLACK)


class Abandoned(unittest.IsolatedAsyncioTestCase):
    count = 1500
    together = 40

    @classmethod
    def setUpClass(cls):
        cls.server = InspIRCd().start()
        cls.addClassCleanup(cls.server.stop)
        cls.gateway = Gateway([cls.server.network("net")], 1, http={
            "trusted_proxies": ["127.0.0.1"]}, sessions={
                "grace_s": 1, "per_address": 50, "detached_per_address": 10}).start()
        cls.addClassCleanup(cls.gateway.stop)

    async def asyncSetUp(self):
        asyncio.get_running_loop().set_debug(False)

    async def test_sessions_that_are_opened_and_abandoned(self):
        await self.abandon(0, self.count // 3)  # what an allocator keeps after a wave
        before = resident(self.gateway)
        await self.abandon(self.count // 3, self.count)
        grown = resident(self.gateway) - before
        metrics = self.gateway.metrics()
        print(f"\n  {metrics['halley_sessions_entered_total']:.0f} sessions opened and abandoned, "
              f"{metrics['halley_sessions_grace_over_total']:.0f} waited for in vain: "
              f"{grown / 1024:+.0f} KiB", flush=True)
        self.assertEqual(self.count, metrics["halley_sessions_entered_total"])
        self.assertLess(grown, SLACK)

    async def abandon(self, first, last):
        places = asyncio.Semaphore(self.together)
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
            await asyncio.gather(*(self.open(http, n, places) for n in range(first, last)))
        async with asyncio.timeout(120):
            while self.gateway.metrics()["halley_sessions_open"] > 0:
                await asyncio.sleep(0.2)

    async def open(self, http, n, places):
        async with places:
            address = f"10.{n // 62500}.{n // 250 % 250}.{n % 250}"
            async with http.post(self.gateway.url + "/chat/v1/sessions", json={
                    "network": "net", "nick": f"gone{n}"},
                    headers={"X-Forwarded-For": address}) as answer:
                self.assertEqual(201, answer.status, await answer.text())


if __name__ == "__main__":
    unittest.main()
