# SPDX-License-Identifier: GPL-3.0-or-later
"""A stage whose gateway reaches its network through two fault proxies, and whose browsers may come
through one of their own each."""

import asyncio

from stage import Browser, Gateway, Stage
from faults import FaultProxy
from servers import free_port


class FaultyStage(Stage):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.server_class().start()
        cls.addClassCleanup(cls.server.stop)
        cls.net_ports = [free_port(), free_port()]
        network = cls.server.network("net", **cls.network_options)
        network["servers"] = [f"127.0.0.1:{port}" for port in cls.net_ports]
        cls.gateway = Gateway([network], cls.shards, sessions=cls.sessions,
                              http={"trusted_proxies": ["127.0.0.1"]}).start()
        cls.addClassCleanup(cls.gateway.stop)

    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.net = [await FaultProxy((self.server.host, self.server.port), port=port).open()
                    for port in self.net_ports]
        for one in self.net:
            self.addAsyncCleanup(one.close)

    async def behind_proxy(self, room=None, carrier="websocket", **more):
        """A browser with a fault proxy of its own: browser.proxy."""
        proxy = await FaultProxy(("127.0.0.1", self.gateway.port), http=True, **more).open()
        self.addAsyncCleanup(proxy.close)
        one = await self.browser(room, carrier, gateway=proxy.url)
        one.proxy = proxy
        return one

    def legs(self):
        """The passages of the gateway to the network that are open now."""
        return [leg for proxy in self.net for leg in proxy.live]

    async def back_from(self, one, mark, room):
        """The network was lost after `mark`; until the browser is in the room again."""
        await one.wait_for(lambda e: e["ev"] == "online", 60, mark, "online again")
        await one.wait_for(lambda e: e["ev"] == "members" and e["last"]
                           and e["room"].lower() == room.lower(), 60, mark, "the room again")


def texts(browser, room):
    return [e["text"] for e in browser.said(room)]


async def come_back(one, carrier=None, tries=20):
    """Resumes however often the proxy breaks the attempt."""
    for _ in range(tries):
        try:
            async with asyncio.timeout(Browser.patience):
                await one.resume(carrier)
            return
        except Exception as broken:  # whatever a broken connection makes of itself
            last = broken
    raise last
