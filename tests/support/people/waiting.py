# SPDX-License-Identifier: GPL-3.0-or-later
"""What all people of the live tests have in common: a list of what they saw, and waiting for the event
that makes a condition true. Nothing here sleeps."""

import asyncio
import os


class Watcher:
    """Keeps every event; wait_for() returns the first that fits, whether it came before or after."""

    patience = float(os.environ.get("HALLEY_PATIENCE", "60"))

    def __init__(self, name):
        self.name = name
        self.events = []
        self.ended = None  # why nothing more will come
        self._waiting = []

    def saw(self, event):
        self.events.append(event)
        self._wake()

    def end(self, why):
        if self.ended is None:
            self.ended = why
        self._wake()

    def _wake(self):
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            if not one.done():
                one.set_result(None)

    def all(self, fits, after=0):
        return [event for event in self.events[after:] if fits(event)]

    def mark(self):
        """A place in the list, for wait_for(after=...)."""
        return len(self.events)

    async def wait_for(self, fits, timeout=None, after=0, what=""):
        at = after
        end = asyncio.get_running_loop().time() + (timeout or self.patience)
        while True:
            while at < len(self.events):
                if fits(self.events[at]):
                    return self.events[at]
                at += 1
            if self.ended is not None:
                raise AssertionError(f"{self.name} ended ({self.ended}) and did not see {what}; "
                                     f"last: {self.events[-5:]}")
            await self._more(end, what)

    async def wait_until(self, holds, timeout=None, what="", even_if_ended=False):
        """Until holds() is true; asked again after each event."""
        end = asyncio.get_running_loop().time() + (timeout or self.patience)
        while not holds():
            if self.ended is not None and not even_if_ended:
                raise AssertionError(f"{self.name} ended ({self.ended}) waiting for {what}")
            await self._more(end, what)

    async def _more(self, end, what):
        loop = asyncio.get_running_loop()
        one = loop.create_future()
        self._waiting.append(one)
        try:
            # Not wait_for(): before Python 3.12 it may swallow a cancellation.
            async with asyncio.timeout_at(end):
                await one
        except TimeoutError:
            raise AssertionError(f"{self.name} waited in vain for {what or 'an event'}; "
                                 f"last: {self.events[-5:]}") from None
