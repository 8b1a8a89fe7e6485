# SPDX-License-Identifier: GPL-3.0-or-later
"""BOSH by requirement number (XEP-0124 1.11: B-.., XEP-0206 1.4: X-.., practice: D-..), as a black box:

    python3 tests/conformance/bosh/checks.py http://127.0.0.1:5280/http-bind guest.example.org

The domain must let guests in (SASL ANONYMOUS)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
# Each brings its checks to the list, in the order of the table.
import bosh_creation  # noqa: E402, F401
import bosh_data  # noqa: E402, F401
import bosh_ids  # noqa: E402, F401
import bosh_streams  # noqa: E402, F401
import bosh_practice  # noqa: E402, F401
from bosh_wire import Wire, kit  # noqa: E402

if __name__ == "__main__":
    kit.main(Wire)
