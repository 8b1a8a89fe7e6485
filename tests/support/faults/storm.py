# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults in an order that a seed decides, every few hundred milliseconds, on connections that are
live just then."""

import asyncio
import random

from .passage import DOWN, UP


class Storm:
    """proxies: any number. kinds: {name of a fault: weight}. every: seconds between two, on the
    average."""

    FAULTS = ("cut", "reset", "stall", "half_close", "reset_after", "slow", "reorder", "double")

    def __init__(self, proxies, kinds, every, seed):
        unknown = set(kinds) - set(self.FAULTS)
        if unknown:
            raise ValueError(f"no such fault: {sorted(unknown)}")
        self.proxies = proxies
        self.names = list(kinds)
        self.weights = [kinds[name] for name in self.names]
        self.every = every
        self.random = random.Random(seed)
        self.faults = 0
        self._task = None
        self._ending = set()

    def begin(self):
        self._task = asyncio.ensure_future(self._blow())

    async def calm(self):
        """No more faults; what stalls or crawls goes on."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        for handle in self._ending:
            handle.cancel()
        self._ending.clear()
        for proxy in self.proxies:
            proxy.double = None
            proxy.release_held()
            for one in proxy.live:
                one.go_on()
                one.slow(None)

    async def _blow(self):
        while True:
            await asyncio.sleep(self.random.expovariate(1 / self.every))
            self.strike()

    def strike(self):
        proxy = self.random.choice(self.proxies)
        kind = self.random.choices(self.names, self.weights)[0]
        live = sorted(proxy.live, key=lambda one: one.number)
        self.faults += 1
        if kind == "reorder":
            return proxy.hold_next()
        if kind == "double":
            return proxy.double_next(self.random.choice(("first", "copy")))
        if not live:
            return None
        one = self.random.choice(live)
        way = self.random.choice((UP, DOWN))
        if kind in ("cut", "reset"):
            getattr(one, kind)()
        elif kind == "half_close":
            # The side that still listens will not wait for ever, but the fault would outlast the test.
            one.half_close(way)
            self._later(self.random.uniform(0.2, 2), one.cut)
        elif kind == "reset_after":
            one.reset_after(way, self.random.randrange(1, 4000))
        elif kind == "stall":
            one.stall(*self.random.choice(((UP,), (DOWN,), (UP, DOWN))))
            self._later(self.random.uniform(0.1, 2), one.go_on)
        elif kind == "slow":
            one.slow(self.random.choice((500, 2000, 10000)))
            self._later(self.random.uniform(0.5, 3), lambda: one.slow(None))
        return one

    def _later(self, seconds, what):
        def now():
            self._ending.discard(handle)
            what()
        handle = asyncio.get_running_loop().call_later(seconds, now)
        self._ending.add(handle)
