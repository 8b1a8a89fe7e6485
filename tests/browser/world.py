#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pages are tried against: InspIRCd, Prosody and the gateway, started for one test file.

Prints one line of JSON when all answer: {"url", "ports": {"irc", "xmpp"}}. Then reads a word a line
and prints "done" after each: stop-gateway, kill-gateway, start-gateway, kill-irc,
start-irc. Ends with its input.
"""

import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))

from servers import Gateway, InspIRCd, Prosody  # noqa: E402


def say(what):
    print(json.dumps(what), flush=True)


def main():
    pages = os.path.normpath(os.path.join(HERE, "..", "..", "web", "dist"))
    irc = InspIRCd().start()
    xmpp = Prosody().start()
    xmpp.add_account("ada", "secret")
    networks = [
        irc.network("irc", title="Comet IRC", rooms=["#halley", "#lounge"]),
        xmpp.network("xmpp", title="Comet XMPP", rooms=["halley", "lounge"]),
    ]
    gateway = Gateway(networks, shards=2, http={"static_root": pages},
                      sessions={"grace_s": 20})
    gateway.start()
    verbs = {"stop-gateway": gateway.terminate, "kill-gateway": gateway.kill,
             "start-gateway": gateway.start, "kill-irc": irc.kill, "start-irc": irc.start}
    try:
        say({"url": gateway.url, "ports": {"irc": irc.port, "xmpp": xmpp.port}})
        for line in sys.stdin:
            verbs[line.strip()]()
            say("done")
    finally:
        for server in (gateway, xmpp, irc):
            server.stop()


main()
