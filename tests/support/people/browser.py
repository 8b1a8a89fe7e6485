# SPDX-License-Identifier: GPL-3.0-or-later
"""A browser as the gateway sees it: the chat dialect over one carrier, with aiohttp as the independent
HTTP and WebSocket side. It checks what the dialect promises while it reads: numbers without a hole
or a repeat."""

import asyncio
import json
import time

import aiohttp

from .waiting import Watcher
from .wires import CALLBACK, CARRIERS, POLLING, STREAMS, Recycled, read_call  # noqa: F401
from .words import Words, same  # noqa: F401

ACK_EVERY = 16
# A script's command stands in the address; what does not fit there goes by POST, as it would not fit
# into http.header_limit.
LONGEST_ADDRESS = 6000


class Refused(Exception):
    """The gateway answered with an error object."""

    def __init__(self, status, error):
        super().__init__(f"{status} {error}")
        self.status = status
        self.error = error

    code = property(lambda self: self.error.get("code"))
    field = property(lambda self: self.error.get("field"))
    text = property(lambda self: self.error.get("text"))


class Browser(Words, Watcher):
    def __init__(self, url, network, nick, carrier="websocket", rooms=(), reader=None, **more):
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
        self.reader = reader  # which cursor on the log; none: the nameless one
        self.asked = {}  # more for the address of the events: hold, heartbeat
        self.recycled = 0
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

    @classmethod
    async def attach(cls, other, carrier="websocket", reader=None):
        """Another reader of the same session, who knows nothing but its id: a tab, a second browser."""
        self = cls(other.url, other.ask["network"], other.ask["nick"], carrier, reader=reader)
        self._http = new_client()
        self.hello = other.hello
        self.nick = other.ask["nick"]
        self.n = other.n + 1_000_000  # commands are numbered for the session
        self.cursor = None
        await self._read_on()
        return self

    async def open(self):
        self._http = new_client()
        if self.carrier == "websocket":
            ws = await self._http.ws_connect(self.url + "/chat/v1/sessions", max_msg_size=0,
                                             params=self._named())
            await ws.send_str(json.dumps({"do": "enter", **self.ask}))
            first = await self._first_frame(ws)
            self._take_hello(first)
            self._ws = ws
            self._start(self._read_websocket(ws))
            return
        if self.carrier == "script":
            try:
                body = await self._script("enter", body=json.dumps(self.ask))
            except Refused:
                await self.away_with_http()
                raise
        else:
            async with self._http.post(self.url + "/chat/v1/sessions", json=self.ask) as answer:
                body = await self._body(answer)
                if answer.status != 201:
                    raise AssertionError(f"entering answered {answer.status}: {body}")
        self._take_hello(body)
        self._begin(body["epoch"])

    def _named(self):
        return {"reader": self.reader} if self.reader else {}

    def _begin(self, epoch):
        self._start(self._read_polls(epoch) if self.carrier in POLLING
                    else self._read_stream(epoch))

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

    async def _script(self, path, **params):
        """One <script> element: no Origin, no status that could be looked at."""
        async with self._http.get(f"{self.url}/chat/v1/script/{path}",
                                  params={"callback": CALLBACK, **params},
                                  headers={"Sec-Fetch-Site": "cross-site"}) as answer:
            text = await answer.text()
        if not text.startswith("/**/"):
            raise Refused(answer.status, json.loads(text)["error"])
        body = read_call(text)
        if isinstance(body, dict) and "error" in body:
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
        await self._read_on(epoch)

    async def _read_on(self, epoch=None):
        if self.carrier != "websocket":
            return self._begin(epoch)
        ws = await self._http.ws_connect(self.events_url, max_msg_size=0,
                                         params=self._cursor(epoch))
        self._take_hello(await self._first_frame(ws))
        self._ws = ws
        self._start(self._read_websocket(ws))

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

    def _cursor(self, epoch):
        """Where to read on; without a cursor it asks for the present state."""
        known = {} if self.cursor is None else {"since": self.cursor,
                                                "epoch": epoch or self.hello["epoch"]}
        return {**known, **self._named(), **self.asked}

    async def _read_stream(self, epoch):
        while True:
            try:
                return await self._read_one_stream(epoch)
            except Recycled:
                self.recycled += 1

    async def _read_one_stream(self, epoch):
        ask = {**self._cursor(epoch), "carrier": self.carrier}
        if self.carrier == "forever_frame":
            ask["origin"] = self.url
        async with self._http.get(self.events_url, params=ask) as answer:
            if answer.status != 200:
                await self._body(answer)
            async for number, event in STREAMS[self.carrier](answer.content):
                if number is None:
                    self.saw({"ev": "frame_error", **event})
                elif number == 0:
                    self.hellos.append(event)
                    if self.cursor is None:
                        self.cursor = event["next"] - 1
                else:
                    self._number(number, event)

    async def _read_page(self, epoch):
        ask = self._cursor(epoch)
        if self.carrier == "script":
            return await self._script(f"sessions/{self.hello['session']}/events", **ask)
        async with self._http.get(self.events_url,
                                  params={**ask, "carrier": self.carrier}) as answer:
            return await self._body(answer)

    async def _read_polls(self, epoch):
        while True:
            page = await self._read_page(epoch)
            if self.cursor is None:
                self._take_hello(page["hello"])
                if page["from"] != self.cursor + 1:
                    raise AssertionError(f"reading begins at {page['from']}: {page['hello']}")
            for number, event in enumerate(page["events"], page["from"]):
                self._number(number, event)
            if page["next"] != self.cursor + 1:
                raise AssertionError(f"next is {page['next']} after {self.cursor}")
            if self.all(lambda e: e["ev"] == "closing"):
                return
            await asyncio.sleep(page.get("again", 0) / 1000)

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
        text = json.dumps(body)
        if self.carrier == "script" and len(text) < LONGEST_ADDRESS // 3:
            return await self._script(f"sessions/{self.hello['session']}/commands", body=text)
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


def new_client():
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None),
                                 connector=aiohttp.TCPConnector(limit=0))
