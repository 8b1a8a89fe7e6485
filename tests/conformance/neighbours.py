#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of README.md: the checks of a kit against Halley, and against the BOSH and WebSocket that
Prosody and ejabberd bring themselves.   neighbours.py bosh|xmpp_frames"""

import asyncio
import importlib.util
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))

from servers import Ejabberd, Gateway, Prosody  # noqa: E402


def load(kind):
    spec = importlib.util.spec_from_file_location("checks", os.path.join(HERE, kind, "checks.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main(kind):
    module = load(kind)
    scheme, path = {"bosh": ("http", "/http-bind"),
                    "xmpp_frames": ("ws", "/xmpp-websocket")}[kind]
    prosody_path = {"bosh": "/http-bind", "xmpp_frames": "/xmpp-websocket"}[kind]
    with Prosody(own_web=True) as prosody, \
            Ejabberd(own_web=True) as ejabberd, \
            Gateway([prosody.network("net", raw_clients=True)], sessions={"grace_s": 8}) as gateway:
        where = {
            "Halley": (f"{scheme}://127.0.0.1:{gateway.port}{path}", "guest." + prosody.domain),
            "Prosody 0.12": (f"{scheme}://{prosody.host}:{prosody.http_port}{prosody_path}",
                             "guest." + prosody.domain),
            "ejabberd 23.01": (f"{scheme}://127.0.0.1:{ejabberd.http_port}{path}",
                               "guest." + ejabberd.domain),
        }
        async def all_of_them():
            return await asyncio.gather(
                *(module.kit.run(lambda at=at: module.Wire(*at)) for at in where.values()))

        columns = dict(zip(where, asyncio.run(all_of_them())))
        module.kit.print_table(columns)


main(sys.argv[1])
