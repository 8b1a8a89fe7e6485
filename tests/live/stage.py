# SPDX-License-Identifier: GPL-3.0-or-later
"""What live tests have in common: a chat server and a gateway for a class of tests, people who leave
when a test ends, names that no other test uses."""

import asyncio
import itertools
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

from people.browser import CARRIERS, Browser, Refused  # noqa: E402,F401
from people.crowd import Bot  # noqa: E402
from people.person import IrcPerson  # noqa: E402
from people.xmpp_person import XmppPerson  # noqa: E402
from servers import (Gateway, InspIRCd, Ngircd, Prosody, federated_pair,  # noqa: E402
                     linked_pair)

_numbers = itertools.count(1)


class Stage(unittest.IsolatedAsyncioTestCase):
    """Subclasses name the server's class; `shards` and `sessions` are the gateway's."""

    server_class = None
    shards = 1
    sessions = {}
    network_options = {}
    echo = True  # the network itself sends own lines back

    @classmethod
    def setUpClass(cls):
        cls.server = cls.server_class().start()
        cls.addClassCleanup(cls.server.stop)
        cls.gateway = Gateway([cls.server.network("net", **cls.network_options)], cls.shards,
                              sessions=cls.sessions).start()
        cls.addClassCleanup(cls.gateway.stop)

    async def asyncSetUp(self):
        # unittest switches it on; it makes everything several times slower.
        asyncio.get_running_loop().set_debug(False)
        self.leaving = []

    async def asyncTearDown(self):
        await asyncio.gather(*(one() for one in self.leaving), return_exceptions=True)
        self.assertTrue(self.gateway.is_running(),
                        "the gateway ended:\n" + self.gateway.output_tail())

    # --- names ------------------------------------------------------------------------------------
    def nick(self, stem="ann"):
        return f"{stem}{next(_numbers)}"

    def room(self, stem="room"):
        name = f"{stem}{next(_numbers)}"
        return self.server.room(name) if self.server.kind == "xmpp" else "#" + name

    # --- people -----------------------------------------------------------------------------------
    async def browser(self, room=None, carrier="websocket", nick=None, gateway=None, **more):
        rooms = more.pop("rooms", [room] if room else [])
        one = await Browser.enter(gateway or self.gateway, "net", nick or self.nick("web"),
                                  carrier, rooms, **more)
        one.nick = one.ask["nick"]
        self.leaving.append(lambda: self._leave(one))
        for room_name in rooms:
            await one.wait_for(lambda e, r=room_name: e["ev"] == "members" and e["last"]
                               and e["room"].lower() == r.lower(), what=f"members of {room_name}")
        return one

    async def _leave(self, one):
        try:
            await asyncio.wait_for(one.leave(), 5)
        finally:
            await one.close()

    async def browsers(self, room=None, carriers=CARRIERS, **more):
        """One for each carrier, all in the room, each knowing the others."""
        found = await asyncio.gather(*(self.browser(room, carrier, **more) for carrier in carriers))
        if room:
            for one in found:
                for other in found:
                    await self.sees_member(one, room, other.nick)
        return found

    async def sees_member(self, one, room, nick):
        await one.wait_for(
            lambda e: (e["ev"] == "joined" and e["from"] == nick and e["room"] == room) or
            (e["ev"] == "members" and e["room"] == room
             and any(m["nick"] == nick for m in e["members"])), what=f"{nick} in {room}")

    async def person(self, *rooms, nick=None, server=None):
        """Somebody at an ordinary client of this kind of network."""
        server = server or self.server
        nick = nick or self.nick("ann")
        if server.kind == "xmpp":
            server.add_account(nick, "secret")
            one = await XmppPerson.connect(server, nick, rooms)
        else:
            one = await IrcPerson.connect(server, nick, rooms)
        self.leaving.append(one.close)
        return one

    async def bot(self, *rooms, nick=None, server=None):
        one = await Bot.connect(server or self.server, nick or self.nick("bot"), rooms)
        self.leaving.append(one.close)
        return one

    async def together(self, room, carriers=CARRIERS):
        """A person who opened the room, and browsers in it. All connect at once (InspIRCd finishes
        registrations once a second) and then join."""
        person, *browsers = await asyncio.gather(
            self.person(), *(self.browser(None, carrier) for carrier in carriers))
        await person.join(room)
        await asyncio.gather(*(one.join(room) for one in browsers))
        for one in browsers:
            for other in browsers:
                await self.sees_member(one, room, other.nick)
        return person, browsers

    # --- checks -----------------------------------------------------------------------------------
    def once(self, browser, fits, what):
        found = browser.all(fits)
        self.assertEqual(1, len(found), f"{browser.name} has {len(found)} of {what}: {found}")
        return found[0]


def on(server_class, shards, *mixins, **values):
    """A test class for one server and number of shards."""
    name = "_".join([mixin.__name__ for mixin in mixins] + ["on", server_class.__name__,
                                                          str(shards), "shards"])
    return type(name, (*mixins, Stage), {"server_class": server_class, "shards": shards, **values})


def live_classes(module, servers, shard_counts, *mixins, **values):
    """Puts a class for each server and number of shards into a test module."""
    for server_class in servers:
        for shards in shard_counts:
            made = on(server_class, shards, *mixins, **values)
            made.__module__ = module["__name__"]
            module[made.__name__] = made


IRC_SERVERS = (Ngircd, InspIRCd)
XMPP_SERVERS = (Prosody,)
SHARDS = (1, 3)


def linked_servers(module, *bases):
    """A class for two linked IRC servers and one for two federating XMPP servers."""
    for name, make in (("irc", linked_pair), ("xmpp", federated_pair)):
        made = type(f"Federation_on_{name}", bases, {"make_servers": staticmethod(make)})
        made.__module__ = module["__name__"]
        module[made.__name__] = made
