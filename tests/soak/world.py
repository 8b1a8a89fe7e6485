# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything a soak needs: servers, gateway, a fault proxy before each browser and two before each
network, observers, native people, participants."""

import asyncio
import itertools
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
for folder in (HERE, os.path.join(HERE, "..", "support")):
    if folder not in sys.path:
        sys.path.insert(0, folder)

from faults import UP, FaultProxy  # noqa: E402
from people.crowd import Bot  # noqa: E402
from people.xmpp_person import XmppPerson  # noqa: E402
from servers import Gateway, InspIRCd, Prosody  # noqa: E402

from irc_room import IrcObserver, Legs  # noqa: E402
from participant import Participant  # noqa: E402

ROOMS = 3  # on each network


class World:
    def __init__(self, seed, sessions, shards=2):
        self.chance = random.Random(seed)
        self.sessions = sessions
        self.shards = shards
        self.legs = Legs()
        self.participants = []
        self.speakers = {}  # room -> native person
        self.natives_rest = asyncio.Event()  # set: native people may talk
        self.natives_rest.set()
        self.restarts = {"irc": 0, "xmpp": 0}

    # --- setting up -------------------------------------------------------------------------------
    async def open(self):
        self.irc = InspIRCd().start()
        self.xmpp = Prosody()
        self.irc_rooms = [f"#soak{n}" for n in range(ROOMS)]
        self.xmpp_rooms = [self.xmpp.room(f"soak{n}") for n in range(ROOMS)]
        for n in range(ROOMS):
            self.xmpp.add_account(f"native{n}", "secret")
        self.xmpp.add_account("archivist", "secret")
        self.xmpp.start()
        self.net_proxies = {"irc": [FaultProxy((self.irc.host, self.irc.port)) for _ in range(2)],
                            "xmpp": [FaultProxy((self.xmpp.host, self.xmpp.port))
                                     for _ in range(2)]}
        for proxy in self.net_proxies["irc"]:
            proxy.script = self.legs.watch
        for proxy in itertools.chain(*self.net_proxies.values()):
            await proxy.open()
        networks = [self._behind(self.irc.network("irc"), "irc"),
                    self._behind(self.xmpp.network("xmpp"), "xmpp")]
        self.gateway = Gateway(networks, self.shards, http={"trusted_proxies": ["127.0.0.1"]},
                               sessions={"grace_s": 300, "hold_s": 5, "heartbeat_s": 5}).start()
        await self._bring_natives()
        await self._bring_participants()

    def _behind(self, network, kind):
        network["servers"] = [f"{one.host}:{one.port}" for one in self.net_proxies[kind]]
        return network

    async def _bring_natives(self):
        self.observer = IrcObserver(self.irc, self.irc_rooms)
        await self.observer.connect()
        for kind in ("irc", "xmpp"):
            await self._bring_speakers(kind)

    async def _bring_speakers(self, kind):
        for n in range(ROOMS):
            if kind == "irc":
                room = self.irc_rooms[n]
                self.speakers[room] = await Bot.connect(self.irc, f"native{n}", [room])
            else:
                room = self.xmpp_rooms[n]
                self.speakers[room] = await XmppPerson.connect(self.xmpp, f"native{n}", [room])

    async def _bring_participants(self):
        self.browser_proxies = []
        for index in range(self.sessions):
            kind = ("irc", "xmpp")[index % 2]
            rooms = getattr(self, kind + "_rooms")
            chosen = [rooms[index // 2 % ROOMS]]
            if index % 5 == 0:  # some sit in two
                chosen.append(rooms[(index // 2 + 1) % ROOMS])
            proxy = await FaultProxy(("127.0.0.1", self.gateway.port), http=True,
                                     forwarded_for=lambda _, i=index: self.host_of(i)).open()
            self.browser_proxies.append(proxy)
            one = Participant(index, proxy.url, kind, chosen, random.Random(self.chance.random()))
            one.kind = kind
            self.participants.append(one)
        await asyncio.gather(*(self._enter(one) for one in self.participants))

    async def _enter(self, one):
        await one.open()
        await one.wait_until(lambda: len(one.inside) == len(one.rooms), 60, "being in its rooms")
        await one.drop()

    @staticmethod
    def host_of(index):
        return f"10.9.{index // 250}.{index % 250 + 1}"

    # --- restarts ---------------------------------------------------------------------------------
    async def restart(self, kind):
        """The server dies at once; nobody comes back before those who watch are there again."""
        self.restarts[kind] += 1
        self.natives_rest.clear()
        if kind == "irc":
            # From here on nothing new gets in, so that the observer has seen all that was said.
            for proxy in self.net_proxies[kind]:
                for one in proxy.live:
                    one.stall(UP)
            for _ in range(2):
                await self.observer.round_trip()
            self.observer.close()
        for proxy in self.net_proxies[kind]:
            await proxy.close()
        for room in getattr(self, kind + "_rooms"):
            await self.speakers[room].close()
        server = getattr(self, kind)
        if kind == "xmpp" and self.restarts[kind] % 2 == 0:
            server.terminate()
        else:
            server.kill()
        server.start()
        if kind == "irc":
            await self.observer.connect()
        await self._bring_speakers(kind)
        for proxy in self.net_proxies[kind]:
            await proxy.open()
        self.natives_rest.set()

    async def close(self):
        for one in self.participants:
            one.finish()
            await one.close()
        for room in self.speakers:
            await self.speakers[room].close()
        self.observer.close()
        for proxy in itertools.chain(self.browser_proxies, *self.net_proxies.values()):
            await proxy.close()
        self.gateway.stop()
        self.irc.stop()
        self.xmpp.stop()
