#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Passers-by: what a watched room looks like from outside, as JSON, as a stream and as a badge, for any
number of viewers over one client on the network."""

import asyncio
import json
import unittest
import urllib.parse

import aiohttp
from stage import Gateway, InspIRCd, IrcPerson, Prosody, XmppPerson
from people.waiting import Watcher


class Viewer(Watcher):
    def __init__(self, url):
        super().__init__("viewer of " + url)
        self.url = url

    async def open(self, http):
        self._answer = await http.get(self.url, headers={"Accept": "text/event-stream"})
        if self._answer.status != 200:
            raise AssertionError(f"{self.url}: {self._answer.status}")
        self._task = asyncio.ensure_future(self._read())
        return self

    async def _read(self):
        async for raw in self._answer.content:
            line = raw.decode("utf-8").rstrip("\n")
            if line.startswith("data: "):
                self.saw(json.loads(line[6:]))
        self.end("the stream ended")

    def close(self):
        self._task.cancel()
        self._answer.close()


class Watching(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.irc = InspIRCd().start()
        cls.addClassCleanup(cls.irc.stop)
        cls.xmpp = Prosody().start()
        cls.addClassCleanup(cls.xmpp.stop)
        cls.xmpp_room = cls.xmpp.room("lobby")
        cls.gateway = Gateway(
            [cls.irc.network("irc", watch_rooms=["#open", "#talk"], watch_lines=2,
                             watch_nick="lookout"),
             cls.xmpp.network("xmpp", watch_rooms=[cls.xmpp_room])], shards=2)
        cls.gateway.start()
        cls.addClassCleanup(cls.gateway.stop)

    async def asyncSetUp(self):
        asyncio.get_running_loop().set_debug(False)
        self.http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0),
                                          timeout=aiohttp.ClientTimeout(total=None))
        self.addAsyncCleanup(self.http.close)

    def address(self, network, room, more=""):
        return f"{self.gateway.url}/watch/v1/{network}/{urllib.parse.quote(room, safe='')}{more}"

    async def viewer(self, network, room):
        one = await Viewer(self.address(network, room)).open(self.http)
        self.addCleanup(one.close)
        return one

    async def person(self, nick, *rooms):
        one = await IrcPerson.connect(self.irc, nick, rooms)
        self.addAsyncCleanup(one.close)
        return one

    async def text(self, url, status=200, headers=None):
        async with self.http.get(url, headers=headers) as answer:
            body = await answer.text()
            self.assertEqual(status, answer.status, body)
            return answer, body

    async def test_a_viewer_follows_the_room_without_entering_it(self):
        viewer = await self.viewer("irc", "#open")
        await viewer.wait_for(lambda e: e["state"] == "quiet", what="an empty room")
        ada = await self.person("adawatch", "#open")
        now = await viewer.wait_for(lambda e: e["state"] == "online", what="somebody")
        self.assertEqual(1, now["people"])
        await ada.say("#open", "one")
        await ada.say("#open", "two")
        await ada.say("#open", "three")
        seen = await viewer.wait_for(
            lambda e: [line["text"] for line in e["lines"]] == ["two", "three"],
            what="the last lines")
        self.assertEqual("adawatch", seen["lines"][0]["from"])
        await ada.quit("bye")
        await viewer.wait_for(lambda e: e["state"] == "quiet", after=len(viewer.events),
                              what="an empty room again")

    async def test_any_number_of_viewers_is_one_client_on_the_network(self):
        viewers = await asyncio.gather(*(self.viewer("irc", "#talk") for _ in range(200)))
        ada = await self.person("adamany", "#talk")
        for one in viewers:
            await one.wait_for(lambda e: e.get("people") == 1, what="ada")
        members = [e for e in ada.events if e[0] == "members" and e[1] == "#talk"]
        names = {name.lstrip("@+%") for line in members for name in line[2:]}
        self.assertEqual({"lookout", "adamany"}, names)

    async def test_a_viewer_who_talks_without_end_is_closed(self):
        other = await self.viewer("irc", "#open")
        at = urllib.parse.urlsplit(self.address("irc", "#open"))
        read, write = await asyncio.open_connection(at.hostname, at.port)
        self.addCleanup(write.close)
        write.write(f"GET {at.path} HTTP/1.1\r\nHost: {at.netloc}\r\n"
                    "Accept: text/event-stream\r\n\r\n".encode())
        await read.readuntil(b"data: ")
        with self.assertRaises(ConnectionError):
            for _ in range(8192):
                write.write(b"x" * 4096)
                await write.drain()
        ada = await self.person("adaheard", "#open")
        await other.wait_for(lambda e: e.get("people") == 1, what="ada")
        await ada.quit("bye")

    async def test_an_xmpp_room_is_watched_the_same(self):
        viewer = await self.viewer("xmpp", self.xmpp_room)
        self.xmpp.add_account("adaxmpp", "secret")
        ada = await XmppPerson.connect(self.xmpp, "adaxmpp", [self.xmpp_room])
        self.addAsyncCleanup(ada.close)
        now = await viewer.wait_for(lambda e: e.get("people") == 1, what="somebody")
        self.assertEqual([], now["lines"])  # the operator shows none

    async def test_all_rooms_of_a_page_come_over_one_connection(self):
        places = ",".join(f"{network}/{urllib.parse.quote(room, safe='')}"
                          for network, room in (("irc", "#open"), ("xmpp", self.xmpp_room),
                                                ("irc", "#secret")))
        url = f"{self.gateway.url}/watch/v1/rooms?at={places}"
        _, body = await self.text(url)
        self.assertEqual(["#open", self.xmpp_room, "#secret"],
                         [one["room"] for one in json.loads(body)])
        viewer = await Viewer(url).open(self.http)
        self.addCleanup(viewer.close)
        await viewer.wait_for(lambda e: e["room"] == "#secret" and e["state"] == "closed",
                              what="that the third is closed")
        ada = await self.person("adaplaces", "#open", "#secret")
        await viewer.wait_for(lambda e: e["room"] == "#open" and e.get("people") == 1, what="ada")
        self.xmpp.add_account("adaplaces", "secret")
        one = await XmppPerson.connect(self.xmpp, "adaplaces", [self.xmpp_room])
        self.addAsyncCleanup(one.close)
        await viewer.wait_for(lambda e: e["room"] == self.xmpp_room and e.get("people", 0) > 0,
                              what="somebody on XMPP")
        await ada.quit("bye")
        await viewer.wait_for(lambda e: e["room"] == "#open" and e["state"] == "quiet",
                              after=len(viewer.events), what="an empty room again")

    async def test_a_page_of_closed_rooms_is_told_once(self):
        url = f"{self.gateway.url}/watch/v1/rooms?at=irc/%23secret,nowhere/%23open"
        async with self.http.get(url, headers={"Accept": "text/event-stream"}) as answer:
            told = await answer.text()  # and the stream is at its end
        self.assertEqual(2, told.count('"state":"closed"'))
        self.assertIn("retry: 600000", told)

    async def test_places_that_are_none_are_refused(self):
        for places in ("", "irc", "irc/", "irc/%ff", ",".join(["irc/%23open"] * 33)):
            _, body = await self.text(f"{self.gateway.url}/watch/v1/rooms?at={places}", 400)
            self.assertEqual("at", json.loads(body)["error"]["field"])

    async def test_what_is_not_watchable_is_not_there(self):
        for network, room in (("irc", "#secret"), ("irc", "#OPEN2"), ("nowhere", "#open"),
                              ("xmpp", "#open")):
            for more in ("", "/badge.svg"):
                await self.text(self.address(network, room, more), 404)

    async def test_json_for_programs_of_any_site(self):
        answer, body = await self.text(self.address("irc", "#open"),
                                       headers={"Origin": "https://blog.example"})
        self.assertEqual("*", answer.headers["Access-Control-Allow-Origin"])
        self.assertEqual("nosniff", answer.headers["X-Content-Type-Options"])
        self.assertIn("max-age=5", answer.headers["Cache-Control"])
        told = json.loads(body)
        self.assertEqual(("irc", "#open"), (told["network"], told["room"]))

    async def test_a_badge_is_an_image_that_may_be_kept_for_a_minute(self):
        answer, body = await self.text(self.address("irc", "#open", "/badge.svg?theme=dark"))
        self.assertEqual("image/svg+xml", answer.headers["Content-Type"])
        self.assertIn("max-age=60", answer.headers["Cache-Control"])
        self.assertIn("default-src 'none'", answer.headers["Content-Security-Policy"])
        self.assertRegex(body, "#open - ([0-9]+ online|join chat)")
        answer, body = await self.text(self.address("irc", "#open", "/badge.svg?theme=pink"), 400)
        self.assertEqual("theme", json.loads(body)["error"]["field"])

    async def test_a_lost_network_is_not_an_empty_room(self):
        irc = InspIRCd().start()
        self.addCleanup(irc.stop)
        ada = await IrcPerson.connect(irc, "adafirst", ["#open"])
        self.addAsyncCleanup(ada.close)
        await ada.set_topic("#open", "comets & <tails>")
        await ada.sees("topic", "#open")
        gateway = Gateway([irc.network("irc", watch_rooms=["#open"])])
        gateway.start()
        self.addCleanup(gateway.stop)
        viewer = await Viewer(f"{gateway.url}/watch/v1/irc/%23open").open(self.http)
        self.addCleanup(viewer.close)
        seen = await viewer.wait_for(lambda e: e.get("topic"), what="the topic")
        self.assertEqual(("comets & <tails>", 1), (seen["topic"], seen["people"]))
        irc.kill()
        await viewer.wait_for(lambda e: e["state"] == "unknown", after=len(viewer.events),
                              what="that nothing is known")
        irc.start()
        await viewer.wait_for(lambda e: e["state"] == "quiet", after=len(viewer.events), timeout=60,
                              what="the room again")


if __name__ == "__main__":
    unittest.main()
