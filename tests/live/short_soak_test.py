# SPDX-License-Identifier: GPL-3.0-or-later
"""The short form of tests/soak: the same people, servers and faults, always the same seed."""

import asyncio
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "soak"))

from soak import Soak  # noqa: E402


class ShortSoak(unittest.IsolatedAsyncioTestCase):
    async def test_nothing_is_lost_and_nothing_is_doubled(self):
        asyncio.get_running_loop().set_debug(False)
        soak = Soak(20261124, 1500, every=0.15, restarts=1, patience=120)
        await soak.run_to_the_end()
        self.assertTrue(soak.is_good, "what is WRONG stands above")


if __name__ == "__main__":
    unittest.main()
