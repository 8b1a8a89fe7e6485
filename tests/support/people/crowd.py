# SPDX-License-Identifier: GPL-3.0-or-later
"""A bare IRC client over asyncio: cheap enough for hundreds at once, and it shows the raw lines."""

import asyncio

from .waiting import Watcher


class Bot(Watcher):
    """events: (nick, command, [parameters])."""

    def __init__(self, nick):
        super().__init__("bot " + nick)
        self.nick = nick

    @classmethod
    async def connect(cls, server, nick, rooms=(), host=None):
        self = cls(nick)
        self.reader, self.writer = await asyncio.open_connection(
            server.host, server.port, limit=1 << 20,
            local_addr=(host, 0) if host else None)
        self.send(f"NICK {nick}", f"USER {nick} 0 * :a bot")
        self._task = asyncio.ensure_future(self._read())
        await self.wait_for(lambda e: e[1] == "001", what="001")
        for room in rooms:
            await self.join(room)
        return self

    def send(self, *lines):
        self.writer.write("".join(line + "\r\n" for line in lines).encode("utf-8"))

    def send_bytes(self, line):
        self.writer.write(line + b"\r\n")

    async def _read(self):
        try:
            while True:
                raw = await self.reader.readline()
                if not raw:
                    self.end("the server closed the connection")
                    return
                line = raw.decode("utf-8", "replace").rstrip("\r\n")
                if line.startswith("PING"):
                    self.send("PONG" + line[4:])
                else:
                    self.saw(parse(line))
        except (ConnectionError, asyncio.LimitOverrunError) as wrong:
            self.end(str(wrong))

    async def join(self, room):
        self.send(f"JOIN {room}")
        await self.wait_for(lambda e: e[1] == "366" and e[2][1].lower() == room.lower(),
                            what="the end of names of " + room)

    def say(self, to, text):
        self.send(f"PRIVMSG {to} :{text}")

    async def say_all(self, to, lines, heard):
        """`heard(line)` returns when somebody has it. InspIRCd reads 10 KB of a client and the rest a
        second later: so many lines go at once as fit."""
        waiting = 0
        for line in lines:
            if waiting + len(line) > 8000:
                await heard(last)
                waiting = 0
            self.say(to, line)
            waiting, last = waiting + len(line) + 32, line
        await heard(last)

    async def hears(self, text, by=None, timeout=None):
        return await self.wait_for(
            lambda e: e[1] in ("PRIVMSG", "NOTICE") and e[2][-1] == text and by in (None, e[0]),
            timeout, what=f"{text!r} by {by}")

    async def sees(self, command, nick=None, timeout=None, after=0):
        return await self.wait_for(lambda e: e[1] == command and nick in (None, e[0]), timeout,
                                   after, what=f"{command} by {nick}")

    async def barrier(self):
        """Everything sent so far has been done by the server."""
        token = f"b{len(self.events)}"
        self.send(f"PING {token}")
        await self.wait_for(lambda e: e[1] == "PONG" and e[2][-1] == token, what="PONG")

    async def quit(self, reason="bye"):
        self.send(f"QUIT :{reason}")
        await self.close()

    async def close(self):
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self.writer.close()


def parse(line):
    """(nick, command, parameters) of one line without tags."""
    if line.startswith("@"):
        line = line.partition(" ")[2]
    nick = ""
    if line.startswith(":"):
        nick, _, line = line[1:].partition(" ")
        nick = nick.partition("!")[0]
    head, colon, text = line.partition(" :")
    words = head.split()
    return (nick, words[0] if words else "", words[1:] + ([text] if colon else []))


async def enter_in_turns(people, at_once=50):
    """ngIRCd listens with a backlog of ten: who is left out tries again after one, three, seven seconds,
    and of 300 at once the last would be left out for too long."""
    turns = asyncio.Semaphore(at_once)

    async def take_turn(one):
        async with turns:
            return await one

    return await asyncio.gather(*map(take_turn, people))
