# SPDX-License-Identifier: GPL-3.0-or-later
"""The long soak: tests/run soak. README.md says what it shows and how to repeat a run."""

import asyncio
import os
import time
import unittest

import world  # noqa: F401  (sets the search path)
from soak import Soak


def value(name, otherwise):
    return int(os.environ.get("HALLEY_SOAK_" + name) or otherwise)


class LongSoak(unittest.IsolatedAsyncioTestCase):
    async def test_nothing_is_lost_and_nothing_is_doubled(self):
        asyncio.get_running_loop().set_debug(False)
        rate = value("RATE", 80)
        minutes = value("MINUTES", 0)
        lines = minutes * 60 * rate if minutes else value("LINES", 20000)
        soak = Soak(value("SEED", time.time()), lines, rate=rate, patience=120,
                    restarts=value("RESTARTS", 4))
        await soak.run_to_the_end()
        self.assertTrue(soak.is_good, "what is WRONG stands above")


if __name__ == "__main__":
    unittest.main()
