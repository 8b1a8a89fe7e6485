#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What IRC over WebSocket costs: clients in one room on InspIRCd's own WebSocket, then as many through
the gateway to the same server's plain port. Prints both in one run, and their ratios.

    raw_irc_cost.py [CLIENTS] [LINES]      HALLEY_BIN names the gateway
"""

import asyncio
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
sys.path.insert(0, HERE)

from measure import Usage  # noqa: E402
from people.crowd import Bot  # noqa: E402
from people.raw_irc import RawIrc  # noqa: E402
from servers import Gateway, InspIRCd  # noqa: E402


class OwnWebSocket:
    """Stands where a gateway stands, for RawIrc."""

    def __init__(self, server):
        self.url = f"http://127.0.0.1:{server.websocket_port}"


async def measure(door, server, processes, clients, lines):
    idle = Usage(*processes)
    pages = []
    for first in range(0, clients, 50):
        pages += await asyncio.gather(*(
            RawIrc.register(door, f"w{i}", protocols=["text.ircv3.net"],
                             headers={"Origin": door.url})
            for i in range(first, min(first + 50, clients))))
    await asyncio.gather(*(page.join("#cost") for page in pages))
    entered = Usage(*processes)
    bot = await Bot.connect(server, "speaker", ["#cost"])
    before = Usage(*processes)
    for i in range(lines):
        bot.say("#cost", f"line {i} of a room in which people write about this much at a time")
        if i % 50 == 49:
            await asyncio.gather(*(page.sees(f":line {i} ") for page in pages))
    await asyncio.gather(*(page.sees(f":line {lines - 1} ") for page in pages))
    after = Usage(*processes)
    await asyncio.gather(*(page.close() for page in pages))
    await bot.close()
    return ((entered.memory - idle.memory) / clients,
            (entered.seconds - idle.seconds) / clients * 1e3,
            (after.seconds - before.seconds) / (lines * clients) * 1e6)


def run(way, clients, lines):
    with InspIRCd() as server:
        if way == "own":
            return asyncio.run(measure(OwnWebSocket(server), server, [server], clients, lines))
        with Gateway([server.network("net", raw_clients=True)]) as gateway:
            if way == "gateway":
                return asyncio.run(measure(gateway, server, [gateway], clients, lines))
            return asyncio.run(measure(gateway, server, [gateway, server], clients, lines))


def main():
    clients, lines = (int(value) for value in (*sys.argv[1:], *("400", "200")[len(sys.argv) - 1:]))
    print(f"{clients} clients in one room, {lines} lines to each", flush=True)
    print(f"{'':34}{'KiB a client':>14}{'ms a login':>12}{'us a line':>11}")
    rows = {}
    for way, name in (("own", "InspIRCd with its own WebSocket"), ("gateway", "Halley alone"),
                      ("both", "Halley and InspIRCd behind it")):
        rows[way] = run(way, clients, lines)
        print(f"{name:34}{rows[way][0]:14.1f}{rows[way][1]:12.2f}{rows[way][2]:11.2f}", flush=True)
    for way, name in (("gateway", "Halley : InspIRCd"), ("both", "both : InspIRCd")):
        ratio = [a / b if b else float("nan") for a, b in zip(rows[way], rows["own"])]
        print(f"{name:34}{ratio[0]:14.2f}{ratio[1]:12.2f}{ratio[2]:11.2f}")


if __name__ == "__main__":
    main()
