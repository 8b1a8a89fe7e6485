#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Bayeux clients are tried on: InspIRCd, Prosody and a gateway with short times.

Prints one line of JSON when all answer: {"url", "page_port"}, the port for pages of an allowed origin. Then reads a word a line and prints "done" after each:
stop-gateway, kill-gateway, start-gateway. Ends with its input.
"""

import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "support"))

from servers import Gateway, InspIRCd, Prosody  # noqa: E402
from servers import gateway as settings  # noqa: E402
from servers.process import free_port  # noqa: E402


class BayeuxGateway(Gateway):
    bayeux = {"publish_key": "a-key-for-programs-1"}

    def command(self):
        command = super().command()
        with open(command[-1], "a", encoding="utf-8") as file:
            file.write(settings.toml_table("[bayeux]", self.bayeux))
        return command


def say(what):
    print(json.dumps(what), flush=True)


def main():
    irc = InspIRCd().start()
    xmpp = Prosody().start()
    xmpp.add_account("ada", "secret")
    page_port = free_port()
    pages = os.path.normpath(os.path.join(HERE, "..", "..", "..", "web", "demo"))
    gateway = BayeuxGateway(
        [irc.network("irc"), irc.network("slow", flood_rate=2, flood_burst=4),
         xmpp.network("xmpp")], shards=2,
        http={"script_carrier": True, "origins": ["http://page.test", f"http://127.0.0.1:{page_port}"], "static_root": pages},
        sessions={"grace_s": 4, "hold_s": 3, "outbox_bytes": 65536})
    gateway.start()
    verbs = {"stop-gateway": gateway.terminate, "kill-gateway": gateway.kill,
             "start-gateway": gateway.start}
    try:
        say({"url": gateway.url, "page_port": page_port})
        for line in sys.stdin:
            verbs[line.strip()]()
            say("done")
    finally:
        for server in (gateway, xmpp, irc):
            server.stop()


main()
