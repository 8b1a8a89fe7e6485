# SPDX-License-Identifier: GPL-3.0-or-later
"""The truth of the IRC rooms: an observer straight on the server, and what the fault proxy let through to
each participant's link. Participants are told apart by their address (WEBIRC), nicks change."""

import asyncio
import re

from faults import DOWN, UP
from people.waiting import Watcher

from lines import mark_of

WEBIRC = re.compile(rb"^WEBIRC \S+ \S+ (\S+) ")
HEARD = re.compile(rb"(?:^|[ ])PRIVMSG (\S+) :?(.*)$")


class IrcObserver(Watcher):
    """One story for each room: ("said", text), ("in", host), ("out", host), ("all out", None)."""

    def __init__(self, server, rooms, nick="observer"):
        super().__init__("the observer")
        self.server = server
        self.nick = nick
        self.stories = {room.lower(): [] for room in rooms}
        self.writer = None
        self.pings = 0

    async def connect(self):
        reader, self.writer = await asyncio.open_connection(self.server.host, self.server.port,
                                                            limit=1 << 20)
        for story in self.stories.values():
            story.append(("all out", None))
        self.ended = None
        self.send(f"NICK {self.nick}", f"USER {self.nick} 0 * :sees all")
        mark = self.mark()
        self._task = asyncio.ensure_future(self._read(reader))
        await self.wait_for(lambda e: e[0] == "001", after=mark, what="001")
        for room in self.stories:
            self.send("JOIN " + room)
            await self.wait_for(lambda e, r=room: e == ("366", r), after=mark, what="366 " + room)

    def send(self, *lines):
        self.writer.write("".join(line + "\r\n" for line in lines).encode())

    async def round_trip(self):
        """Everything the server did before this has been seen."""
        self.pings += 1
        token = f"p{self.pings}"
        self.send("PING " + token)
        await self.wait_for(lambda e: e == ("PONG", token), what="PONG")

    def close(self):
        self.writer.transport.abort()
        self._task.cancel()

    async def _read(self, reader):
        try:
            while raw := await reader.readline():
                self._take(raw.decode("utf-8", "replace").rstrip("\r\n"))
        except ConnectionError:
            pass
        self.end("the server closed the connection")

    def _take(self, line):
        prefix, _, rest = line.partition(" ") if line.startswith(":") else ("", "", line)
        head, _, text = rest.partition(" :")
        words = head.split()
        host = prefix.rpartition("@")[2]
        room = (words[1] if len(words) > 1 else text).lower()
        if words[0] == "PING":
            self.send("PONG :" + text)
        elif words[0] == "PRIVMSG":
            self.stories[room].append(("said", text))
            self.saw(("said", text))
        elif words[0] == "JOIN":
            self.stories[room].append(("in", host))
        elif words[0] == "PART":
            self.stories[room].append(("out", host))
        elif words[0] == "QUIT":
            for story in self.stories.values():
                story.append(("out", host))
        elif words[0] in ("001", "366"):
            self.saw((words[0], words[2].lower() if len(words) > 2 else ""))
        elif words[0] == "PONG":
            self.saw(("PONG", text or words[-1]))

    # --- the truth --------------------------------------------------------------------------------
    def said(self, room):
        return [what for kind, what in self.stories[room.lower()] if kind == "said"]

    def due(self, room, host):
        """The marks of what was said while this one was in the room by the server's account."""
        inside, marks = False, set()
        for kind, what in self.stories[room.lower()]:
            if kind == "said":
                if inside:
                    marks.add(mark_of(what))
            elif kind == "all out" or what == host:
                inside = kind == "in"
        return marks


class Leg:
    """One connection of the gateway to the server, through the proxy."""

    def __init__(self, passage):
        self.passage = passage
        self.host = None
        self.lines = []  # (offset of its end, room, mark)
        self._up = b""
        self._down = b""
        passage.on_bytes = self._on_bytes

    def _on_bytes(self, way, piece):
        if way == UP and self.host is None:
            self._up += piece
            if found := WEBIRC.match(self._up):
                self.host = found[1].decode()
        elif way == DOWN:
            end = self.passage.passed[DOWN]
            *lines, self._down = (self._down + piece).split(b"\n")
            offset = end - len(self._down)
            for line in reversed(lines):
                if found := HEARD.search(line.rstrip(b"\r")):
                    mark = mark_of(found[2].decode("utf-8", "replace"))
                    if mark:
                        self.lines.append((offset, found[1].decode().lower(), mark))
                offset -= len(line) + 1

    def delivered(self):
        """(room, mark) of every line whose last byte reached the gateway's kernel."""
        end = self.passage.passed[DOWN] - self.passage.thrown_away[DOWN]
        return [(room, mark) for offset, room, mark in self.lines if offset <= end]


class Legs:
    def __init__(self):
        self.all = []

    def watch(self, passage):
        """The script of the proxies before the server."""
        self.all.append(Leg(passage))

    def delivered(self, room, host):
        return {mark for leg in self.all if leg.host == host
                for where, mark in leg.delivered() if where == room.lower()}

    def count(self, host):
        return sum(leg.host == host for leg in self.all)
