# SPDX-License-Identifier: GPL-3.0-or-later
"""What people do with a browser, as stories say it: joining, saying, hearing."""


def same(one, two):
    return one is not None and two is not None and one.lower() == two.lower()


class Words:
    """Over `must`, `mark`, `wait_for` and `events`."""

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
