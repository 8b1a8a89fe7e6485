# SPDX-License-Identifier: GPL-3.0-or-later
"""BOSH by requirement number (XEP-0124 1.11: B-.., XEP-0206 1.4: X-.., practice: D-..), as a black box:

    python3 tests/conformance/bosh/checks.py http://127.0.0.1:5280/http-bind guest.example.org

The domain must let guests in (SASL ANONYMOUS)."""

import asyncio
import gzip
import hashlib
import json
import os
import random
import socket
import struct
import sys
import urllib.parse
import xml.etree.ElementTree as ET
import zlib

import aiohttp
import yarl

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import kit as kit_of_all  # noqa: E402
from kit import AUTH, BIND, PING, Checklist, NotTried, holds, same  # noqa: E402

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


# --- requests and creation ------------------------------------------------------------------------
@kit.check("B-02", "success is 200 with one body of the right namespace")
async def _(wire):
    answer = await wire.create()
    same((200, BODY), (answer.status, answer.body.tag))


@kit.check("B-03", "answers have a Content-Length")
async def _(wire):
    holds("Content-Length" in (await wire.create()).headers, "no Content-Length")


@kit.check("B-03b", "chunked requests are understood (RFC 9112, 7.1)")
async def _(wire):
    async def pieces():
        yield wire.text(f"to='{wire.domain}' ver='1.11' wait='5' hold='1' xmpp:version='1.0'").encode()
    async with wire.http.post(wire.url, data=pieces()) as answer:
        holds(ET.fromstring(await answer.text()).get("sid"), "no session")


@kit.check("B-04", "the Content-Type of a request does not matter")
async def _(wire):
    answer = await wire.create(headers={"Content-Type": "text/plain"})
    holds(answer.attribute("sid"), "no session")


async def refuses(wire, *texts):
    for text in texts:
        answer = await wire.post(text)
        holds(answer.ends_with == ("terminate", "bad-request") or answer.status == 400,
              f"{text[:60]!r} gets {answer.status} {answer.ends_with}")


@kit.check("B-05", "a long answer is compressed for who takes that, and reads the same")
async def _(wire):
    await wire.enter("ver='1.11' wait='5' hold='1'")
    for coding, opened in (("gzip", gzip.decompress), ("deflate", zlib.decompress)):
        wire.rid += 1
        name = coding + "x" * 3000
        async with aiohttp.ClientSession(auto_decompress=False) as plain:
            async with plain.post(wire.url, data=wire.text(inside=PING.format(id=name)),
                                  headers={"Accept-Encoding": coding}) as answer:
                data = await answer.read()
        if "Content-Encoding" not in answer.headers:
            raise NotTried("nothing is compressed")
        same(coding, answer.headers.get("Content-Encoding"), "Content-Encoding")
        holds(name in opened(data).decode() and len(data) < 1500, f"{len(data)} bytes")
    repeat = await wire.ask(PING.format(id=name), rid=wire.rid, headers={"Accept-Encoding": "identity"})
    holds(name in repeat.text and "Content-Encoding" not in repeat.headers, "the repeat")


@kit.check("B-05b", "compressed requests are understood where accept says so; a bomb is refused")
async def _(wire):
    accept = (await wire.create()).attribute("accept")
    if not accept:
        raise NotTried("no accept in the creation response")
    for coding, pack in (("gzip", gzip.compress), ("deflate", zlib.compress)):
        if coding not in accept:
            continue
        wire.rid += 1
        async with wire.http.post(wire.url, data=pack(wire.text().encode()),
                                  headers={"Content-Encoding": coding}) as answer:
            same((None, None), Answer(answer.status, answer.headers, await answer.text()).ends_with)
    bomb = gzip.compress(b"<body>" + b" " * 50_000_000 + b"</body>")
    async with wire.http.post(wire.url, data=bomb, headers={"Content-Encoding": "gzip"}) as answer:
        text = await answer.text()
    holds(answer.status in (400, 413) or "bad-request" in text, f"{answer.status} {text[:80]}")


@kit.check("B-06", "comments, instructions, document types and broken XML are bad requests")
async def _(wire):
    start = "<body xmlns='http://jabber.org/protocol/httpbind' rid='1' to='a' "
    await refuses(wire, "x", start, start + "><!-- c --></body>", start + "><?pi?></body>",
                  "<!DOCTYPE b>" + start + "/>", start + "><a></b></body>", start + ">&nbsp;</body>")


@kit.check("B-08", "a request without a positive rid, or beyond 2^53, is a bad request")
async def _(wire):
    start = f"<body xmlns='http://jabber.org/protocol/httpbind' to='{wire.domain}' ver='1.11' "
    await refuses(wire, start + "/>", start + "rid='0'/>", start + "rid='-1'/>",
                  start + "rid='x'/>", start + "rid='9007199254740993'/>")


@kit.check("B-10", "no domain is improper-addressing, an unknown one host-unknown")
async def _(wire):
    nowhere = await wire.post("<body xmlns='http://jabber.org/protocol/httpbind' rid='1' "
                              "ver='1.11' wait='5' hold='1'/>")
    same(("terminate", "improper-addressing"), nowhere.ends_with)
    same(("terminate", "host-unknown"), (await wire.create(to="nobody.invalid")).ends_with)


@kit.check("B-12", "a route to somewhere else is not followed")
async def _(wire):
    answer = await wire.create("ver='1.11' wait='5' hold='1' route='xmpp:127.0.0.1:1'")
    holds(answer.attribute("sid"), "no session")


@kit.check("B-15", "content chooses the type of all answers, and cannot smuggle a field")
async def _(wire):
    answer = await wire.create("ver='1.11' wait='5' hold='1' content='text/plain; charset=utf-8'")
    holds(answer.headers["Content-Type"].startswith("text/plain"), answer.headers["Content-Type"])


@kit.check("B-16", "session ids are long and different")
async def _(wire):
    one = (await wire.create()).attribute("sid")
    wire.sid = None
    two = (await wire.create()).attribute("sid")
    holds(len(one) >= 20 and one != two, f"{one} {two}")


@kit.check("B-17", "the creation says sid, wait no longer than asked, requests more than hold")
async def _(wire):
    answer = await wire.create("ver='1.11' wait='3' hold='1'")
    holds(answer.attribute("sid") and 0 < answer.number("wait") <= 3, answer.text)
    holds(answer.number("requests") >= 2 > answer.number("hold"), answer.text)


@kit.check("B-18", "the creation says the lower version, polling, inactivity, hold and from")
async def _(wire):
    answer = await wire.create("ver='1.8' wait='5' hold='1'")
    major, minor = (answer.attribute("ver") or "0.0").split(".")
    holds((0, 0) < (int(major), int(minor)) <= (1, 8), f"ver {answer.attribute('ver')}")
    for name in ("polling", "inactivity", "hold", "from"):
        holds(answer.attribute(name), f"no {name}")


def offered_pause(created):
    """A client must not pause where nothing was offered (10)."""
    if created.number("maxpause") <= 0:
        raise NotTried("no maxpause")
    return created.number("maxpause")


@kit.check("B-19", "pauses are offered")
async def _(wire):
    offered_pause(await wire.create())


@kit.check("B-21", "an unknown sid is item-not-found")
async def _(wire):
    await wire.create()
    wire.sid = "no-such-session-there-is"
    same(("terminate", "item-not-found"), (await wire.ask()).ends_with)


# --- data -----------------------------------------------------------------------------------------
@kit.check("B-25", "what arrives is answered at once")
async def _(wire):
    await wire.enter("ver='1.11' wait='20' hold='1'")
    async with asyncio.timeout(5):
        await wire.ask_for("iq", PING.format(id="p1"))


@kit.check("B-26", "a second request frees the first")
async def _(wire):
    await wire.enter("ver='1.11' wait='20' hold='1'")
    first = wire.ask_later()
    await asyncio.sleep(0.3)
    second = wire.ask_later("<presence xmlns='jabber:client' to='nobody@nowhere.invalid' "
                            "type='unavailable'/>")
    async with asyncio.timeout(5):
        same((None, None), (await first).ends_with)
    second.cancel()


@kit.check("B-27", "without news an empty answer comes within wait")
async def _(wire):
    await wire.enter("ver='1.11' wait='2' hold='1'")
    await wire.ask()
    began = asyncio.get_running_loop().time()
    answer = await wire.ask()
    holds(asyncio.get_running_loop().time() - began < 2.2, "longer than wait")
    same(0, len(answer.body), "what is inside")


def offered_acks(created):
    if created.attribute("ack") is None:
        raise NotTried("no acknowledgements")


@kit.check("B-30", "acknowledgements of the server, when the client asks for them")
async def _(wire):
    answer = await wire.create("ver='1.11' wait='5' hold='1' ack='1'")
    offered_acks(answer)
    same(wire.rid, answer.number("ack"), "ack")


@kit.check("B-32", "an answer that was lost is reported with report and time")
async def _(wire):
    offered_acks(await wire.enter("ver='1.11' wait='2' hold='1' ack='1'"))
    lost = wire.rid + 1
    await wire.ask(PING.format(id="p1"))
    answer = await wire.ask(attributes=f"ack='{lost - 1}'")
    same(lost, answer.number("report"), "report")
    holds(answer.number("time") >= 0, "no time")


@kit.check("B-33", "who acknowledges nothing is stopped before he fills the memory")
async def _(wire):
    offered_acks(await wire.enter("ver='1.11' wait='5' hold='1' ack='1'"))
    for i in range(60):
        answer = await wire.ask(PING.format(id="x" * 60_000), "ack='1'")
        if answer.ends_with == ("terminate", "policy-violation"):
            return
        same((None, None), answer.ends_with)
    raise AssertionError("3.6 MB that were never acknowledged are kept")


@kit.check("B-35", "a session nobody asks for ends after inactivity (waits for it)")
async def _(wire):
    answer = await wire.create()
    seconds = answer.number("inactivity")
    if not 0 < seconds <= 30:
        raise NotTried(f"inactivity is {seconds} s")
    await asyncio.sleep(seconds + 2)
    holds(await wire.is_gone(), "it is still there")


@kit.check("B-37", "a pause is answered at once, with everything that waits")
async def _(wire):
    offered_pause(await wire.enter("ver='1.11' wait='20' hold='1'"))
    first = wire.ask_later()
    await asyncio.sleep(0.3)
    async with asyncio.timeout(5):
        answers = await asyncio.gather(first, wire.ask(attributes="pause='10'"))
    for answer in answers:
        same((None, None), answer.ends_with)
    await wire.ask_for("iq", PING.format(id="p1"))


@kit.check("B-37b", "a pause longer than maxpause is a violation, or an empty request")
async def _(wire):
    most = offered_pause(await wire.enter("ver='1.11' wait='2' hold='1'"))
    answer = await wire.ask(attributes=f"pause='{most + 1}'")
    holds(answer.ends_with in (("terminate", "policy-violation"), (None, None)), answer.text)
    if answer.ends_with == (None, None):
        await wire.ask_for("iq", PING.format(id="p1"))


@kit.check("B-41", "empty requests that crowd in are stopped")
async def _(wire):
    created = await wire.enter("ver='1.11' wait='5' hold='1'")
    asked = []
    for _ in range(created.number("requests") * 4):
        asked.append(wire.ask_later())
        await asyncio.sleep(0.05)
    ends = [answer.ends_with for answer in await asyncio.gather(*asked)]
    holds(("terminate", "policy-violation") in ends, f"{len(asked)} at once get {ends}")


@kit.check("B-42", "who only polls faster than polling allows is stopped")
async def _(wire):
    await wire.create("ver='1.11' wait='0' hold='0'")
    for _ in range(20):
        answer = await wire.ask()
        if answer.ends_with == ("terminate", "policy-violation") or answer.status == 403:
            return
        same((None, None), answer.ends_with)
    raise AssertionError("20 empty requests at once are answered")


@kit.check("B-45", "an end by the client is answered, and the session is gone")
async def _(wire):
    await wire.enter("ver='1.11' wait='20' hold='1'")
    first = wire.ask_later()
    await asyncio.sleep(0.3)
    answer = await wire.ask("<presence xmlns='jabber:client' type='unavailable'/>",
                            "type='terminate'")
    same(200, answer.status)
    await first
    holds(await wire.is_gone(), "it is still there")


# --- request ids ----------------------------------------------------------------------------------
@kit.check("B-50", "requests that overtake each other are taken in order")
async def _(wire):
    await wire.enter("ver='1.11' wait='3' hold='1'")
    early = wire.ask_later(PING.format(id="second"), rid=wire.rid + 2)
    await asyncio.sleep(0.3)
    holds(not early.done(), "answered before the one before it")
    late = wire.ask_later(PING.format(id="first"), rid=wire.rid + 1)
    wire.rid += 2
    async with asyncio.timeout(20):
        text = (await late).text + (await early).text
    holds("first" in text and "terminate" not in text, text)


@kit.check("B-50b", "a rid beyond the window ends the session")
async def _(wire):
    await wire.create()
    same(("terminate", "item-not-found"), (await wire.ask(rid=wire.rid + 50)).ends_with)


@kit.check("B-52", "a repeat gets the same answer and is not carried out again")
async def _(wire):
    await wire.enter()
    answer = await wire.ask(PING.format(id="p1"))
    again = await wire.ask(PING.format(id="p1"), rid=wire.rid)
    same(answer.text, again.text, "the repeat")


@kit.check("B-53", "of a rid asked twice the older connection gets a recoverable error")
async def _(wire):
    await wire.enter("ver='1.11' wait='3' hold='1'")
    await wire.ask()
    older = wire.ask_later()
    await asyncio.sleep(0.3)
    newer = wire.ask_later(rid=wire.rid)
    async with asyncio.timeout(2):
        same("error", (await older).attribute("type"), "type")
    same((None, None), (await newer).ends_with)


@kit.check("B-54", "a rid nobody remembers is item-not-found")
async def _(wire):
    await wire.enter()
    old = wire.rid
    for i in range(6):
        await wire.ask(PING.format(id=f"p{i}"))
    same(("terminate", "item-not-found"), (await wire.ask(rid=old)).ends_with)


# --- keys -----------------------------------------------------------------------------------------
def chain(length):
    keys = ["seed"]
    for _ in range(length):
        keys.append(hashlib.sha1(keys[-1].encode()).hexdigest())
    return keys


@kit.check("B-55", "a request with the right key is carried out")
async def _(wire):
    keys = chain(6)
    created = await wire.create(f"ver='1.11' wait='2' hold='1' newkey='{keys.pop()}'")
    holds(created.attribute("sid"), "no session")
    same((None, None), (await wire.ask(attributes=f"key='{keys.pop()}'")).ends_with)


@kit.check("B-56", "one with a wrong key, or none, is not, and ends the session")
async def _(wire):
    for attributes in ("key='0000000000000000000000000000000000000000'", ""):
        wire.sid = None
        await wire.create(f"ver='1.11' wait='2' hold='1' newkey='{chain(5)[-1]}'")
        same(("terminate", "item-not-found"), (await wire.ask(attributes=attributes)).ends_with)


@kit.check("B-56b", "a repeat with a wrong key is refused, too")
async def _(wire):
    keys = chain(6)
    await wire.create(f"ver='1.11' wait='2' hold='1' newkey='{keys.pop()}'")
    await wire.ask(attributes=f"key='{keys.pop()}'")
    same(("terminate", "item-not-found"),
         (await wire.ask(attributes="key='1111'", rid=wire.rid)).ends_with)


# --- several streams ------------------------------------------------------------------------------
async def second_stream(wire):
    """The names of two streams, the first with a guest, the second fresh."""
    created = await wire.enter()
    first = created.attribute("stream")
    if not first:
        raise NotTried("no stream in the creation response")
    answer = await wire.ask(attributes=f"to='{wire.domain}' xmpp:version='1.0'")
    second = answer.attribute("stream")
    holds(second and second != first, answer.text)
    holds(answer.attribute("sid") is None, "the attributes of a session again")
    return first, second, answer


@kit.check("B-60", "the creation names its stream")
async def _(wire):
    if not (await wire.create()).attribute("stream"):
        raise NotTried("no stream in the creation response")


@kit.check("B-61", "an empty request with to opens another stream")
async def _(wire):
    _, second, answer = await second_stream(wire)
    while not answer.has("features"):
        answer = await wire.ask()
    same(second, answer.attribute("stream"), "whose features")


@kit.check("B-62", "requests reach the stream they name, answers name theirs")
async def _(wire):
    first, second, _ = await second_stream(wire)
    answer = await wire.ask(AUTH, f"stream='{second}'")
    while not answer.has("success"):
        answer = await wire.ask()
    same(second, answer.attribute("stream"), "who succeeded")
    answer = await wire.ask(PING.format(id="p1"), f"stream='{first}'")
    while not answer.has("iq"):
        answer = await wire.ask()
    same(first, answer.attribute("stream"), "who was answered")


@kit.check("B-62b", "an unknown stream is item-not-found")
async def _(wire):
    await second_stream(wire)
    same(("terminate", "item-not-found"),
         (await wire.ask(PING.format(id="p1"), "stream='no-such-stream'")).ends_with)


@kit.check("B-63", "the end of one stream leaves the other")
async def _(wire):
    first, second, _ = await second_stream(wire)
    await wire.ask("", f"type='terminate' stream='{second}'")
    answer = await wire.ask(PING.format(id="p1"))
    while not answer.has("iq"):
        same((None, None), answer.ends_with)
        answer = await wire.ask()


# --- scripts (XEP-0252) ---------------------------------------------------------------------------
@kit.check("S-01", "a session by <script> elements: its answers call _BOSH_")
async def _(wire):
    answer, _ = await wire.script(wire.text(
        f"to='{wire.domain}' xml:lang='en' xmpp:version='1.0' ver='1.11' wait='5' hold='1'"))
    wire.sid = answer.attribute("sid")
    holds(wire.sid, answer.text)
    for field, part in (("Content-Type", "javascript"), ("Cache-Control", "no-store"),
                        ("Cache-Control", "no-cache"), ("Pragma", "no-cache")):
        holds(part in answer.headers.get(field, ""), f"{field}: {answer.headers.get(field)}")


@kit.check("S-02", "which keeps to scripts")
async def _(wire):
    answer, _ = await wire.script(wire.text(
        f"to='{wire.domain}' xmpp:version='1.0' ver='1.11' wait='5' hold='1'"))
    wire.sid = answer.attribute("sid")
    same(("terminate", "item-not-found"), (await wire.ask()).ends_with)


@kit.check("S-03", "line breaks, quotes and format characters do not stand in an answer as they are")
async def _(wire):
    said, text = await wire.script("<body/>")
    holds(said.ends_with[0] == "terminate", said.text)
    holds(not set(text[8:-2]) & set('"\n\r\u2028\u2029\u00ad'), text)


@kit.check("S-05", "a stanza may be cut anywhere over several requests")
async def _(wire):
    answer, _ = await wire.script(wire.text(
        f"to='{wire.domain}' xml:lang='en' xmpp:version='1.0' ver='1.11' wait='2' hold='1'"))
    wire.sid = answer.attribute("sid")
    while not answer.has("features"):
        wire.rid += 1
        answer, _ = await wire.script(wire.text())
    for part in (AUTH[:9], AUTH[9:40], AUTH[40:]):
        wire.rid += 1
        answer, _ = await wire.script(wire.text(inside=part))
    while not answer.has("success"):
        same((None, None), answer.ends_with)
        wire.rid += 1
        answer, _ = await wire.script(wire.text())


# --- errors ---------------------------------------------------------------------------------------
@kit.check("B-71", "clients without ver get HTTP codes, others 200")
async def _(wire):
    await wire.create("wait='5' hold='1'")
    same(404, (await wire.ask(rid=wire.rid + 50)).status, "without ver")
    wire.sid = None
    await wire.create()
    same(200, (await wire.ask(rid=wire.rid + 50)).status, "with ver")


# --- XEP-0206 -------------------------------------------------------------------------------------
@kit.check("X-02", "the creation has xmpp:version and features declare their prefix")
async def _(wire):
    answer = await wire.create()
    same("1.0", answer.attribute(XBOSH + "version"), "xmpp:version")
    if not answer.has("features"):
        answer = await wire.ask_for("features")
    holds(answer.body.find(FEATURES) is not None, answer.text)


@kit.check("X-03", "restarts are announced")
async def _(wire):
    same("true", (await wire.create()).attribute(XBOSH + "restartlogic"), "xmpp:restartlogic")


@kit.check("X-04", "no STARTTLS and no compression in the features")
async def _(wire):
    answer = await wire.create()
    if not answer.has("features"):
        answer = await wire.ask_for("features")
    holds(not answer.has("starttls") and not answer.has("compression"), answer.text)


@kit.check("X-05", "a guest logs in, restarts, binds and is answered")
async def _(wire):
    await wire.enter()
    await wire.ask_for("iq", PING.format(id="p1"))


@kit.check("X-07", "a stream error is passed on with remote-stream-error")
async def _(wire):
    await wire.enter()
    answer = await wire.ask("<message xmlns='jabber:client' to='a@b@c'><body></body></message>"
                            "<nonsense xmlns='urn:no:such:thing'/><message xmlns='jabber:client' "
                            "from='nobody@nowhere.invalid/x' to='a@b'/>")
    for _ in range(5):
        if answer.attribute("type") == "terminate":
            break
        answer = await wire.ask()
    same(("terminate", "remote-stream-error"), answer.ends_with)
    holds(answer.has("}error"), "no stream error inside")


# --- practice -------------------------------------------------------------------------------------
@kit.check("D-06", "polling without wait works")
async def _(wire):
    await wire.create("ver='1.11' wait='0' hold='1'")
    async with asyncio.timeout(3):
        same((None, None), (await wire.ask()).ends_with)


@kit.check("D-07", "what was meant for a page that has gone comes with the next request")
async def _(wire):
    await wire.enter("ver='1.11' wait='20' hold='1'")
    gone = wire.ask_later(PING.format(id="p0"))
    await asyncio.sleep(0.5)
    waiting = wire.ask_later() if gone.done() else gone
    await asyncio.sleep(0.3)
    waiting.cancel()  # the page reloads: its connection is gone
    await asyncio.sleep(0.3)
    async with asyncio.timeout(10):
        await wire.ask_for("iq", PING.format(id="p1"))


@kit.check("D-07b", "what a reset connection did not take comes with the next request, once")
async def _(wire):
    await wire.enter("ver='1.11' wait='3' hold='1'")
    name = "lost" + "x" * 50_000
    wire.rid += 1
    broken = Socket(wire, wire.text(inside=PING.format(id=name)), receive_buffer=4096)
    await broken.is_answered()
    broken.reset()
    async with asyncio.timeout(10):
        answer = await wire.ask()
        while name not in answer.text:
            same((None, None), answer.ends_with)
            answer = await wire.ask()
    holds(name not in (await wire.ask()).text, "it came twice")


@kit.check("D-07c", "a client that asks again after a reset connection gets its answer")
async def _(wire):
    await wire.enter("ver='1.11' wait='3' hold='1'")
    name = "lost" + "x" * 50_000
    wire.rid += 1
    broken = Socket(wire, wire.text(inside=PING.format(id=name)), receive_buffer=4096)
    await broken.is_answered()
    broken.reset()
    answer = await wire.ask(PING.format(id=name), rid=wire.rid)
    holds(name in answer.text, answer.text[:100])
    holds(name not in (await wire.ask()).text, "it came twice")


@kit.check("D-09", "a page of the same origin may read every answer, errors too")
async def _(wire):
    origin = wire.url.rsplit("/", 1)[0]
    answer = await wire.post("nonsense", headers={"Origin": origin})
    holds(answer.headers.get("Access-Control-Allow-Origin") in ("*", origin), "no CORS field")


@kit.check("D-12", "a rid of 2^53 - 2 goes on to 2^53 - 1")
async def _(wire):
    wire.rid = 2 ** 53 - 2
    holds((await wire.create()).attribute("sid"), "no session")
    same((None, None), (await wire.ask()).ends_with)


if __name__ == "__main__":
    kit.main(Wire)
