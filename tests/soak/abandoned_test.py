# SPDX-License-Identifier: GPL-3.0-or-later
"""10,000 sessions opened and abandoned: tests/live/bounded_memory_test.py with the full number."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))

import bounded_memory_test  # noqa: E402


class TenThousand(bounded_memory_test.Abandoned):
    count = 10000
    together = 200


if __name__ == "__main__":
    unittest.main()
