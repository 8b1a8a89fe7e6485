# SPDX-License-Identifier: GPL-3.0-or-later
"""One connection through the proxy, and all that may go wrong with it. Ways: UP is from the caller to
the target, DOWN is back. What the proxy has read and not passed on when a connection breaks is lost,
as it is in a network."""

import asyncio
import fcntl
import socket
import struct
import termios

UP, DOWN = "up", "down"
PIECE = 65536
SIOCOUTQ = termios.TIOCOUTQ  # the same number for sockets: bytes the other side has not got yet


def close_with_reset(writer):
    """RST instead of FIN, and what is still waiting to be sent is thrown away."""
    sock = writer.get_extra_info("socket")
    if sock is not None and sock.fileno() >= 0:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


class Side:
    """One of the two sockets of a passage."""

    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer

    def unsent(self):
        """Bytes written to it that have not reached the other side's kernel."""
        waiting = self.writer.transport.get_write_buffer_size()
        sock = self.writer.get_extra_info("socket")
        if sock is None or sock.fileno() < 0:
            return waiting
        return waiting + struct.unpack("i", fcntl.ioctl(sock.fileno(), SIOCOUTQ, b"\0" * 4))[0]


class Passage:
    def __init__(self, number, count, caller):
        self.number = number  # of the connections of its proxy, from 1
        self.count = count    # the proxy's counters
        self.caller = caller  # Side
        self.target = None    # Side, once connected
        self.passed = {UP: 0, DOWN: 0}
        self.thrown_away = {UP: 0, DOWN: 0}  # by a reset: passed on, but still in this kernel
        self.over = asyncio.Event()
        self.first_word = asyncio.Event()  # the target has answered something
        self.on_bytes = None  # f(way, bytes): sees all that is passed on
        self._rate = {UP: None, DOWN: None}
        self._limit = {UP: None, DOWN: None}
        self._deaf = set()
        self._gates = {UP: asyncio.Event(), DOWN: asyncio.Event()}
        for gate in self._gates.values():
            gate.set()

    # --- what goes wrong --------------------------------------------------------------------------
    def cut(self):
        """Both sides read an end; nothing more is passed on."""
        self._break("cut", lambda side: side.writer.transport.close())

    def reset(self):
        if not self.over.is_set() and self.target is not None:
            self.thrown_away = {UP: self.target.unsent(), DOWN: self.caller.unsent()}
        self._break("reset", lambda side: close_with_reset(side.writer))

    def _break(self, what, close):
        if self.over.is_set():
            return
        self.count[what] += 1
        self.over.set()
        for side in (self.caller, self.target):
            if side is not None:
                close(side)

    def stall(self, *ways):
        """Nothing is passed on until go_on(), nor read, so that the sender feels it as soon as the
        kernel's buffers are full; the connections stay open."""
        self.count["stall"] += 1
        for way in ways or (UP, DOWN):
            self._gates[way].clear()
            if (source := self._source(way)) is not None:
                source.writer.transport.pause_reading()

    def go_on(self):
        for way, gate in self._gates.items():
            gate.set()
            if (source := self._source(way)) is not None:
                source.writer.transport.resume_reading()

    def _source(self, way):
        return self.caller if way == UP else self.target

    def half_close(self, way):
        """Who listens on this way reads an end; the other way stays. What still comes is lost."""
        if self.over.is_set() or self.target is None:
            return
        self.count["half_close"] += 1
        self._deaf.add(way)
        self._end(self.target if way == UP else self.caller)

    def reset_after(self, way, size):
        """RST on both sides once `size` more bytes went this way."""
        self._limit[way] = self.passed[way] + size

    def slow(self, bytes_per_second, *ways):
        """None: as fast as it goes again."""
        if bytes_per_second:
            self.count["slow"] += 1
        for way in ways or (UP, DOWN):
            self._rate[way] = bytes_per_second

    # --- passing on -------------------------------------------------------------------------------
    async def run(self):
        """Both ways until both have ended or something broke."""
        await self.until_over(self.pump(UP), self.pump(DOWN))

    async def until_over(self, *flows):
        tasks = [asyncio.ensure_future(flow) for flow in flows]
        over = asyncio.ensure_future(self.over.wait())
        both = asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.wait([both, over], return_when=asyncio.FIRST_COMPLETED)
        for one in (*tasks, over, both):
            one.cancel()
        await asyncio.gather(*tasks, over, both, return_exceptions=True)

    async def pump(self, way):
        try:
            while piece := await self._source(way).reader.read(PIECE):
                await self.pass_on(way, piece)
            self._end(self.target if way == UP else self.caller)
        except (ConnectionError, TimeoutError):
            self.reset_quietly()

    async def pass_on(self, way, data):
        """Raises ConnectionResetError once the passage is broken."""
        writer = (self.target if way == UP else self.caller).writer
        while data:
            await self._gates[way].wait()
            if self.over.is_set():
                raise ConnectionResetError
            rate, limit = self._rate[way], self._limit[way]
            piece = data if rate is None else data[:max(1, rate // 20)]
            if limit is not None:
                piece = piece[:limit - self.passed[way]]
            data = data[len(piece):]
            if way not in self._deaf:
                writer.write(piece)
                self.passed[way] += len(piece)
                if self.on_bytes is not None:
                    self.on_bytes(way, piece)
                if way == DOWN:
                    self.first_word.set()
                await writer.drain()
            if limit is not None and self.passed[way] >= limit:
                self.reset()
            if rate is not None:
                await asyncio.sleep(len(piece) / rate)

    def reset_quietly(self):
        """One side broke by itself: the other learns of it in the same way."""
        if not self.over.is_set():
            self.count["broken_by_others"] += 1
            self.over.set()
            for side in (self.caller, self.target):
                if side is not None:
                    close_with_reset(side.writer)

    @staticmethod
    def _end(side):
        if not side.writer.transport.is_closing() and side.writer.can_write_eof():
            side.writer.write_eof()

    def close(self):
        self.over.set()
        for side in (self.caller, self.target):
            if side is not None:
                side.writer.transport.close()
