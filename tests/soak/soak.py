# SPDX-License-Identifier: GPL-3.0-or-later
"""One soak from a seed: everybody talks while everything breaks; then each log is compared with what the
room said."""

import asyncio
import collections
import itertools
import time

from world import World  # first: it sets the search path
from faults import Storm
from judgement import judge_commands, judge_log
from evidence import keep_evidence
from lines import make_line, mark_of
from people.browser import CARRIERS
from xmpp_room import read_archive

BROWSER_FAULTS = {"cut": 4, "reset": 4, "stall": 2, "half_close": 2, "reset_after": 3, "slow": 2,
                  "reorder": 2, "double": 3}
LAST_WORDS = 4  # at most, for those who were out when the one before was said
NETWORK_FAULTS = {"cut": 3, "reset": 3, "stall": 2, "half_close": 1, "reset_after": 2, "slow": 1}


class Soak:
    """lines: how many are said in all, half of them by browsers. rate: lines a second. every: seconds
    between two faults before browsers, and ten times that before networks. restarts: of each server.
    sleepers: participants that stay away until the bound of their log was passed."""

    def __init__(self, seed, lines, sessions=50, rate=80, every=0.3, restarts=1, patience=60,
                 network_faults=NETWORK_FAULTS, say=print):
        self.seed = seed
        self.lines = lines
        self.rate = rate
        self.restarts = restarts
        self.patience = patience
        self.say = say
        self.world = World(seed, sessions)
        self.chance = self.world.chance
        self.every = every
        self.network_faults = network_faults
        self.said = 0
        self.verdicts = []
        self.commands = []
        self.wrong = []

    # --- the run ----------------------------------------------------------------------------------
    async def run_to_the_end(self):
        """Runs, prints the seed first and the counts last, and keeps what can explain a fault."""
        self.say(f"seed {self.seed}", flush=True)
        try:
            await self.run()
            self.say(self.report(), flush=True)
            if not self.is_good:
                self.say("  what everybody saw: " + keep_evidence(self), flush=True)
        finally:
            await self.world.close()

    async def run(self):
        began = time.monotonic()
        await self.world.open()
        entered = time.monotonic()
        world = self.world
        living = [asyncio.ensure_future(one.live()) for one in world.participants]
        storms = [Storm(world.browser_proxies, BROWSER_FAULTS, self.every, self.chance.random())]
        if self.network_faults:
            storms.append(Storm(list(itertools.chain(*world.net_proxies.values())),
                                self.network_faults, self.every * 10, self.chance.random()))
        for storm in storms:
            storm.begin()
        self.weariness = asyncio.ensure_future(self._tire())
        try:
            await asyncio.gather(*self._talks(), self._restart())
        finally:
            self.weariness.cancel()
            for storm in storms:
                await storm.calm()
        talked = time.monotonic()
        await self._settle()
        for one in world.participants:
            one.finish()
        await asyncio.gather(*living, return_exceptions=True)
        await self._judge()
        self.faults = sum(storm.faults for storm in storms)
        self.took = (entered - began, talked - entered, time.monotonic() - talked)

    def _talks(self):
        world = self.world
        each = self.lines // 2 // len(world.participants)
        for one in world.participants:
            yield self._participant_talks(one, each)
        each = self.lines // 2 // len(world.speakers)
        for number, room in enumerate(world.speakers):
            yield self._native_talks(number, room, each)

    def _room_number(self, room):
        return list(self.world.speakers).index(room)

    async def _participant_talks(self, one, count):
        pace = self.rate / 2 / len(self.world.participants)
        requests = set()
        for k in range(count):
            await asyncio.sleep(one.chance.expovariate(pace))
            room = one.chance.choice(one.rooms)
            await one.wait_until(lambda: room.lower() in one.inside and len(one.unanswered()) < 6,
                                 self.patience, f"its turn in {room}", even_if_ended=True)
            line = make_line(self._room_number(room), f"web{one.index}", k, one.chance)
            request = asyncio.ensure_future(one.talk(room, line))
            requests.add(request)
            request.add_done_callback(requests.discard)
            self.said += 1
        await asyncio.gather(*requests)

    async def _native_talks(self, number, room, count):
        world = self.world
        pace = self.rate / 2 / len(world.speakers)
        for k in range(count):
            await asyncio.sleep(self.chance.expovariate(pace))
            await world.natives_rest.wait()
            await self._native_says(room, make_line(number, f"native{number}", k, self.chance))

    async def _native_says(self, room, line):
        speaker = self.world.speakers[room]
        if room.startswith("#"):
            speaker.say(room, line)
        else:
            await speaker.say(room, line)
        self.said += 1

    async def _restart(self):
        for n in range(self.restarts):
            for m, kind in enumerate(("irc", "xmpp")):
                goal = self.lines * (n * 2 + m + 1) // (self.restarts * 2 + 1)
                while self.said < goal:
                    await asyncio.sleep(0.1)
                await self.world.restart(kind)

    async def _tire(self):
        """Carriers are changed in the middle of the talk."""
        while True:
            await asyncio.sleep(self.chance.expovariate(len(self.world.participants) / 5))
            self.chance.choice(self.world.participants).tired.set()

    async def _settle(self):
        """All is quiet; each has its answers and has heard a last word in each of its rooms. Who had
        not yet heard that its network was lost missed that word with right: then there is another."""
        await asyncio.gather(*(self._settles(one) for one in self.world.participants))
        waiting = [(one, room) for one in self.world.participants for room in one.rooms]
        for k in range(LAST_WORDS):
            last = {room: f"{number}.last{number}.{k}"
                    for number, room in enumerate(self.world.speakers)}
            for room in dict.fromkeys(room for _, room in waiting):
                await self._native_says(room, last[room])
            heard = await asyncio.gather(*(self._hears(one, room, last[room])
                                           for one, room in waiting))
            waiting = [pair for pair, did in zip(waiting, heard) if not did]
        self.wrong += [f"{one.name} ({one.carrier}): did not hear the last words of {room}: "
                       f"{one.ended}; last {one.events[-3:]}" for one, room in waiting]

    async def _settles(self, one):
        try:
            await one.wait_until(
                lambda: len(one.inside) == len(one.rooms) and not one.unanswered(), self.patience,
                "answers", even_if_ended=True)
        except AssertionError:
            self.wrong.append(f"{one.name}: in {sorted(one.inside)} of {one.rooms}, waits for "
                              f"{one.unanswered()[:5]}, {one.carrier}: {one.ended}; last "
                              f"{one.events[-3:]}")

    async def _hears(self, one, room, line):
        try:
            await one.wait_until(lambda: any(text == line for kind, text, _ in
                                             one.logs[room.lower()][-50:]),
                                 self.patience / LAST_WORDS, "the last word", even_if_ended=True)
        except AssertionError:
            return False
        return True

    # --- the judgement ----------------------------------------------------------------------------
    async def _judge(self):
        world = self.world
        self.truth = {room.lower(): world.observer.said(room) for room in world.irc_rooms}
        for room in world.xmpp_rooms:
            self.truth[room.lower()] = await read_archive(world.xmpp, "archivist", room)
        heard = collections.Counter(mark_of(text) for texts in self.truth.values()
                                    for text in texts)
        for mark, times in heard.items():
            if times > 1:
                self.wrong.append(f"the room heard {mark} {times} times")
        for one in world.participants:
            for room in one.rooms:
                self.verdicts.append(self._judge_room(one, room.lower()))
            self.commands.append(judge_commands(one.name, one.commands, one.times_sent, one.results,
                                                heard))
            self.wrong += [f"{one.name}: {what}" for what in one.wrong]

    def _judge_room(self, one, room):
        who = f"{one.name} in {room}"
        if one.kind == "xmpp":
            return judge_log(who, one.logs[room], self.truth[room])
        host = self.world.host_of(one.index)
        due = self.world.observer.due(room, host)
        # What the server sent while it thought them in the room, and a broken network leg ate.
        excused = due - self.world.legs.delivered(room, host)
        if excused and self.world.legs.count(host) == 1:
            self.wrong.append(f"{who}: {len(excused)} lines never left the server")
        return judge_log(who, one.logs[room], self.truth[room], due, excused)

    # --- the report -------------------------------------------------------------------------------
    @property
    def is_good(self):
        return not self.wrong and all(one.is_good for one in (*self.verdicts, *self.commands))

    def report(self):
        world = self.world
        total = collections.Counter()
        for one in self.verdicts:
            for key in ("told", "due", "replayed", "excused"):
                total[key] += getattr(one, key)
            for kind in one.FAULTS:
                total[kind] += len(getattr(one, kind))
        gaps = collections.Counter(event["reason"] + ", healing" * event.get("healing", False)
                                   for one in world.participants
                                   for event in one.all(lambda e: e["ev"] == "gap"))
        asked = sum(one.asked for one in self.commands)
        carriers = collections.Counter(carrier for one in world.participants
                                       for carrier in one.carriers_used)
        faults = collections.Counter()
        for proxy in itertools.chain(world.browser_proxies, *world.net_proxies.values()):
            faults.update(proxy.count)
        for kind in ("connections", "requests", "answers_thrown_away", "copies_lost",
                     "broken_by_others"):
            faults.pop(kind, None)
        lines = [
            f"seed {self.seed}: {len(world.participants)} sessions, "
            f"{sum(map(len, self.truth.values()))} lines in {len(self.truth)} rooms; entering, "
            f"talking, settling took {self.took[0]:.0f}, {self.took[1]:.0f}, {self.took[2]:.0f} s",
            f"  to browsers: {total['told']} told, {total['replayed']} of them replayed, "
            f"{total['lost']} lost, {total['doubled']} doubled, {total['disordered']} out of order, "
            f"{total['invented']} invented; {total['excused']} missing with right, "
            f"{total['silent']} of these untold; gaps {dict(gaps)}",
            f"  from browsers: {asked} asked, sent {sum(one.sent for one in self.commands)} times; "
            f"{sum(one.done for one in self.commands)} done, "
            f"{sum(one.refused for one in self.commands)} refused, "
            f"{sum(len(one.wrong) for one in self.commands)} wrong",
            f"  faults: {self.faults}: {dict(sorted(faults.items()))}; server restarts "
            f"{world.restarts}",
            f"  carriers: {dict(sorted(carriers.items()))} of {len(CARRIERS)} kinds",
        ]
        lines += [f"  WRONG {one}" for one in self.wrong]
        lines += [f"  WRONG {one}" for one in (*self.verdicts, *self.commands) if not one.is_good]
        return "\n".join(lines)
