# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests, and what begins a session."""

import gzip
import zlib
import xml.etree.ElementTree as ET

import aiohttp

from bosh_wire import BODY, Answer, kit, offered_pause
from kit import PING, NotTried, holds, same


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


@kit.check("B-19", "pauses are offered")
async def _(wire):
    offered_pause(await wire.create())


@kit.check("B-21", "an unknown sid is item-not-found")
async def _(wire):
    await wire.create()
    wire.sid = "no-such-session-there-is"
    same(("terminate", "item-not-found"), (await wire.ask()).ends_with)
