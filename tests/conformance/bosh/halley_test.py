# SPDX-License-Identifier: GPL-3.0-or-later
"""The BOSH checks against Halley in front of Prosody."""

import unittest

from checks import Wire, kit

Bosh = kit.on_halley(__name__, Wire, lambda gateway: gateway.url + "/http-bind", grace_s=8)

if __name__ == "__main__":
    unittest.main()
