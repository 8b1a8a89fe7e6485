#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pages are compared on: InspIRCd, Prosody with mod_crowd, and the gateway in front of both.
Prints one line of JSON when all answer and ends with its input."""

import json
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "..", "..", ".."))
sys.path.insert(0, os.path.join(HERE, "..", "..", "support"))

from servers import Gateway, InspIRCd, Prosody, free_port  # noqa: E402

RELEASE = os.path.join(ROOT, "build/release/halley")
if os.path.exists(RELEASE):
    os.environ.setdefault("HALLEY_BIN", RELEASE)


BACKLOG = 5000  # lines a room keeps for who enters it


class CrowdedProsody(Prosody):
    room_modules = ("crowd",)  # and no archive, which would be what is measured
    history_lines = BACKLOG

    def command(self):
        self.make_folder("plugins")
        shutil.copy(os.path.join(HERE, "mod_crowd.lua"), self.path("plugins/mod_crowd.lua"))
        os.chmod(self.path("plugins/mod_crowd.lua"), 0o644)
        return super().command()


class InspIRCdWithBacklog(InspIRCd):
    history_lines = BACKLOG


def main():
    irc = InspIRCdWithBacklog().start()
    xmpp = CrowdedProsody(own_web=True).start()
    networks = [irc.network("irc", title="IRC"), xmpp.network("xmpp", title="XMPP")]
    site = free_port()  # of the page that has the embed in it
    gateway = Gateway(networks, http={"static_root": os.path.join(ROOT, "web", "dist"),
                                      "origins": [f"http://127.0.0.1:{site}"]},
                      sessions={"outbox_count": 20000, "outbox_bytes": 16 * 1024 * 1024})
    gateway.start()
    try:
        print(json.dumps({"url": gateway.url, "irc": irc.port, "xmpp": xmpp.port,
                          "xmppHttp": xmpp.http_port, "xmppHost": xmpp.host,
                          "domain": xmpp.domain, "site": site}), flush=True)
        sys.stdin.read()
    finally:
        for server in (gateway, xmpp, irc):
            server.stop()


main()
