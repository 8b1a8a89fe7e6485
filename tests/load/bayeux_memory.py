#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""bayeux_memory.py [CLIENTS]: what one idle Bayeux client costs the gateway: a session on IRC in one room
of its own, a long poll that is held, two connections. Prints bytes of the process per client."""

import asyncio
import json
import os
import resource
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))

from servers import Gateway, InspIRCd  # noqa: E402

WARM_UP = 200


class Client:
    def __init__(self, gateway, number):
        self.gateway, self.number, self.id = gateway, number, None

    async def send(self, *messages):
        whose = {"clientId": self.id} if self.id else {}
        body = json.dumps([{"id": "1", **whose, **one} for one in messages]).encode()
        # Each is a visitor of his own.
        address = f"10.{self.number >> 16 & 255}.{self.number >> 8 & 255}.{self.number & 255}"
        self.writer.write(b"POST /cometd HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                          + f"X-Forwarded-For: {address}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)

    async def answer(self):
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split()[0])
        return json.loads(await self.reader.readexactly(length))

    async def begin(self):
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.gateway.port)
        await self.send({"channel": "/meta/handshake", "version": "1.0",
                         "supportedConnectionTypes": ["long-polling"],
                         "ext": {"chat": {"nick": f"m{self.number}", "network": "irc"}}})
        reply, = await self.answer()
        assert reply["successful"], reply
        self.id = reply["clientId"]
        await self.send({"channel": "/meta/subscribe", "subscription": f"/chat/irc/m{self.number}"})
        reply = (await self.answer())[-1]
        assert reply["successful"], reply
        poll = {"channel": "/meta/connect", "connectionType": "long-polling"}
        for _ in range(3):  # until there is no more news
            await self.send({**poll, "advice": {"timeout": 0}})
            await self.answer()
        await self.send(poll)


def resident(server):
    with open(f"/proc/{server.pid}/statm", encoding="ascii") as numbers:
        return int(numbers.read().split()[1]) * 4096


async def measure(gateway, count):
    clients = []

    async def add(more):
        ones = [Client(gateway, len(clients) + n + 1) for n in range(more)]
        clients.extend(ones)
        for begin in range(0, more, 50):
            await asyncio.gather(*(one.begin() for one in ones[begin:begin + 50]))

    await add(WARM_UP)
    before = resident(gateway)
    await add(count)
    await asyncio.sleep(1)
    return (resident(gateway) - before) / count


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    irc = InspIRCd().start()
    gateway = Gateway([irc.network("irc")], http={"trusted_proxies": ["127.0.0.1"]},
                      sessions={"hold_s": 120, "grace_s": 120})
    try:
        gateway.start()
        print(f"{asyncio.run(measure(gateway, count)):.0f} bytes a client, of {count}")
    finally:
        gateway.stop()
        irc.stop()


main()
