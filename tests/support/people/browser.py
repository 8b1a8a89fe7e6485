# SPDX-License-Identifier: GPL-3.0-or-later
"""A browser as the gateway sees it: the chat dialect over one carrier, with aiohttp as the independent
HTTP and WebSocket side. It checks what the dialect promises while it reads: numbers without a hole
or a repeat."""

import asyncio
import json
import time

import aiohttp

from .waiting import Watcher

CARRIERS = ("websocket", "event_stream", "long_poll")
ACK_EVERY = 16


class Refused(Exception):
    """The gateway answered with an error object."""

    def __init__(self, status, error):
        super().__init__(f"{status} {error}")
        self.status = status
        self.error = error

    code = property(lambda self: self.error.get("code"))
    field = property(lambda self: self.error.get("field"))
    text = property(lambda self: self.error.get("text"))


class Browser(Watcher):
    def __init__(self, url, network, nick, carrier="websocket", rooms=(), **more):
        super().__init__(f"browser {nick} ({carrier})")
        self.url = url
        self.carrier = carrier
        self.ask = {"network": network, "nick": nick, **more}
        if rooms:
            self.ask["rooms"] = list(rooms)
        self.hello = None
        self.cursor = 0
        self.n = 0
        self.acked = 0
        self.ack = True
        self.gaps_allowed = False
        self.seen_at = []  # monotonic arrival time of each event
        self.hellos = []
        self._ws = None
        self._reader = None
        self._http = None

    # --- entering and leaving ---------------------------------------------------------------------
    @classmethod
    async def enter(cls, gateway, network, nick, carrier="websocket", rooms=(), online=True,
                    **more):
        url = gateway if isinstance(gateway, str) else gateway.url
        self = cls(url, network, nick, carrier, rooms, **more)
        await self.open()
        if online:
            await self.wait_for(lambda e: e["ev"] == "online", what="online")
        return self

    async def open(self):
        self._http = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=None),
            connector=aiohttp.TCPConnector(limit=0))
        if self.carrier == "websocket":
            ws = await self._http.ws_connect(self.url + "/chat/v1/sessions", max_msg_size=0)
            await ws.send_str(json.dumps({"do": "enter", **self.ask}))
            first = await self._first_frame(ws)
            self._take_hello(first)
            self._ws = ws
            self._start(self._read_websocket(ws))
        else:
            async with self._http.post(self.url + "/chat/v1/sessions", json=self.ask) as answer:
                body = await self._body(answer)
                if answer.status != 201:
                    raise AssertionError(f"entering answered {answer.status}: {body}")
            self._take_hello(body)
            self._start(self._read_stream() if self.carrier == "event_stream"
                        else self._read_polls())

    async def _first_frame(self, ws):
        message = await asyncio.wait_for(ws.receive(), self.patience)
        if message.type != aiohttp.WSMsgType.TEXT:
            raise AssertionError(f"no first frame but {message}")
        first = json.loads(message.data)
        if "error" in first:
            await self.away_with_http()
            raise Refused(0, first["error"])
        return first

    async def _body(self, answer):
        text = await answer.text()
        body = json.loads(text) if text else None
        if answer.status >= 400:
            await self.away_with_http()
            raise Refused(answer.status, body["error"])
        return body

    async def away_with_http(self):
        if self._http is not None:
            await self._http.close()

    def _take_hello(self, hello):
        if hello.get("ev") != "hello":
            raise AssertionError(f"not a hello: {hello}")
        self.hello = hello
        self.hellos.append(hello)
        self.cursor = hello["next"] - 1

    def _start(self, reading):
        self.ended = None
        self._reader = asyncio.ensure_future(self._guard(reading))

    async def _guard(self, reading):
        try:
            await reading
            self.end("the carrier was closed")
        except asyncio.CancelledError:
            raise
        except Exception as wrong:  # told to whoever waits next
            self.end(f"{type(wrong).__name__}: {wrong}")

    @property
    def events_url(self):
        return f"{self.url}/chat/v1/sessions/{self.hello['session']}/events"

    async def leave(self, reason=""):
        url = f"{self.url}/chat/v1/sessions/{self.hello['session']}"
        async with self._http.delete(url, params={"reason": reason} if reason else None) as answer:
            status = answer.status
        await self.drop()
        await self.away_with_http()
        return status

    async def drop(self):
        """The connection goes; the session stays."""
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
            self._reader = None
        if self._ws is not None:
            # Like a lost network: no close frame is exchanged.
            transport = self._ws._response.connection.transport if self._ws._response.connection \
                else None
            if transport is not None:
                transport.abort()
            self._ws._response.close()
            self._ws = None

    async def close(self):
        await self.drop()
        await self.away_with_http()

    async def resume(self, carrier=None, since=None, epoch=None):
        """A new carrier for the same session, from the last event this browser has."""
        self.carrier = carrier or self.carrier
        since = self.cursor if since is None else since
        self.cursor = since
        epoch = epoch or self.hello["epoch"]
        if self.carrier == "websocket":
            ws = await self._http.ws_connect(self.events_url, max_msg_size=0,
                                             params={"since": since, "epoch": epoch})
            hello = await self._first_frame(ws)
            self._take_hello(hello)
            self._ws = ws
            self._start(self._read_websocket(ws))
        elif self.carrier == "event_stream":
            self._start(self._read_stream(epoch))
        else:
            self._start(self._read_polls(epoch))

    # --- reading ----------------------------------------------------------------------------------
    def _number(self, number, event):
        if self.gaps_allowed and event["ev"] == "gap":
            self.cursor = number - 1
        if number != self.cursor + 1:
            raise AssertionError(f"event {number} after {self.cursor}: {event}")
        self.cursor = number
        self.seen_at.append(time.monotonic())
        self.saw(event)

    async def _read_websocket(self, ws):
        async for message in ws:
            if message.type != aiohttp.WSMsgType.TEXT:
                break
            event = json.loads(message.data)
            if event.get("ev") in ("hello", None):  # unnumbered: pongs and errors
                if "error" in event:
                    self.saw({"ev": "frame_error", **event})
                continue
            self._number(self.cursor + 1, event)
            if self.ack and self.cursor - self.acked >= ACK_EVERY:
                self.acked = self.cursor
                await ws.send_str(json.dumps({"ack": self.cursor}))

    async def _read_stream(self, epoch=None):
        headers = {"Accept": "text/event-stream"}
        ask = {"since": self.cursor, "epoch": epoch or self.hello["epoch"]}
        async with self._http.get(self.events_url, params=ask, headers=headers) as answer:
            if answer.status != 200:
                await self._body(answer)
            data, number = [], None
            async for raw in lines_of(answer.content):
                line = raw.decode("utf-8")
                if line.startswith("data:"):
                    data.append(line[5:].lstrip(" "))
                elif line.startswith("id:"):
                    number = int(line[3:].strip().rpartition("-")[2])
                elif line == "" and data:
                    event = json.loads("\n".join(data))
                    data = []
                    if event.get("ev") == "hello":
                        self.hellos.append(event)
                    else:
                        self._number(number, event)

    async def _read_polls(self, epoch=None):
        while True:
            ask = {"since": self.cursor, "epoch": epoch or self.hello["epoch"]}
            async with self._http.get(self.events_url, params=ask) as answer:
                body = await self._body(answer)
            for number, event in enumerate(body["events"], body["from"]):
                self._number(number, event)
            if body["next"] != self.cursor + 1:
                raise AssertionError(f"next is {body['next']} after {self.cursor}")
            if self.all(lambda e: e["ev"] == "closing"):
                return

    # --- commands ---------------------------------------------------------------------------------
    async def send(self, what, n=None, **fields):
        """Sends a command and returns its number without waiting for the answer."""
        if n is None:
            self.n += 1
            n = self.n
        command = {"n": n, "do": what, **fields}
        if self.carrier == "websocket":
            text = json.dumps(command, ensure_ascii=False)
            if any("\ud800" <= one <= "\udfff" for one in text):
                text = json.dumps(command)  # half a pair can only be sent as an escape
            await self._ws.send_str(text)
        else:
            await self.post_commands(command)
        return n

    async def post_commands(self, body):
        url = f"{self.url}/chat/v1/sessions/{self.hello['session']}/commands"
        async with self._http.post(url, json=body) as answer:
            text = await answer.text()
            if answer.status >= 400:
                raise Refused(answer.status, json.loads(text)["error"])
            return json.loads(text)

    async def result(self, n, timeout=None):
        return await self.wait_for(lambda e: e["ev"] == "result" and e["n"] == n, timeout,
                                   what=f"the result of {n}")

    async def do(self, what, timeout=None, **fields):
        """Sends a command and returns its result, good or bad."""
        return await self.result(await self.send(what, **fields), timeout)

    async def must(self, what, **fields):
        answer = await self.do(what, **fields)
        if not answer["ok"]:
            raise AssertionError(f"{self.name}: {what} {fields} was refused: {answer['error']}")
        return answer

    # --- the words of people ----------------------------------------------------------------------
    async def join(self, room, **more):
        mark = self.mark()
        await self.must("join", room=room, **more)
        return await self.wait_for(
            lambda e: e["ev"] == "members" and same(e["room"], room) and e["last"], after=mark,
            what=f"the members of {room}")

    async def say(self, to, text, **more):
        return await self.must("say", to=to, text=text, **more)

    async def hears(self, text, by=None, room=None, timeout=None, after=0, kind="message"):
        return await self.wait_for(
            lambda e: e["ev"] == "said" and e["text"] == text and by in (None, e["from"])
            and (room is None or same(e.get("room", e.get("with")), room))
            and e.get("kind", "message") == kind,
            timeout, after, what=f"{text!r} by {by} in {room}")

    async def sees(self, kind, /, timeout=None, after=0, **fields):
        return await self.wait_for(
            lambda e: e["ev"] == kind and all(e.get(key) == value for key, value in fields.items()),
            timeout, after, what=f"{kind} {fields}")

    def said(self, room=None):
        return [e for e in self.events if e["ev"] == "said"
                and (room is None or same(e.get("room", ""), room))]


def same(one, two):
    return one is not None and two is not None and one.lower() == two.lower()


async def lines_of(content):
    """Lines of a stream of any length (aiohttp's own iteration stops at 64 KiB)."""
    kept = b""
    async for piece in content.iter_any():
        kept += piece
        *whole, kept = kept.split(b"\n")
        for line in whole:
            yield line.rstrip(b"\r")
