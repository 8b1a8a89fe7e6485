#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""XMPP by other people's clients, where it is about connections that break, gateways that leave, and
how a client finds its way: on Prosody and ejabberd, which have no web ports of their own."""

import asyncio
import importlib.util
import json
import os
import sys
import unittest
import urllib.parse
import xml.etree.ElementTree as ET

import aiohttp

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "support"), os.path.join(HERE, "..", "conformance")]

from servers import Ejabberd, Gateway, Prosody  # noqa: E402


def checks_of(kind):
    path = os.path.join(HERE, "..", "conformance", kind, "checks.py")
    spec = importlib.util.spec_from_file_location(kind, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


Frames = checks_of("xmpp_frames").Wire
Bosh = checks_of("bosh").Wire
RESUME = "{urn:halley:resume:1}"
MESSAGE = "{jabber:client}message"
PRESENCE = "{jabber:client}presence"
SUCCESSOR = "wss://other.example.org/xmpp-websocket"


class Guest(Frames):
    """A page's client: counts what it has, keeps what it said until that is known to have arrived."""

    def __init__(self, url, domain):
        super().__init__(url, domain)
        self.token, self.has, self.said = None, 0, []
        self.bodies, self.leaves = [], []

    async def next(self):
        frame = await super().next()
        if frame is None:
            return None
        if frame.tag.startswith(RESUME):
            if frame.tag == RESUME + "r":
                await self.socket.send_str(f"<a xmlns='urn:halley:resume:1' h='{self.has}'/>")
            return frame
        if self.token:
            self.has += 1
        if frame.tag == MESSAGE and (body := frame.findtext("{jabber:client}body")):
            self.bodies.append(body)
        if frame.tag == PRESENCE and frame.get("type") == "unavailable":
            self.leaves.append(frame.get("from"))
        return frame

    async def say(self, frame):
        self.said.append(frame)
        await self.send(frame)

    async def enable(self):
        await self.send("<enable xmlns='urn:halley:resume:1'/>")
        enabled = await self.until(RESUME + "enabled")
        self.token = enabled.get("id")
        return enabled

    async def join(self, room, nick):
        await self.say(f"<presence xmlns='jabber:client' to='{room}/{nick}'>"
                       "<x xmlns='http://jabber.org/protocol/muc'/></presence>")
        while True:
            frame = await self.next()
            if frame.tag == PRESENCE and frame.get("from") == f"{room}/{nick}":
                return

    async def talk(self, room, text):
        await self.say(f"<message xmlns='jabber:client' to='{room}' type='groupchat'>"
                       f"<body>{text}</body></message>")

    async def hears(self, text):
        while text not in self.bodies:
            if await self.next() is None:
                raise AssertionError(f"closed before {text}; heard {self.bodies[-3:]}")

    def cut(self):
        self.socket._writer.transport.abort()

    async def come_back(self, token=None, has=None, reads=True):
        """On a new connection; what the gateway had not taken is said again. `reads`: the page has its
        next token then, and shows it."""
        await self.connect()
        await self.send(f"<resume xmlns='urn:halley:resume:1' id='{token or self.token}' "
                        f"h='{self.has if has is None else has}'/>")
        answer = await self.next()
        if answer.tag == RESUME + "resumed" and reads:
            self.token = answer.get("id")
            for frame in self.said[int(answer.get("h")):]:
                await self.send(frame)
            await self.send("<r xmlns='urn:halley:resume:1'/>")
            await self.until(RESUME + "a")
        return answer.tag.removeprefix(RESUME)


class RawXmpp(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.servers = {"prosody": Prosody().start(), "ejabberd": Ejabberd().start()}
        for server in cls.servers.values():
            cls.addClassCleanup(server.stop)
        networks = [server.network(name, raw_clients=True) for name, server in cls.servers.items()]
        cls.gateway = Gateway(networks, shards=3, sessions={"grace_s": 30},
                              http={"trusted_proxies": ["127.0.0.1"]}).start()
        cls.addClassCleanup(cls.gateway.stop)
        cls.quick = Gateway(networks[:1], sessions={"grace_s": 2, "heartbeat_s": 1},
                            http={"xmpp_successor": SUCCESSOR}).start()
        cls.addClassCleanup(cls.quick.stop)

    async def guest(self, server, gateway=None):
        url = (gateway or self.gateway).url.replace("http", "ws") + "/xmpp-websocket"
        one = Guest(url, "guest." + self.servers[server].domain)
        self.addAsyncCleanup(one.close)
        await one.enter()
        return one

    # --- coming back ------------------------------------------------------------------------------
    async def test_a_guest_whose_websocket_broke_misses_nothing_and_is_not_missed(self):
        for server in self.servers:
            with self.subTest(server):
                room = self.servers[server].room("resume")
                one, other = await self.guest(server), await self.guest(server)
                enabled = await one.enable()
                self.assertEqual("30", enabled.get("max"))
                await one.join(room, "one")
                await other.join(room, "other")
                lines = []
                # Each connection comes to a shard of its own; the conversation stays where it was.
                for round_ in range(6):
                    lines += [f"{round_} before", f"{round_} after", f"{round_} there"]
                    await other.talk(room, lines[-3])
                    await one.hears(lines[-3])
                    one.cut()
                    await other.talk(room, lines[-2])
                    await other.hears(lines[-2])
                    self.assertEqual("resumed", await one.come_back())
                    await one.hears(lines[-2])
                    await one.talk(room, lines[-1])
                    await other.hears(lines[-1])
                    await one.hears(lines[-1])
                self.assertEqual(lines, one.bodies)
                self.assertEqual(lines, other.bodies)
                self.assertEqual([], other.leaves)

    async def test_what_a_page_had_not_taken_and_what_the_gateway_had_not_is_said_again_once(self):
        room = self.servers["prosody"].room("counts")
        one, other = await self.guest("prosody"), await self.guest("prosody")
        await one.enable()
        await one.join(room, "one")
        await other.join(room, "other")
        had = one.has
        for i in range(3):
            await other.talk(room, f"line {i}")
        await one.hears("line 2")  # the socket had it all; the page died with it
        one.cut()
        one.bodies, one.has = [], had
        # Said into a connection that is gone: only the count tells.
        one.said.append(f"<message xmlns='jabber:client' to='{room}' type='groupchat'>"
                        "<body>into the void</body></message>")
        self.assertEqual("resumed", await one.come_back())
        await one.hears("into the void")
        self.assertEqual(["line 0", "line 1", "line 2", "into the void"],
                         [body for body in one.bodies])
        await other.hears("into the void")
        await other.talk(room, "last")
        await one.hears("last")
        self.assertEqual(1, other.bodies.count("into the void"))

    async def test_a_token_is_good_once_and_a_wrong_one_leaves_the_page_where_it_was(self):
        one = await self.guest("prosody")
        await one.enable()
        first = one.token
        one.cut()
        self.assertEqual("resumed", await one.come_back())
        for token in (first, "nonsense", "n1-0-" + "x" * 22 + "-" + "y" * 11):
            stranger = Guest(one.url, one.domain)
            self.addAsyncCleanup(stranger.close)
            self.assertEqual("failed", await stranger.come_back(token))
            await stranger.send(stranger.open_frame())  # as if nothing had been
            await stranger.until("{http://etherx.jabber.org/streams}features")
        await one.send("<iq xmlns='jabber:client' type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>")
        await one.until("{jabber:client}iq")

    async def test_who_never_read_the_next_token_comes_with_the_one_before(self):
        for server in self.servers:
            with self.subTest(server):
                room = self.servers[server].room("unread")
                one, other = await self.guest(server), await self.guest(server)
                await one.enable()
                await one.join(room, "one")
                await other.join(room, "other")
                token = one.token
                # Each connection comes to a shard of its own, and breaks with the answer on its way.
                for round_ in range(5):
                    one.cut()
                    await other.talk(room, f"line {round_}")
                    await other.hears(f"line {round_}")
                    self.assertEqual("resumed", await one.come_back(token, reads=False))
                one.cut()
                self.assertEqual("resumed", await one.come_back(token))
                await one.hears("line 4")
                await other.talk(room, "last")
                await one.hears("last")
                self.assertEqual([f"line {i}" for i in range(5)] + ["last"], one.bodies)
                self.assertEqual([], other.leaves)
                stranger = Guest(one.url, one.domain)
                self.addAsyncCleanup(stranger.close)
                self.assertEqual("failed", await stranger.come_back(token, has=0))

    async def test_a_page_that_says_it_has_more_than_was_said_is_refused(self):
        one = await self.guest("prosody")
        await one.enable()
        one.cut()
        self.assertEqual("failed", await one.come_back(has=1000))
        await one.rest()

    async def test_who_comes_while_the_old_connection_still_stands_takes_its_place(self):
        one = await self.guest("prosody")
        await one.enable()
        old = one.socket
        self.assertEqual("resumed", await one.come_back())
        message = await asyncio.wait_for(old.receive(), 30)
        self.assertIn(message.type, (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED))

    async def test_after_the_grace_time_the_room_sees_it_go(self):
        room = self.servers["prosody"].room("grace")
        one = await self.guest("prosody", self.quick)
        other = await self.guest("prosody")
        await one.enable()
        await one.join(room, "one")
        await other.join(room, "other")
        one.cut()
        while not other.leaves:
            await other.next()
        self.assertEqual([f"{room}/one"], other.leaves)
        self.assertEqual("failed", await one.come_back())

    # --- gateways ---------------------------------------------------------------------------------
    async def test_the_gateway_pings_and_notices_who_does_not_answer(self):
        one = Frames(self.quick.url.replace("http", "ws") + "/xmpp-websocket",
                     "guest." + self.servers["prosody"].domain)
        self.addAsyncCleanup(one.close)
        await one.connect(autoping=False)
        await one.send(one.open_frame())
        seen = set()
        while True:
            message = await asyncio.wait_for(one.socket.receive(), 30)
            if message.type not in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.PING):
                break
            seen.add(message.type)
        self.assertIn(aiohttp.WSMsgType.PING, seen)

    async def test_a_gateway_that_leaves_says_where_to_go(self):
        one = await self.guest("prosody", self.quick)
        self.quick.process.terminate()
        frames = await one.rest()
        self.assertEqual("{urn:ietf:params:xml:ns:xmpp-framing}close", frames[-1].tag)
        self.assertEqual(SUCCESSOR, frames[-1].get("see-other-uri"))
        self.quick.terminate()
        self.quick.start()

    async def test_a_bosh_session_that_began_under_tls_hears_nothing_without(self):
        wire = Bosh(self.gateway.url + "/http-bind", "guest." + self.servers["prosody"].domain)
        self.addAsyncCleanup(wire.close)
        await wire.create(headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"})
        self.assertTrue(wire.sid)
        with self.assertRaises(aiohttp.ClientError):  # B-75: the connection ends, nothing else
            await wire.ask()
        again = await wire.ask(rid=wire.rid, headers={"X-Forwarded-Proto": "https",
                                                      "X-Forwarded-For": "192.0.2.7"})
        self.assertEqual((None, None), again.ends_with)

    async def test_a_large_stanza_arrives_whole_over_bosh_both_ways(self):
        unit = "Gr\u00fc\u00dfe \u20ac \U0001f600 &lt;&amp;&gt; "
        count = 150_000 // len(unit.encode())
        for server in self.servers:
            for coding in ("gzip", "identity"):
                with self.subTest(server=server, coding=coding):
                    ada, bob = [await self.bosh_guest(server, coding) for _ in "ab"]
                    for round_ in range(2):
                        texts = {who: f"{name}{round_} " + unit * count for who, name in
                                 ((ada, "ada"), (bob, "bob"))}
                        asked = {who: who.ask_later(
                            f"<message xmlns='jabber:client' type='chat' to='{to.jid}'>"
                            f"<body>{texts[who]}</body></message>")
                            for who, to in ((ada, bob), (bob, ada))}
                        for who, by in ((ada, bob), (bob, ada)):
                            answer = await asked[who]
                            while not answer.has("{jabber:client}body"):
                                self.assertEqual((None, None), answer.ends_with)
                                answer = await who.ask()
                            said = answer.body.find(".//{jabber:client}body").text
                            wanted = ET.fromstring(f"<a>{texts[by]}</a>").text
                            self.assertEqual(len(wanted), len(said))
                            self.assertTrue(wanted == said, "it has changed on the way")

    async def test_bosh_requests_that_came_in_one_piece_are_answered_in_turn(self):
        one = await self.bosh_guest("prosody", "identity")
        at = urllib.parse.urlsplit(one.url)
        both = b""
        for name in ("p1", "p2"):
            one.rid += 1
            body = one.text(inside=f"<iq xmlns='jabber:client' type='get' id='{name}'>"
                                   "<ping xmlns='urn:xmpp:ping'/></iq>").encode()
            both += (f"POST {at.path} HTTP/1.1\r\nHost: {at.netloc}\r\nOrigin: {self.gateway.url}\r\n"
                     f"Content-Length: {len(body)}\r\n\r\n").encode() + body
        reader, writer = await asyncio.open_connection(at.hostname, at.port)
        writer.write(both)
        for name in ("p1", "p2"):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.assertIn(f"Access-Control-Allow-Origin: {self.gateway.url}\r\n", head)
            length = int(head.split("Content-Length: ")[1].split("\r\n")[0])
            self.assertIn(f'id="{name}"', (await reader.readexactly(length)).decode().replace("'", '"'))
        writer.close()

    async def bosh_guest(self, server, coding):
        one = Bosh(self.gateway.url + "/http-bind", "guest." + self.servers[server].domain)
        await one.close()
        one.http = aiohttp.ClientSession(headers={"Accept-Encoding": coding})
        self.addAsyncCleanup(one.close)
        await one.enter()
        pong = await one.ask_for("}iq", "<iq xmlns='jabber:client' type='get' id='p'>"
                                        "<ping xmlns='urn:xmpp:ping'/></iq>")
        one.jid = pong.body.find(".//{jabber:client}iq").get("to")
        return one

    # --- discovery --------------------------------------------------------------------------------
    async def test_host_meta_names_both_carriers_to_pages_of_every_site(self):
        base = self.gateway.url
        wanted = {"urn:xmpp:alt-connections:xbosh": base + "/http-bind",
                  "urn:xmpp:alt-connections:websocket": base.replace("http", "ws") + "/xmpp-websocket"}
        async with aiohttp.ClientSession() as http:
            for origin in (None, "https://elsewhere.example", base):
                fields = {"Origin": origin} if origin else {}
                async with http.get(base + "/.well-known/host-meta", headers=fields) as answer:
                    self.assertEqual((200, "application/xrd+xml"),
                                     (answer.status, answer.content_type))
                    self.assertIn(answer.headers["Access-Control-Allow-Origin"], ("*", origin))
                    links = ET.fromstring(await answer.text()).findall(
                        "{http://docs.oasis-open.org/ns/xri/xrd-1.0}Link")
                    self.assertEqual(wanted, {one.get("rel"): one.get("href") for one in links})
                async with http.get(base + "/.well-known/host-meta.json", headers=fields) as answer:
                    self.assertEqual((200, "application/json"), (answer.status, answer.content_type))
                    self.assertIn(answer.headers["Access-Control-Allow-Origin"], ("*", origin))
                    links = json.loads(await answer.text())["links"]
                    self.assertEqual(wanted, {one["rel"]: one["href"] for one in links})
            async with http.get(base + "/.well-known/host-meta", headers={
                    "X-Forwarded-Proto": "https", "Host": "chat.example.org"}) as answer:
                text = await answer.text()
                self.assertIn("https://chat.example.org/http-bind", text)
                self.assertIn("wss://chat.example.org/xmpp-websocket", text)
            # Found there, it works.
            wire = Bosh(wanted["urn:xmpp:alt-connections:xbosh"],
                        "guest." + self.servers["ejabberd"].domain)
            self.addAsyncCleanup(wire.close)
            await wire.enter()

    # --- counters ---------------------------------------------------------------------------------
    async def test_what_raw_clients_do_is_counted(self):
        before = self.gateway.metrics()
        wire = Bosh(self.gateway.url + "/http-bind", "guest." + self.servers["prosody"].domain)
        self.addAsyncCleanup(wire.close)
        await wire.enter()
        one = await self.guest("prosody")
        await one.enable()
        one.cut()
        await one.come_back()
        lost = Bosh(wire.url, "nobody.invalid")
        self.addAsyncCleanup(lost.close)
        await lost.create()
        now = self.gateway.metrics()
        gained = {name: now[name] - before.get(name, 0) for name in now}
        self.assertEqual(1, gained["halley_bosh_sessions_total"])
        self.assertGreaterEqual(now["halley_bosh_sessions_open"], 1)
        self.assertGreaterEqual(gained["halley_bosh_requests_total"], 4)
        self.assertEqual(1, gained["halley_bosh_refused_total"])
        self.assertEqual(1, gained["halley_raw_resumed_total"])
        self.assertGreater(gained["halley_raw_frames_from_browsers_total"], 4)
        self.assertGreater(gained["halley_raw_frames_to_browsers_total"], 6)


if __name__ == "__main__":
    unittest.main()
