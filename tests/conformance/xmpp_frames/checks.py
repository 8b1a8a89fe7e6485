# SPDX-License-Identifier: GPL-3.0-or-later
"""XMPP over WebSocket by requirement number (RFC 7395, W-..; practice, D-..), as a black box:

    python3 tests/conformance/xmpp_frames/checks.py ws://127.0.0.1:5280/xmpp-websocket guest.example.org

The domain must let guests in (SASL ANONYMOUS)."""

import asyncio
import base64
import os
import struct
import sys
import xml.etree.ElementTree as ET
from urllib.parse import urlsplit

import aiohttp

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import kit as kit_of_all  # noqa: E402
from kit import AUTH, BIND, Checklist, holds, same  # noqa: E402

FRAMING = "{urn:ietf:params:xml:ns:xmpp-framing}"
STREAM = "{http://etherx.jabber.org/streams}"
ERRORS = "{urn:ietf:params:xml:ns:xmpp-streams}"
CLOSE = '<close xmlns="urn:ietf:params:xml:ns:xmpp-framing" />'
PING = kit_of_all.PING.format(id="p1")

kit = Checklist("XmppFrames")


class Wire(kit_of_all.Wire):
    patience = 20  # seconds for a frame

    def __init__(self, url, domain):
        super().__init__(url, domain)
        self.socket = None
        self.frames = []

    async def close(self):
        if self.socket is not None:
            await self.socket.close()
        await super().close()

    async def connect(self, protocols=("xmpp",), **more):
        self.socket = await self.http.ws_connect(self.url, protocols=protocols, autoclose=False,
                                                 timeout=1, **more)
        return self.socket

    def open_frame(self, domain=None):
        return (f"<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='{domain or self.domain}' "
                "version='1.0'/>")

    async def send(self, *frames):
        for frame in frames:
            await self.socket.send_str(frame)

    async def next(self):
        """The next frame, parsed; None when the connection closes."""
        message = await asyncio.wait_for(self.socket.receive(), self.patience)
        if message.type != aiohttp.WSMsgType.TEXT:
            return None
        self.frames.append(message.data)
        holds(message.data.startswith("<"), f"a frame begins with {message.data[:5]!r}")
        return ET.fromstring(message.data)

    async def until(self, tag):
        while True:
            frame = await self.next()
            holds(frame is not None, f"closed before {tag}; had {self.frames[-3:]}")
            if frame.tag == tag or frame.find(".//" + tag) is not None:
                return frame

    async def open(self, domain=None):
        await self.connect()
        await self.send(self.open_frame(domain))

    async def enter(self):
        await self.open()
        await self.until(STREAM + "features")
        await self.send(AUTH)
        await self.until("{urn:ietf:params:xml:ns:xmpp-sasl}success")
        await self.send(self.open_frame())
        await self.until(STREAM + "features")
        await self.send(BIND)
        await self.until("{urn:ietf:params:xml:ns:xmpp-bind}jid")

    async def rest(self):
        """Everything until the connection closes."""
        frames = []
        while (frame := await self.next()) is not None:
            frames.append(frame)
        return frames

    async def rest_or(self, tag):
        """Everything until the connection closes (then None is the last), or such a frame has come."""
        frames = []
        while True:
            frames.append(await self.next())
            if frames[-1] is None or frames[-1].tag == tag:
                return frames

    async def refuses(self, frame):
        """Either the connection ends, or it goes on as if the frame had not been."""
        await self.send(frame, kit_of_all.PING.format(id="after"))
        answered = []
        while (one := await self.next()) is not None:
            answered += [one.get("id")] if one.tag == "{jabber:client}iq" else []
            if "after" in answered:
                break
        holds("p1" not in answered, "it was carried out")

    async def ends_with(self, *conditions):
        """One of these stream errors, <close/>, then the end."""
        frames = await self.rest()
        found = [one.tag for frame in frames for one in frame if frame.tag == STREAM + "error"]
        holds(any(ERRORS + one in found for one in conditions),
              f"no {conditions} but {found} in {self.frames[-1:]}")
        same(FRAMING + "close", frames[-1].tag, "the last frame")


@kit.check("W-01", "the subprotocol xmpp is agreed, as one token")
async def _(wire):
    same("xmpp", (await wire.connect(("xmpp",))).protocol)


@kit.check("W-01b", "of several, xmpp is the answer")
async def _(wire):
    same("xmpp", (await wire.connect(("chat", "xmpp"))).protocol)


@kit.check("W-01c", "without it there is no connection")
async def _(wire):
    try:
        await wire.connect(("chat",))
    except aiohttp.WSServerHandshakeError:
        return
    raise AssertionError("it was accepted")


@kit.check("W-02", "frames of the server are text")
async def _(wire):
    await wire.enter()


@kit.check("W-02b", "text that is no UTF-8 closes with 1007")
async def _(wire):
    at = urlsplit(wire.url)
    reader, writer = await asyncio.open_connection(at.hostname, at.port)
    key = base64.b64encode(os.urandom(16)).decode()
    writer.write((f"GET {at.path} HTTP/1.1\r\nHost: {at.netloc}\r\nUpgrade: websocket\r\n"
                  f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
                  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: xmpp\r\n\r\n").encode())
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"\x81\x84" + bytes(4) + b"<\xff\xfe>")
    codes = []
    try:
        while not codes:
            head = await asyncio.wait_for(reader.readexactly(2), 10)
            size = head[1] if head[1] < 126 else struct.unpack(">H", await reader.readexactly(2))[0]
            data = await asyncio.wait_for(reader.readexactly(size), 10)
            if head[0] == 0x88:
                codes.append(struct.unpack(">H", data[:2])[0] if data else None)
    except (asyncio.IncompleteReadError, ConnectionError):
        codes.append("none: the connection ended")
    writer.close()
    same([1007], codes, "the close code")


@kit.check("W-03", "an open in another namespace is invalid-namespace")
async def _(wire):
    await wire.connect()
    await wire.send(f"<open xmlns='jabber:client' to='{wire.domain}' version='1.0'/>")
    await wire.ends_with("invalid-namespace")


@kit.check("W-04", "every frame of a login stands alone")
async def _(wire):
    await wire.enter()
    await wire.send(PING)
    reply = await wire.until("{jabber:client}iq")
    holds(reply.get("type") in ("result", "error"), str(reply.attrib))


@kit.check("W-04b", "a frame that does not begin with < is refused")
async def _(wire):
    await wire.enter()
    await wire.refuses(" " + PING)


@kit.check("W-04c", "two elements in a frame are refused")
async def _(wire):
    await wire.enter()
    await wire.refuses(PING + PING)


@kit.check("W-05", "a message in fragments is put together")
async def _(wire):
    await wire.enter()
    data = PING.encode()
    writer = wire.socket._writer.transport
    for first, last, part in ((True, False, data[:9]), (False, True, data[9:])):
        writer.write(bytes([(0x80 if last else 0) | (1 if first else 0), 0x80 | len(part)])
                     + bytes(4) + part)
    await wire.until("{jabber:client}iq")


@kit.check("W-06", "an open is answered by an open with from, id and version, then features")
async def _(wire):
    await wire.open()
    answer = await wire.next()
    same(FRAMING + "open", answer.tag)
    for name in ("from", "id", "version"):
        holds(answer.get(name), f"no {name}")
    same(STREAM + "features", (await wire.next()).tag)


@kit.check("W-07", "an unknown domain gets an open, the error, a close")
async def _(wire):
    await wire.open("nobody.invalid")
    same(FRAMING + "open", (await wire.next()).tag)
    await wire.ends_with("host-unknown")


@kit.check("W-08", "a close is answered by a close, then the WebSocket ends with 1000")
async def _(wire):
    await wire.enter()
    await wire.send(CLOSE)
    frames = await wire.rest()
    same(FRAMING + "close", frames[-1].tag)
    same(1000, wire.socket.close_code, "the close code")


@kit.check("W-10", "after SASL a new open begins a new stream, without close")
async def _(wire):
    await wire.enter()
    opens = [frame for frame in wire.frames if frame.startswith("<open")]
    same(2, len(opens), "how many opens")
    same([], [frame for frame in wire.frames if frame.startswith("<close")])


@kit.check("W-12", "STARTTLS is not offered")
async def _(wire):
    await wire.open()
    await wire.until(STREAM + "features")
    holds("starttls" not in wire.frames[-1], wire.frames[-1])


@kit.check("W-13", "stream management can be had, with resumption")
async def _(wire):
    await wire.enter()
    await wire.send("<enable xmlns='urn:xmpp:sm:3' resume='true'/>")
    enabled = await wire.until("{urn:xmpp:sm:3}enabled")
    holds(enabled.get("id"), "it cannot be resumed")


@kit.check("W-15", "a foreign origin is refused, or nobody's cookies count")
async def _(wire):
    try:
        await wire.connect(headers={"Origin": "https://evil.example"})
    except aiohttp.WSServerHandshakeError:
        return
    raise AssertionError("a page of any site may connect")


@kit.check("L-01", "a comment is restricted-xml")
async def _(wire):
    await wire.enter()
    await wire.send("<iq xmlns='jabber:client' type='get' id='c'><!-- x --></iq>")
    await wire.ends_with("restricted-xml", "not-well-formed", "bad-format")


@kit.check("L-02", "a message of 3 MB is answered with an end, of this connection only")
async def _(wire):
    await wire.enter()
    try:
        await wire.send("<message xmlns='jabber:client' to='a@b'><body>" + "x" * 3_000_000
                        + "</body></message>", PING)
    except ConnectionError:
        return  # ended while it was still being sent
    frames = await wire.rest_or("{jabber:client}iq")
    holds(frames[-1:] == [None], "it is taken")


@kit.check("D-08", "the close frame has the bytes strophe.js compares with")
async def _(wire):
    await wire.enter()
    await wire.send(CLOSE)
    await wire.rest()
    same(CLOSE, wire.frames[-1])


if __name__ == "__main__":
    kit.main(Wire)
