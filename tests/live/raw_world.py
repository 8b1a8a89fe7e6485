#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What other people's web clients are tried against: real servers and the gateway, open to raw clients,
started for one test file. Each network is named after its server.

    raw_world.py SERVER... [ORIGIN...]     ORIGIN: of pages of others that may use the gateway

Prints one line of JSON when all answer: {"url", "networks": {name: {...}}}. Then reads one JSON list a
line, [verb, ...], and prints what the verb gives. Ends with its input.
"""

import asyncio
import json
import os
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))

from faults.proxy import FaultProxy  # noqa: E402
from people.crowd import Bot, enter_in_turns  # noqa: E402
from servers import (Ejabberd, Gateway, InspIRCd, InspIRCdWithAccounts, Ngircd,  # noqa: E402
                     Prosody)

KINDS = {"ngircd": Ngircd, "inspircd": InspIRCd, "accounts": InspIRCdWithAccounts,
         "prosody": Prosody, "ejabberd": Ejabberd}


class World:
    def __init__(self, names, origins):
        self.servers = {name: KINDS[name]() for name in names}
        self.origins = origins
        self.bots = []
        self.crowds = 0
        self.proxy = None

    def start(self):
        networks = []
        for name, server in self.servers.items():
            server.start()
            if isinstance(server, InspIRCdWithAccounts):
                server.add_account("ada", "secret")
            if server.kind == "xmpp":
                server.add_account("romeo", "montague")
                server.add_account("juliet", "capulet")
            networks.append(server.network(name, raw_clients=True))
        # Pages for clients that live in a browser: those of package.json.
        pages = tempfile.mkdtemp(prefix="halley-pages-")
        for script in ("strophe.js/dist/strophe.umd.min.js", "sockjs-client/dist/sockjs.min.js"):
            shutil.copy(os.path.join(HERE, "node_modules", script), pages)
        resuming = os.path.join(HERE, "..", "..", "web", "dist", "resuming_websocket.js")
        if os.path.exists(resuming):
            shutil.copy(resuming, pages)
        with open(os.path.join(pages, "index.html"), "w", encoding="utf-8") as page:
            page.write('<!doctype html><body><script src="/strophe.umd.min.js"></script>'
                       '<script src="/sockjs.min.js"></script>')
        self.gateway = Gateway(networks, shards=int(os.environ.get("HALLEY_SHARDS", "2")),
                               sessions={"grace_s": 20},
                               http={"static_root": pages, "origins": self.origins})
        self.pages = pages
        self.gateway.start()
        return {"url": self.gateway.url,
                "networks": {name: {"host": server.host, "port": server.port,
                                    "domain": getattr(server, "domain", None)}
                             for name, server in self.servers.items()}}

    def stop(self):
        for server in (self.gateway, *self.servers.values()):
            server.stop()
        shutil.rmtree(self.pages, ignore_errors=True)

    # --- verbs ------------------------------------------------------------------------------------
    async def crowd(self, name, room, count):
        """So many people in a room; those of the last one leave."""
        await asyncio.gather(*(bot.close() for bot in self.bots))
        self.crowds += 1
        self.bots = await enter_in_turns(
            Bot.connect(self.servers[name], f"c{self.crowds}x{i}", [room]) for i in range(count))

    async def talk(self, room, count):
        """The first of them says so many lines; another has seen the last."""
        for i in range(count):
            self.bots[0].say(room, f"backlog {i}")
        await self.bots[1].hears(f"backlog {count - 1}")

    async def mode(self, room, *change):
        self.bots[0].send(f"MODE {room} " + " ".join(change))

    async def heard(self, text):
        await self.bots[1].hears(text)

    async def open_proxy(self):
        """Another way to the gateway, that may break; on the same port each time."""
        self.proxy = self.proxy or FaultProxy((self.gateway.host, self.gateway.port))
        await self.proxy.open()
        return self.proxy.url

    async def close_proxy(self):
        """All that came this way breaks, and nobody gets through."""
        await self.proxy.close()

    async def metrics(self):
        return await asyncio.to_thread(self.gateway.metrics)

    async def restart_gateway(self):
        self.gateway.kill()
        self.gateway.start()

    async def kill_server(self, name):
        self.servers[name].kill()

    async def start_server(self, name):
        self.servers[name].start()


def say(what):
    print(json.dumps(what), flush=True)


async def obey(world):
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        verb, *rest = json.loads(line)
        say(await getattr(world, verb)(*rest))


def main():
    names = [word for word in sys.argv[1:] if word in KINDS]
    world = World(names, [word for word in sys.argv[1:] if word not in KINDS])
    try:
        say(world.start())
        asyncio.run(obey(world))
    finally:
        world.stop()


main()
