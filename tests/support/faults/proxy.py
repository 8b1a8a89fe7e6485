# SPDX-License-Identifier: GPL-3.0-or-later
"""A port on loopback that passes connections on to a target and does with them what it is told."""

import asyncio
import collections
import random
import socket

from .http_requests import read_request
from .passage import DOWN, UP, Passage, Side

# Seconds for the answer to a copy: it is read to its end, so that the target has done its work.
COPY_PATIENCE = 10


class FaultProxy:
    """target: (host, port); may be changed, the next connection goes to the new one.

    http: requests are told apart, which doubling them and `forwarded_for` need.
    forwarded_for: f(passage) -> the address told in X-Forwarded-For.
    proxy_header: each connection begins with the PROXY protocol, version 1.
    receive_buffer: of the sockets to the target, so that a slow passage is felt there soon.
    """

    def __init__(self, target, http=False, seed=0, forwarded_for=None, proxy_header=False,
                 receive_buffer=None, port=None):
        self.target = target
        self.http = http
        self.random = random.Random(seed)
        self.forwarded_for = forwarded_for
        self.proxy_header = proxy_header
        self.receive_buffer = receive_buffer
        self.count = collections.Counter()
        self.live = set()
        self.script = None  # f(passage): called for each connection before anything is passed on
        # f(request) -> None, "first" or "copy": whose answer the caller gets when it is doubled.
        self.double = None
        self.host = "127.0.0.1"
        self.port = port  # None: a free one is taken when it opens
        self._server = None
        self._holding = 0    # connections that are to wait for a later one
        self._held = []      # events of those that wait
        self._tasks = set()

    # --- life -------------------------------------------------------------------------------------
    async def open(self):
        """Listens; after close(), on the same port again."""
        self._server = await asyncio.start_server(self._accept, self.host, self.port or 0,
                                                  backlog=1024)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def close(self, break_all=True):
        """The port refuses connections from here on."""
        if self._server is not None:
            self._server.close()
            self._server = None
        if break_all:
            for one in list(self.live):
                one.close()
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def __aenter__(self):
        return await self.open()

    async def __aexit__(self, *_):
        await self.close()

    @property
    def url(self):
        return f"http://{self.host}:{self.port}"

    # --- what goes wrong --------------------------------------------------------------------------
    def hold_next(self):
        """The next connection is served only after a later one was."""
        self._holding += 1

    def release_held(self):
        """Who waits for a later connection is served now."""
        self._holding = 0
        held, self._held = self._held, []
        for one in held:
            one.set()

    def double_next(self, keep="first"):
        """The next request that is no stream goes to the target twice."""
        def once(_):
            self.double = None
            return keep
        self.double = once

    # --- connections ------------------------------------------------------------------------------
    async def _accept(self, reader, writer):
        self.count["connections"] += 1
        passage = Passage(self.count["connections"], self.count, Side(reader, writer))
        self.live.add(passage)
        task = asyncio.current_task()
        self._tasks.add(task)
        try:
            if self.script is not None:
                self.script(passage)
            await self._in_turn(passage)
            await self._serve(passage)
        except (OSError, asyncio.IncompleteReadError):
            passage.reset_quietly()
        except asyncio.CancelledError:
            pass  # close(): asyncio would log it
        finally:
            self.live.discard(passage)
            self._tasks.discard(task)
            passage.close()

    async def _in_turn(self, passage):
        if self._holding > 0:
            self._holding -= 1
            self.count["reordered"] += 1
            later = asyncio.Event()
            self._held.append(later)
            await later.wait()
        elif self._held:
            task = asyncio.ensure_future(self._let_go_after(passage))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _let_go_after(self, passage):
        first = asyncio.ensure_future(passage.first_word.wait())
        over = asyncio.ensure_future(passage.over.wait())
        await asyncio.wait([first, over], return_when=asyncio.FIRST_COMPLETED)
        first.cancel()
        over.cancel()
        self.release_held()

    async def _connect(self):
        sock = socket.socket()
        sock.setblocking(False)
        if self.receive_buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.receive_buffer)
        try:
            await asyncio.get_running_loop().sock_connect(sock, self.target)
        except OSError:
            sock.close()
            raise
        return Side(*await asyncio.open_connection(sock=sock, limit=self.receive_buffer or 65536))

    async def _serve(self, passage):
        passage.target = await self._connect()
        if self.proxy_header:
            caller = passage.caller.writer.get_extra_info("peername")
            passage.target.writer.write(
                f"PROXY TCP4 {caller[0]} {self.target[0]} {caller[1]} {self.target[1]}\r\n".encode())
        if self.http:
            await passage.until_over(self._pass_requests(passage), passage.pump(DOWN))
        else:
            await passage.run()

    # --- requests ---------------------------------------------------------------------------------
    async def _pass_requests(self, passage):
        try:
            while (request := await read_request(passage.caller.reader)) is not None:
                self.count["requests"] += 1
                if self.forwarded_for is not None:
                    request = request.with_header("X-Forwarded-For", self.forwarded_for(passage))
                if not request.upgrades and not self._is_stream(request):
                    await self._maybe_double(request, passage)
                await passage.pass_on(UP, request.text)
                if request.upgrades:
                    return await passage.pump(UP)
            passage._end(passage.target)
        except (ConnectionError, TimeoutError, asyncio.IncompleteReadError):
            passage.reset_quietly()

    @staticmethod
    def _is_stream(request):
        return "event-stream" in (request.header("Accept") or "") or any(
            f"carrier={kind}" in request.path
            for kind in ("event_stream", "xhr_stream", "forever_frame"))

    async def _maybe_double(self, request, passage):
        kept = self.double(request) if self.double is not None else None
        if kept is None:
            return
        self.count["doubled"] += 1
        other = asyncio.ensure_future(self._send_apart(request))
        self._tasks.add(other)
        other.add_done_callback(self._tasks.discard)
        # "copy": the first was answered, the answer got lost, the proxy asks again.
        if kept == "copy":
            await asyncio.wait([other])
            if passage.over.is_set():
                raise ConnectionResetError

    async def _send_apart(self, request):
        """On a connection of its own; the answer is read and thrown away."""
        side = None
        try:
            async with asyncio.timeout(COPY_PATIENCE):
                side = await self._connect()
                side.writer.write(request.with_header("Connection", "close").text)
                while await side.reader.read(65536):
                    pass
                self.count["answers_thrown_away"] += 1
        except (OSError, TimeoutError):
            self.count["copies_lost"] += 1
        finally:
            if side is not None:
                side.writer.transport.close()
