# SPDX-License-Identifier: GPL-3.0-or-later
"""The XMPP WebSocket checks against Halley in front of Prosody."""

import unittest

from checks import Wire, kit

XmppFrames = kit.on_halley(__name__, Wire,
                           lambda gateway: gateway.url.replace("http", "ws") + "/xmpp-websocket")

if __name__ == "__main__":
    unittest.main()
