# SPDX-License-Identifier: GPL-3.0-or-later
"""A BOSH client that does what it is told, mistakes too."""

import asyncio
import json
import random
import socket
import struct
import urllib.parse
import xml.etree.ElementTree as ET

import yarl

import kit as kit_of_all
from kit import Checklist, AUTH, BIND, NotTried, holds, same

BODY = "{http://jabber.org/protocol/httpbind}body"
FEATURES = "{http://etherx.jabber.org/streams}features"
XBOSH = "{urn:xmpp:xbosh}"

kit = Checklist("Bosh")


class Answer:
    def __init__(self, status, headers, text):
        self.status, self.headers, self.text = status, headers, text
        self.body = ET.fromstring(text) if text else None

    def attribute(self, name):
        return None if self.body is None else self.body.get(name)

    def number(self, name):
        return int(self.attribute(name) or -1)

    @property
    def ends_with(self):
        return (self.attribute("type"), self.attribute("condition"))

    def has(self, tag):
        return self.body is not None and any(one.tag.endswith(tag) for one in self.body.iter())


class Socket:
    """One HTTP request on a connection of its own, which may break as connections do."""

    def __init__(self, wire, text, receive_buffer=None):
        at = urllib.parse.urlsplit(wire.url)
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.connect((at.hostname, at.port or 80))
        body = text.encode()
        self.socket.sendall((f"POST {at.path} HTTP/1.1\r\nHost: {at.netloc}\r\n"
                             f"Content-Length: {len(body)}\r\n\r\n").encode() + body)

    async def is_answered(self):
        """The answer has begun; nothing of it is read."""
        self.socket.setblocking(False)
        loop = asyncio.get_running_loop()
        waiter = loop.create_future()
        loop.add_reader(self.socket, lambda: waiter.done() or waiter.set_result(None))
        try:
            await asyncio.wait_for(waiter, 20)
        finally:
            loop.remove_reader(self.socket)

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


class Wire(kit_of_all.Wire):
    def __init__(self, url, domain):
        super().__init__(url, domain)
        self.rid = random.randrange(1, 2 ** 40)
        self.sid = None

    async def post(self, text, **more):
        async with self.http.post(self.url, data=text.encode(), **more) as answer:
            return Answer(answer.status, answer.headers, await answer.text())

    def text(self, attributes="", inside="", rid=None):
        sid = f" sid='{self.sid}'" if self.sid else ""
        return ("<body xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh' "
                f"rid='{rid or self.rid}'{sid} {attributes}>{inside}</body>")

    async def create(self, more="ver='1.11' wait='5' hold='1'", to=None, **options):
        answer = await self.post(self.text(
            f"to='{to or self.domain}' xml:lang='en' xmpp:version='1.0' {more}"), **options)
        self.sid = answer.attribute("sid")
        return answer

    async def script(self, text):
        """The same by a <script> element (XEP-0252)."""
        query = urllib.parse.quote(text, safe="")
        async with self.http.get(yarl.URL(f"{self.url}?{query}", encoded=True)) as answer:
            said = await answer.text()
            if not said.startswith("_BOSH_("):
                raise NotTried("the script syntax is not spoken")
            holds(said.startswith('_BOSH_("') and said.endswith('")'), said[:80])
            return Answer(answer.status, answer.headers, json.loads(said[7:-1])), said

    async def ask(self, inside="", attributes="", rid=None, **options):
        """The next request, or one of that rid."""
        if rid is None:
            self.rid += 1
        return await self.post(self.text(attributes, inside, rid), **options)

    def ask_later(self, inside="", attributes="", rid=None):
        if rid is None:
            self.rid += 1
            rid = self.rid
        return asyncio.ensure_future(self.post(self.text(attributes, inside, rid)))

    async def ask_for(self, tag, inside="", attributes=""):
        """Asks on until an element of this name has come."""
        answer = await self.ask(inside, attributes)
        while not answer.has(tag):
            same((None, None), answer.ends_with, "what ends it")
            answer = await self.ask()
        return answer

    async def enter(self, more="ver='1.11' wait='5' hold='1'"):
        """A guest with a resource."""
        created = await self.create(more)
        if not created.has("features"):
            await self.ask_for("features")
        await self.ask_for("success", AUTH)
        await self.ask_for("features", attributes=f"xmpp:restart='true' to='{self.domain}'")
        await self.ask_for("}jid", BIND)
        return created

    async def is_gone(self):
        return (await self.ask()).ends_with == ("terminate", "item-not-found")


def offered_pause(created):
    """A client must not pause where nothing was offered (10)."""
    if created.number("maxpause") <= 0:
        raise NotTried("no maxpause")
    return created.number("maxpause")
