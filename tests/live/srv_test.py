#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers found by SRV records (RFC 2782; RFC 6120, 3.2; XEP-0368): a DNS server of the test's own, and
real chat servers behind it."""

import json
import socket
import subprocess
import unittest

from server_leg_test import Story
from stage import Browser
from servers import Dns, InspIRCdMoreWays, Prosody, free_port
from servers.gateway import binary

ERRORS = "{urn:ietf:params:xml:ns:xmpp-streams}"


class FoundByDns(Story):
    @classmethod
    def setUpClass(cls):
        cls.prosody = Prosody(secure=True)
        cls.prosody.port = 5222  # on a loopback address of its own
        cls.prosody.start()
        cls.addClassCleanup(cls.prosody.stop)
        cls.inspircd = InspIRCdMoreWays().start()
        cls.addClassCleanup(cls.inspircd.stop)

    def setUp(self):
        self.dns = Dns().start()
        self.addCleanup(self.dns.stop)
        self.closed = free_port()
        self.dns.records = {"down.hosting.test": ["127.0.0.1"],
                            "up.hosting.test": [self.prosody.host],
                            "irc.hosting.test": ["127.0.0.1"]}

    def xmpp(self, tls="starttls", **more):
        domain = self.prosody.domain
        return {"name": "net", "kind": "xmpp", "domain": domain, "tls": tls, "raw_clients": True,
                "tls_ca_file": self.prosody.authority, "anonymous_domain": "guest." + domain,
                "muc_service": "rooms." + domain, "resolver": self.dns.resolver, **more}

    def irc(self, domain, **more):
        return {"name": "net", "kind": "irc", "servers": ["srv:" + domain], "tls": "direct",
                "tls_ca_file": self.inspircd.authority, "raw_clients": True,
                "resolver": self.dns.resolver, **more}

    def name_xmpp(self, service, *records):
        self.dns.records[f"_{service}._tcp.{self.prosody.domain}"] = list(records)

    async def let_in(self, *networks):
        """Pages of both kinds come in."""
        gateway = await self.gateway(*networks)
        if networks[0]["kind"] == "xmpp":
            await self.frames(gateway, "guest." + self.prosody.domain).enter()
        else:
            await self.page(gateway, "net")
        one = await Browser.enter(gateway, "net", "ann", "websocket")
        self.addAsyncCleanup(one.close)

    async def refused(self, network):
        """What pages of ours are told."""
        gateway = await self.gateway(network)
        one = await Browser.enter(gateway, "net", "ann", "websocket", online=False)
        self.addAsyncCleanup(one.close)
        told = await one.wait_for(lambda e: e["ev"] == "offline" and e.get("retry_in"), what="offline")
        return json.dumps(told)

    async def test_the_second_where_the_first_is_down(self):
        self.name_xmpp("xmpp-client", (10, 0, self.closed, "down.hosting.test"),
                       (20, 0, 5222, "up.hosting.test"), (30, 0, 5222, "nowhere.hosting.test"))
        await self.let_in(self.xmpp())
        self.assertIn("up.hosting.test", self.dns.asked)
        self.assertNotIn("nowhere.hosting.test", self.dns.asked)

    async def test_one_whose_name_is_unknown_is_passed_over(self):
        self.name_xmpp("xmpp-client", (10, 0, 5222, "nowhere.hosting.test"),
                       (20, 0, 5222, "up.hosting.test"))
        await self.let_in(self.xmpp())

    async def test_one_that_never_answers_is_left_for_the_next(self):
        deaf = socket.create_server(("127.0.0.1", 0), backlog=0)
        self.addCleanup(deaf.close)
        for _ in range(4):  # its queue is full: the kernel throws the next away
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(deaf.getsockname())
            self.addCleanup(filler.close)
        self.name_xmpp("xmpp-client", (10, 0, deaf.getsockname()[1], "down.hosting.test"),
                       (20, 0, 5222, "up.hosting.test"))
        await self.let_in(self.xmpp(connect_timeout_s=2))

    async def test_tls_from_the_first_byte_where_the_records_say_so(self):
        self.name_xmpp("xmpps-client", (10, 0, self.prosody.direct_port, "up.hosting.test"))
        self.name_xmpp("xmpp-client", (0, 0, 0, "."))
        await self.let_in(self.xmpp())
        await self.let_in(self.xmpp(tls="direct"))

    async def test_both_services_are_one_list(self):
        self.name_xmpp("xmpps-client", (10, 0, self.closed, "down.hosting.test"))
        self.name_xmpp("xmpp-client", (20, 0, 5222, "up.hosting.test"))
        await self.let_in(self.xmpp())

    async def test_without_records_the_domain_itself_at_the_usual_port(self):
        self.dns.records[self.prosody.domain] = [self.prosody.host]
        await self.let_in(self.xmpp())

    async def test_a_domain_that_offers_no_such_service_is_left_in_peace(self):
        self.dns.records[self.prosody.domain] = [self.prosody.host]  # it would let us in
        self.name_xmpp("xmpp-client", (0, 0, 0, "."))
        network = self.xmpp()
        self.assertIn("offers no such service", await self.refused(network))
        self.assertNotIn(self.prosody.domain, self.dns.asked)
        gateway = await self.gateway(network)
        wire = self.frames(gateway, "guest." + self.prosody.domain)
        await wire.open()
        error = (await wire.rest())[-2]
        self.assertIsNotNone(error.find(ERRORS + "remote-connection-failed"), wire.frames)
        self.assertIn("offers no such service", wire.frames[-2])

    async def test_irc_under_the_name_of_its_domain_not_of_its_host(self):
        port = self.inspircd.tls_port
        for domain in (self.inspircd.name, "other.test"):
            self.dns.records[f"_ircs._tcp.{domain}"] = [(1, 1, port, "irc.hosting.test")]
        await self.let_in(self.irc(self.inspircd.name))
        # RFC 6125: DNS may name any host; only the certificate says who it is.
        self.assertIn("certificate", await self.refused(self.irc("other.test")))

    async def test_a_resolver_may_have_an_ipv6_address(self):
        self.name_xmpp("xmpp-client", (10, 0, 5222, "up.hosting.test"))
        six = Dns(self.dns.records, host="::1").start()
        self.addCleanup(six.stop)
        await self.let_in(self.xmpp(resolver=six.resolver))
        self.assertIn("up.hosting.test", six.asked)

    async def test_a_wave_of_visitors_asks_once(self):
        self.dns.records[f"_ircs._tcp.{self.inspircd.name}"] = [
            (1, 1, self.inspircd.tls_port, "irc.hosting.test")]
        gateway = await self.gateway(self.irc(self.inspircd.name), shards=3)
        for i in range(20):
            one = await Browser.enter(gateway, "net", f"wave{i}", "websocket", online=False)
            self.addAsyncCleanup(one.close)
        await one.wait_for(lambda e: e["ev"] == "online", what="online")
        self.assertEqual(1, self.dns.asked.count(f"_ircs._tcp.{self.inspircd.name}"))

    async def test_the_check_says_what_the_records_name(self):
        self.name_xmpp("xmpp-client", (10, 0, self.closed, "down.hosting.test"),
                       (20, 0, 5222, "up.hosting.test"))
        gateway = await self.gateway(self.xmpp())
        done = subprocess.run([binary(), "check", "--json", "-c", gateway.path("halley.toml")],
                              capture_output=True, text=True, timeout=120)
        first, second = json.loads(done.stdout)
        steps = {one["step"]: one for one in second["steps"]}
        self.assertIn("up.hosting.test:5222", steps["srv"]["text"])
        self.assertEqual("up.hosting.test:5222", second["server"])
        self.assertEqual("ok", steps["guest"]["outcome"], second)
        self.assertEqual("failed", first["steps"][-1]["outcome"])


if __name__ == "__main__":
    unittest.main()
