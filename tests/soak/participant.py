# SPDX-License-Identifier: GPL-3.0-or-later
"""A page that talks and listens while its connections are being broken: it changes its carrier at random,
comes back with its cursor, and sends again each command that has no answer yet."""

import asyncio
import json

import aiohttp

from people.browser import CARRIERS, Browser, Refused
from lines import Line

BROKEN = (aiohttp.ClientError, OSError, TimeoutError, AssertionError, json.JSONDecodeError,
          Refused)
LAST_CHANCE = 15  # seconds for one request or for a carrier to begin


class Participant(Browser):
    """Keeps a log of what it was told in each room, and everything it asked for. `wrong` has what no
    page should ever see."""

    def __init__(self, index, url, network, rooms, chance):
        super().__init__(url, network, f"web{index}", chance.choice(CARRIERS), rooms)
        self.index = index
        self.rooms = rooms
        self.chance = chance
        self.gaps_allowed = True
        self.logs = {room.lower(): [] for room in rooms}
        self.inside = set()   # rooms it is in by its own log
        self.commands = {}       # n -> Line
        self.times_sent = {}  # n -> how often it was put on a wire
        self.results = {}     # n -> [result events]
        self.wrong = []
        self.carriers_used = []
        self.resumed = 0
        self.asleep = False
        self.tired = asyncio.Event()  # of this carrier: take another
        self.finished = False
        self.changed = asyncio.Event()

    # --- what it is told --------------------------------------------------------------------------
    def _number(self, number, event):
        try:
            super()._number(number, event)
        except AssertionError as hole:
            self.wrong.append(str(hole))
            raise

    def saw(self, event):
        super().saw(event)
        take = getattr(self, "_on_" + event["ev"], None)
        if take is not None:
            take(event)
        self.changed.set()

    def _on_said(self, event):
        log = self.logs.get(event.get("room", "").lower())
        if log is not None:
            log.append(("said", event["text"], event))

    def _on_gap(self, event):
        for room, log in self.logs.items():
            if event.get("room", room).lower() == room:
                log.append(("gap", event["reason"], event))

    def _on_healed(self, event):
        log = self.logs.get(event["room"].lower())
        if log is not None:
            log.append(("healed", event["complete"], event))

    def _on_members(self, event):
        if event["last"] and event["room"].lower() in self.logs:
            self.inside.add(event["room"].lower())

    def _on_offline(self, event):
        self.inside.clear()
        if event.get("final"):
            self.wrong.append(f"given up: {event}")

    def _on_closing(self, event):
        self.wrong.append(f"closed: {event}")

    def _on_result(self, event):
        self.results.setdefault(event["n"], []).append(event)

    # --- coming back ------------------------------------------------------------------------------
    async def live(self):
        """Until finish(): one carrier after another."""
        while not self.finished:
            if self.asleep:
                await self._wait_for_change()
                continue
            try:
                async with asyncio.timeout(LAST_CHANCE):
                    await self.resume(self.chance.choice(CARRIERS))
            except BROKEN as broken:
                self._check_refusal(broken)
                await self._pause()
                continue
            self.carriers_used.append(self.carrier)
            self.resumed += 1
            again = asyncio.ensure_future(self.send_again())
            await self._until_broken()
            again.cancel()
            await asyncio.gather(again, return_exceptions=True)
            await self.drop()
            if not self.finished:
                await self._pause()

    def _check_refusal(self, broken):
        if isinstance(broken, Refused) and broken.code == "unknown_session":
            self.wrong.append("the session is gone")
            self.finished = True

    async def _until_broken(self):
        self.tired.clear()
        tired = asyncio.ensure_future(self.tired.wait())
        await asyncio.wait([tired, self._reader], return_when=asyncio.FIRST_COMPLETED)
        tired.cancel()

    async def _pause(self):
        await asyncio.sleep(self.chance.uniform(0.01, 0.3))

    async def _wait_for_change(self):
        self.changed.clear()
        await self.changed.wait()

    def sleep(self):
        """No carrier until wake_up(), as a phone in a pocket."""
        self.asleep = True
        self.tired.set()

    def wake_up(self):
        self.asleep = False
        self.changed.set()

    def finish(self):
        self.finished = True
        self.tired.set()
        self.changed.set()

    # --- what it asks -----------------------------------------------------------------------------
    def unanswered(self):
        return [n for n in self.commands if n not in self.results]

    async def talk(self, room, line):
        """Asks once; whatever happens to the request, live() asks again until there is an answer."""
        self.n += 1
        self.commands[self.n] = Line(room.lower(), line)
        await self._post([self.n], self.chance.random() < 0.05)

    async def send_again(self):
        """After a loss, and again when a request was lost on a carrier that stayed."""
        while True:
            waiting = self.unanswered()
            if waiting:
                await self._post(waiting[:60])
            await asyncio.sleep(3)

    async def _post(self, numbers, twice=False):
        commands = [{"n": n, "do": "say", "to": self.commands[n].room, "text": self.commands[n].text}
                    for n in numbers]
        for n in numbers:
            self.times_sent[n] = self.times_sent.get(n, 0) + (2 if twice else 1)
        try:
            async with asyncio.timeout(LAST_CHANCE):
                for _ in range(2 if twice else 1):
                    await self._send_all(commands)
        except BROKEN as broken:
            self._check_refusal(broken)

    async def _send_all(self, commands):
        if self.carrier == "websocket":
            if self._ws is not None:
                for command in commands:
                    await self._ws.send_str(json.dumps(command))
        else:
            await self.post_commands(commands)
