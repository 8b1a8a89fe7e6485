#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that do not do TLS as they should are passed over for the next one, by SRV records and in the
list of the settings; the visitor is told when there is none left. The good one is a real Prosody."""

import asyncio
import ssl
import unittest

from server_leg_test import Story
from stage import Browser
from certificates import make_certificate
from servers import Dns, Prosody

HEADER = ("<?xml version='1.0'?><stream:stream xmlns='jabber:client' id='1' from='x' version='1.0' "
          "xmlns:stream='http://etherx.jabber.org/streams'>")
NO_TLS = "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>"
ASK = "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"
GO = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"


class WrongOne:
    """A server that is wrong in one way. `visits` counts, `protocols` are those agreed by ALPN."""

    def __init__(self, way, certificate):
        self.way, self.visits, self.protocols = way, 0, []
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate + ".pem", certificate + ".key")
        self.context.set_alpn_protocols(["xmpp-client"])

    async def start(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def serve(self, reader, writer):
        self.visits += 1
        try:
            await getattr(self, self.way)(reader, writer)
        except (OSError, EOFError, ssl.SSLError):
            pass  # nobody has to like it
        finally:
            writer.close()

    async def tls(self, _, writer):
        await writer.start_tls(self.context)
        self.protocols.append(writer.get_extra_info("ssl_object").selected_alpn_protocol())

    async def speaks_http(self, reader, writer):
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
        await writer.drain()

    async def closes(self, *_):
        pass

    async def is_silent(self, reader, _):
        while await reader.read(4096):
            pass

    async def greet(self, reader, writer, features):
        await reader.readuntil(b"version")
        writer.write((HEADER + features).encode())
        await writer.drain()

    async def offers_none(self, reader, writer):
        await self.greet(reader, writer, NO_TLS)
        await reader.read()

    async def agree(self, reader, writer):
        await self.greet(reader, writer, ASK)
        await reader.readuntil(b"urn:ietf:params:xml:ns:xmpp-tls")
        await reader.readuntil(b">")  # nothing may be read ahead of what is under TLS
        writer.write(GO.encode())
        await writer.drain()

    async def agrees_to_tls(self, reader, writer):
        await self.agree(reader, writer)
        await self.tls(reader, writer)

    async def agrees_to_nothing(self, reader, writer):
        await self.agree(reader, writer)
        writer.write(b"<stream:features/>" * 10)
        await writer.drain()
        await reader.read()


DIRECT = ("tls", "speaks_http", "closes", "is_silent")
ASKED = ("agrees_to_tls", "agrees_to_nothing", "offers_none", "closes", "is_silent")


class PassedOver(Story):
    @classmethod
    def setUpClass(cls):
        cls.prosody = Prosody(secure=True).start()
        cls.addClassCleanup(cls.prosody.stop)
        cls.stranger = make_certificate(cls.prosody.folder, "stranger", "DNS:stranger.test")
        cls.known = make_certificate(cls.prosody.folder, "known", "DNS:" + cls.prosody.domain)

    async def wrong(self, way, certificate=None):
        one = await WrongOne(way, certificate or self.stranger).start()
        self.addCleanup(one.server.close)
        return one

    def network(self, tls, **more):
        domain = self.prosody.domain
        return {"name": "net", "kind": "xmpp", "domain": domain, "tls": tls, "raw_clients": True,
                "tls_name": domain, "tls_ca_file": self.prosody.authority,
                "anonymous_domain": "guest." + domain, "muc_service": "rooms." + domain,
                "connect_timeout_s": 2, **more}

    def by_srv(self, tls, *ports):
        """The wrong ones, and Prosody last."""
        good = self.prosody.direct_port if tls == "direct" else self.prosody.port
        service = "xmpps-client" if tls == "direct" else "xmpp-client"
        dns = Dns({"wrong.test": ["127.0.0.1"], "good.test": [self.prosody.host],
                   f"_{service}._tcp.{self.prosody.domain}": [
                       *((i, 0, port, "wrong.test") for i, port in enumerate(ports)),
                       (len(ports), 0, good, "good.test")]}).start()
        self.addCleanup(dns.stop)
        return self.network(tls, resolver=dns.resolver)

    def in_turn(self, tls, *ports):
        """All in the list, from which any may be the first."""
        good = self.prosody.direct_port if tls == "direct" else self.prosody.port
        return self.network(tls, servers=[*(f"127.0.0.1:{port}" for port in ports),
                                          f"{self.prosody.host}:{good}"])

    async def let_in(self, gateway):
        """Pages of all kinds come in, and nobody is told of any trouble."""
        guest = "guest." + self.prosody.domain
        await self.frames(gateway, guest).enter()
        await self.bosh(gateway, guest).enter()
        one = await Browser.enter(gateway, "net", "ann", "websocket")
        self.addAsyncCleanup(one.close)
        self.assertEqual([], one.all(lambda e: e["ev"] == "offline" and e.get("retry_in")))

    async def test_the_next_of_the_srv_records(self):
        for tls, ways in (("direct", DIRECT), ("starttls", ASKED)):
            all_of_them = [await self.wrong(way) for way in ways]
            for one in all_of_them:
                with self.subTest(tls=tls, way=one.way):
                    await self.let_in(await self.gateway(self.by_srv(tls, one.port)))
                    self.assertGreaterEqual(one.visits, 3)
            with self.subTest(tls=tls, way="all"):
                quick = [one for one in all_of_them if one.way != "is_silent"]
                await self.let_in(await self.gateway(self.by_srv(tls, *(o.port for o in quick))))

    async def test_the_next_of_the_list(self):
        for tls, ways in (("direct", DIRECT), ("starttls", ASKED)):
            for way in ways:
                with self.subTest(tls=tls, way=way):
                    wrong = await self.wrong(way)
                    gateway = await self.gateway(self.in_turn(tls, wrong.port))
                    await self.let_in(gateway)
                    while not wrong.visits:  # the first one is chosen at random
                        await self.let_in(gateway)

    async def test_when_all_are_wrong_the_visitor_is_told_why(self):
        for tls, ways in (("direct", ("tls", "speaks_http")), ("starttls", ("agrees_to_tls", "offers_none"))):
            with self.subTest(tls):
                wrong = [await self.wrong(way) for way in ways]
                gateway = await self.gateway(self.network(
                    tls, servers=[f"127.0.0.1:{one.port}" for one in wrong]))
                wire = self.frames(gateway, "guest." + self.prosody.domain)
                await wire.open()
                frames = await wire.rest()
                self.assertEqual(["open", "error", "close"], [one.tag.rpartition("}")[2] for one in frames])
                self.assertRegex(wire.frames[-2], "certificate|speak TLS|not offer TLS")
                self.assertEqual([1, 1], [one.visits for one in wrong])
                bosh = self.bosh(gateway, "guest." + self.prosody.domain)
                answer = await bosh.create()
                while answer.attribute("type") is None:
                    answer = await bosh.ask()
                self.assertEqual("terminate", answer.attribute("type"))
                self.assertEqual([2, 2], [one.visits for one in wrong])
                page = await Browser.enter(gateway, "net", "ann", "websocket", online=False)
                self.addAsyncCleanup(page.close)
                told = await page.wait_for(lambda e: e["ev"] == "offline" and e.get("retry_in"), what="offline")
                self.assertEqual("tls", told["step"])
                self.assertTrue(all(one.visits >= 3 for one in wrong), [one.visits for one in wrong])

    async def test_a_port_that_serves_several_protocols_hears_which(self):
        for tls, way, protocol in (("direct", "tls", "xmpp-client"), ("starttls", "agrees_to_tls", None)):
            with self.subTest(tls):
                door = await self.wrong(way, self.known)
                gateway = await self.gateway(self.network(
                    tls, servers=[f"127.0.0.1:{door.port}"], tls_ca_file=self.known + ".pem"))
                wire = self.frames(gateway, "guest." + self.prosody.domain)
                await wire.open()
                await wire.rest()
                page = await Browser.enter(gateway, "net", "ann", "websocket", online=False)
                self.addAsyncCleanup(page.close)
                await page.wait_for(lambda e: e["ev"] == "offline" and e.get("retry_in"), what="offline")
                self.assertEqual({protocol}, set(door.protocols))
                self.assertGreaterEqual(len(door.protocols), 2)


if __name__ == "__main__":
    unittest.main()
