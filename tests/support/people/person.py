# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody at an ordinary IRC client, behind the words of README.md: person_irc (libircclient)."""

import asyncio
import os

from .waiting import Watcher


def program():
    """HALLEY_PERSON_IRC, or beside the gateway that is being tested."""
    from servers.gateway import binary
    return os.environ.get("HALLEY_PERSON_IRC") or os.path.join(
        os.path.dirname(binary()), "tests", "person_irc")


class IrcPerson(Watcher):
    """events: tuples as person_irc writes them: ("said", "#room", "nick", "text")."""

    def __init__(self, nick):
        super().__init__("person " + nick)
        self.nick = nick

    @classmethod
    async def connect(cls, server, nick, rooms=()):
        self = cls(nick)
        self.process = await asyncio.create_subprocess_exec(
            program(), server.host, str(server.port), nick, stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE, limit=1 << 20)
        self._task = asyncio.ensure_future(self._read())
        await self.wait_for(lambda e: e[0] == "online", what="online")
        for room in rooms:
            await self.join(room)
        return self

    async def _read(self):
        while True:
            raw = await self.process.stdout.readline()
            if not raw:
                self.end("the program ended")
                return
            self.saw(tuple(raw.decode("utf-8", "replace").rstrip("\n").split("\t")))

    def command(self, line):
        self.process.stdin.write((line + "\n").encode("utf-8"))

    async def join(self, room):
        self.command("join " + room)
        await self.wait_for(lambda e: e[0] == "joined" and e[1].lower() == room.lower()
                            and e[2] == self.nick, what="joined " + room)

    async def say(self, to, text):
        self.command(f"say {to} {text}")

    async def me(self, to, text):
        self.command(f"me {to} {text}")

    async def notice(self, to, text):
        self.command(f"notice {to} {text}")

    async def change_nick(self, new):
        self.command("nick " + new)
        await self.wait_for(lambda e: e[:3] == ("nick", self.nick, new), what="nick " + new)
        self.nick = new

    async def set_topic(self, room, text):
        self.command(f"topic {room} {text}")

    async def kick(self, room, nick, text=""):
        self.command(f"kick {room} {nick} {text}".rstrip())

    async def part(self, room, text=""):
        self.command(f"part {room} {text}".rstrip())

    async def quit(self, text=""):
        self.command(f"quit {text}".rstrip())
        await self.process.wait()

    async def hears(self, text, by=None, kind="said", timeout=None):
        found = await self.wait_for(lambda e: e[0] == kind and e[-1] == text
                                    and by in (None, e[2]), timeout, what=f"{kind} {text!r}")
        return found

    async def sees(self, kind, *fields, timeout=None, after=0):
        return await self.wait_for(lambda e: e[0] == kind and e[1:1 + len(fields)] == fields,
                                   timeout, after, what=f"{kind} {fields}")

    async def close(self):
        if self.process.returncode is None:
            self.process.kill()
            await self.process.wait()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
