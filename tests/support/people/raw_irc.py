# SPDX-License-Identifier: GPL-3.0-or-later
"""A page that speaks IRC itself over a WebSocket, one line a frame: aiohttp and nothing else, so that
every byte and close code can be looked at."""

import asyncio

import aiohttp

from .waiting import Watcher


class RawIrc(Watcher):
    """`events` are the frames: str or bytes."""

    def __init__(self, nick):
        super().__init__(f"page {nick}")
        self.nick = nick
        self.closed_with = None  # (code, reason)
        self._http = aiohttp.ClientSession()
        self.socket = None
        self._hangs = False

    @classmethod
    async def open(cls, gateway, nick="web", network="net", protocols=(), **more):
        self = cls(nick)
        try:
            self.socket = await self._http.ws_connect(
                f"{gateway.url}/irc/v1/{network}", protocols=protocols, autoclose=False,
                max_msg_size=0, **more)
        except Exception:
            await self._http.close()
            raise
        self._task = asyncio.ensure_future(self._read())
        return self

    @classmethod
    async def register(cls, gateway, nick, **more):
        self = await cls.open(gateway, nick, **more)
        await self.send(f"NICK {nick}", f"USER {nick} 0 * :{nick}")
        await self.wait_for(lambda line: f" 001 {nick} " in text_of(line), what="001")
        return self

    async def _read(self):
        while True:
            message = await self.socket.receive()
            if message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                if text_of(message.data).startswith("PING "):
                    await self.send("PONG " + text_of(message.data)[5:])
                self.saw(message.data)
            elif message.type == aiohttp.WSMsgType.CLOSE:
                self.closed_with = (message.data, message.extra)
                return self.end("closed")
            else:
                self.closed_with = (self.socket.close_code, "")
                return self.end(str(message.type))

    async def send(self, *frames):
        for frame in frames:
            if isinstance(frame, bytes):
                await self.socket.send_bytes(frame)
            else:
                await self.socket.send_str(frame)

    async def sees(self, part, what=None):
        return await self.wait_for(lambda line: part in text_of(line), what=what or part)

    async def join(self, room):
        await self.send(f"JOIN {room}")
        await self.sees(f" 366 {self.nick} {room} ")

    async def is_closed(self):
        """The code and reason of the close frame."""
        await self.wait_until(lambda: self.ended, what="the end", even_if_ended=True)
        return self.closed_with

    @property
    def transport(self):
        return self.socket._response.connection.transport

    def cut(self):
        """The page is gone, without a word."""
        self._hangs = False
        if self.socket._response.connection:
            self.transport.abort()

    def stop_reading(self):
        """The page hangs: soon its kernel takes nothing any more, and no ping is answered."""
        self.transport.pause_reading()
        self._hangs = True

    def read_again(self):
        self._hangs = False
        self.transport.resume_reading()

    async def close(self):
        self._task.cancel()
        if self._hangs:
            self.cut()  # it would wait for an answer that it does not read
        await self.socket.close()
        await self._http.close()


def text_of(frame):
    return frame if isinstance(frame, str) else frame.decode("utf-8", "replace")
