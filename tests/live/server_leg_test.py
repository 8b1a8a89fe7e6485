#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The leg from the gateway to the server, for pages that speak the server's protocol themselves and for
those that speak ours: whom the server sees, TLS, and servers that are slow or take few at a time."""

import asyncio
import re
import ssl
import unittest

import aiohttp

from stage import Browser, Gateway
from people.raw_irc import RawIrc
from raw_xmpp_test import Bosh, Frames
from servers import Ejabberd, InspIRCdMoreWays, Ngircd, Prosody

PATIENCE = 60
WHO_AM_I = "<iq xmlns='jabber:client' type='get' id='ip'><address xmlns='urn:xmpp:sic:1'/></iq>"
IP = "{urn:xmpp:sic:1}ip"


class Visitor(Frames):
    address = None
    patience = PATIENCE

    async def connect(self, protocols=("xmpp",), **more):
        return await super().connect(protocols, headers=coming_from(self.address), **more)


def coming_from(address):
    return {"X-Forwarded-For": address} if address else {}


async def until(holds, what):
    """Polls another process."""
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await asyncio.sleep(0.05)


class Story(unittest.IsolatedAsyncioTestCase):
    async def gateway(self, *networks, **more):
        made = Gateway(networks, **more).start()
        self.addCleanup(made.stop)
        return made

    def frames(self, gateway, domain, address=None):
        one = Visitor(gateway.url.replace("http", "ws") + "/xmpp-websocket", domain)
        one.address = address
        self.addAsyncCleanup(one.close)
        return one

    def bosh(self, gateway, domain):
        one = Bosh(gateway.url + "/http-bind", domain)
        self.addAsyncCleanup(one.close)
        return one

    async def page(self, gateway, network, **more):
        one = await RawIrc.register(gateway, "raw" + network, network=network, **more)
        self.addAsyncCleanup(one.close)
        return one

    async def enter_chat(self, gateway, nick, address):
        """A page of ours; nobody reads what it is told."""
        async with aiohttp.ClientSession(headers=coming_from(address)) as http:
            async with http.post(gateway.url + "/chat/v1/sessions",
                                 json={"network": "net", "nick": nick}) as answer:
                self.assertEqual(201, answer.status)


ejabberd = Ejabberd(more_ways=True)
inspircd = InspIRCdMoreWays()
ngircd = Ngircd(secure=True)
# Prosody 0.12 does not name its channel bindings; this is how later ones do (XEP-0440).
prosody = Prosody(secure=True, limits=True, modules={"bindings": """
module:hook("stream-features", function (event)
  if event.origin.type ~= "c2s_unauthed" then return; end
  event.features:tag("sasl-channel-binding", { xmlns = "urn:xmpp:sasl-cb:0" })
    :tag("channel-binding", { type = "tls-exporter" }):up()
    :tag("channel-binding", { type = "tls-server-end-point" }):up():up();
end);
"""})


def setUpModule():
    for server in (ejabberd, inspircd, ngircd, prosody):
        unittest.addModuleCleanup(server.stop)
        server.start()


class WhomTheServerSees(Story):
    """ejabberd reads both versions of the PROXY protocol, InspIRCd only the second."""

    trusting = {"http": {"trusted_proxies": ["127.0.0.1"]}}

    def logged(self, text):
        with open(ejabberd.path("logs/ejabberd.log"), encoding="utf-8") as log:
            return text in log.read()

    async def test_xmpp_by_both_versions_of_the_proxy_header(self):
        where = [f"127.0.0.1:{ejabberd.proxy_port}"]
        for version, last in (("v1", 71), ("v2", 72)):
            gateway = await self.gateway(ejabberd.network(
                "net", servers=where, proxy_header=version, raw_clients=True), **self.trusting)
            for address in (f"192.0.2.{last}", f"2001:db8::{last}"):
                with self.subTest(version=version, address=address):
                    raw = self.frames(gateway, "guest." + ejabberd.domain, address)
                    await raw.enter()
                    await raw.send(WHO_AM_I)
                    told = (await raw.until("{jabber:client}iq")).findtext(".//" + IP)
                    self.assertIn(told, (address, "::ffff:" + address))
            address = f"192.0.2.1{last}"
            await self.enter_chat(gateway, "ann", address)
            await until(lambda: self.logged(address), "the log of ejabberd")  # pylint: disable=W0640

    async def test_irc_by_the_second(self):
        gateway = await self.gateway({
            "name": "net", "kind": "irc", "raw_clients": True, "proxy_header": "v2",
            "servers": [f"127.0.0.1:{inspircd.proxy_port}"]}, **self.trusting)
        page = await self.page(gateway, "net", headers=coming_from("192.0.2.81"))
        await page.send(f"USERHOST {page.nick}")
        await page.sees("@192.0.2.81")
        await page.send("MONITOR + chatnet")
        await self.enter_chat(gateway, "chatnet", "192.0.2.82")
        await page.sees(" 730 ")
        await page.send("USERHOST chatnet")
        await page.sees("@192.0.2.82")



class UnderTls(Story):
    """Prosody and ejabberd let nobody in without."""

    xmpp_ways = [(prosody, "starttls", "port"), (prosody, "direct", "direct_port"),
                 (ejabberd, "starttls", "secure_port"), (ejabberd, "direct", "direct_port")]

    def behind(self, server, tls, port, **more):
        return server.network("net", tls=tls, servers=[f"{server.host}:{getattr(server, port)}"],
                              raw_clients=True, tls_ca_file=server.authority, **more)

    async def test_xmpp(self):
        for server, tls, port in self.xmpp_ways:
            with self.subTest(server=server.label, tls=tls):
                gateway = await self.gateway(self.behind(server, tls, port))
                await self.frames(gateway, "guest." + server.domain).enter()
                await self.bosh(gateway, "guest." + server.domain).enter()

    async def test_xmpp_where_the_certificate_is_another_ones(self):
        for server, tls, port in self.xmpp_ways:
            with self.subTest(server=server.label, tls=tls):
                gateway = await self.gateway(self.behind(server, tls, port, tls_name="other.test"))
                wire = self.frames(gateway, "guest." + server.domain)
                await wire.open()
                frames = await wire.rest()
                self.assertEqual(["error", "close"],
                                 [one.tag.rpartition("}")[2] for one in frames[-2:]])
                self.assertIn("<remote-connection-failed ", wire.frames[-2])
                self.assertIn("certificate", wire.frames[-2])
                bosh = self.bosh(gateway, "guest." + server.domain)
                answer = await bosh.create()
                while answer.attribute("type") is None:
                    answer = await bosh.ask()
                self.assertEqual(("terminate", "remote-connection-failed"), answer.ends_with)

    async def test_mechanisms_and_channel_bindings_pass_as_they_are(self):
        open_context = ssl.create_default_context(cafile=prosody.authority)
        reader, writer = await asyncio.open_connection(
            prosody.host, prosody.direct_port, ssl=open_context, server_hostname=prosody.domain)
        writer.write(("<stream:stream xmlns='jabber:client' to='%s' version='1.0' "
                      "xmlns:stream='http://etherx.jabber.org/streams'>" % prosody.domain).encode())
        said = (await asyncio.wait_for(reader.readuntil(b"</stream:features>"), PATIENCE)).decode()
        writer.close()
        lists = [re.search(f"<{name} .*?</{name}>", said)[0]
                 for name in ("mechanisms", "sasl-channel-binding")]
        self.assertIn("tls-exporter", lists[1])
        self.assertIn("SCRAM-SHA-1", lists[0])
        for tls, port in (("starttls", "port"), ("direct", "direct_port")):
            with self.subTest(tls):
                gateway = await self.gateway(self.behind(prosody, tls, port))
                wire = self.frames(gateway, prosody.domain)
                await wire.open()
                await wire.until("{http://etherx.jabber.org/streams}features")
                bosh = self.bosh(gateway, prosody.domain)
                answer = await bosh.create()
                while not answer.has("features"):
                    answer = await bosh.ask()
                for one in lists:
                    self.assertIn(one, wire.frames[-1])
                    self.assertIn(one, answer.text)

    async def test_irc(self):
        for server in (inspircd, ngircd):
            with self.subTest(server.label):
                network = {"name": "net", "kind": "irc", "raw_clients": True, "tls": "direct",
                           "servers": [f"127.0.0.1:{server.tls_port}"],
                           "tls_ca_file": server.authority}
                gateway = await self.gateway({**network, "tls_name": server.name})
                await self.page(gateway, "net")
                gateway = await self.gateway(network)  # it is not called 127.0.0.1
                page = await RawIrc.open(gateway)
                self.addAsyncCleanup(page.close)
                await page.send("NICK nobody", "USER nobody 0 * :nobody")
                self.assertIn("certificate", await page.sees("ERROR :"))
                await page.is_closed()


class ManyAtOnce(Story):
    async def test_three_hundred_come_in_at_the_same_moment(self):
        gateway = await self.gateway(ejabberd.network(
            "net", raw_clients=True, connect_timeout_s=PATIENCE), shards=3)
        raw = [self.frames(gateway, "guest." + ejabberd.domain) for _ in range(200)]
        chat = asyncio.gather(*(Browser.enter(gateway, "net", f"chat{i}", "websocket")
                                for i in range(100)))
        await asyncio.gather(chat, *(one.enter() for one in raw))
        for one in chat.result():
            self.addAsyncCleanup(one.close)


class SlowServer(Story):
    """Prosody reads 10 kB/s from each client, as it comes."""

    async def asyncSetUp(self):
        self.slow = await self.gateway(prosody.network(
            "net", raw_clients=True, tls="starttls", tls_ca_file=prosody.authority))
        self.domain = "guest." + prosody.domain

    async def guest(self):
        one = self.frames(self.slow, self.domain)
        await one.enter()
        one.jid = re.search("<jid>(.*?)</jid>", one.frames[-1])[1]
        return one

    def message(self, to, name, size):
        return (f"<message xmlns='jabber:client' to='{to}' id='{name}'>"
                f"<body>{'x' * size}</body></message>")

    async def say_by_bosh(self, to, count, size):
        wire = self.bosh(self.slow, self.domain)
        await wire.enter()
        asked = []
        for i in range(count):
            asked.append(wire.ask_later(self.message(to, f"b{i}", size)))
            if i:  # one is held until the next comes, or longer where the server is behind
                self.assertEqual(200, (await asked[-2]).status)
        self.addCleanup(asked[-1].cancel)

    async def test_two_hundred_kilobytes_arrive(self):
        listener, speaker = await self.guest(), await self.guest()
        speaking = asyncio.ensure_future(self.say_by_bosh(listener.jid, 25, 8000))
        await speaker.send(*(self.message(listener.jid, f"w{i}", 8000) for i in range(25)))
        heard = [(await listener.until("{jabber:client}message")).get("id") for _ in range(50)]
        for kind in "wb":
            self.assertEqual([f"{kind}{i}" for i in range(25)],
                             [name for name in heard if name[0] == kind])
        await speaking

    def memory(self):
        with open(f"/proc/{self.slow.pid}/status", encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s+(\d+) kB", status.read())[1]) * 1024

    async def test_who_sends_more_is_stopped_and_costs_nobody_anything(self):
        speaker, other = await self.guest(), await self.guest()
        before, sent = self.memory(), 0

        async def speak():
            nonlocal sent
            for i in range(2000):  # 64 MB; the kernel takes some of it
                await speaker.send(self.message(speaker.jid, f"m{i}", 32000))
                sent += 1

        speaking = asyncio.ensure_future(speak())
        seen = -1
        while seen != sent:  # until it is stopped
            seen = sent
            for i in range(10):
                await other.send("<iq xmlns='jabber:client' type='get' id='p'>"
                                 "<ping xmlns='urn:xmpp:ping'/></iq>")
                await other.until("{jabber:client}iq")
        self.assertFalse(speaking.done())
        self.assertIsNone(speaker.socket.close_code)
        self.assertLess(self.memory() - before, 8 << 20)
        speaking.cancel()
        await asyncio.gather(speaking, return_exceptions=True)


if __name__ == "__main__":
    unittest.main()
