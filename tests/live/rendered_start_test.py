# SPDX-License-Identifier: GPL-3.0-or-later
"""A page that its own server has prepared: the server enters, puts session and cursor into the page, and
whatever is said before the page first asks is there when it does, on every carrier."""

import unittest

from stage import CARRIERS, IRC_SERVERS, XMPP_SERVERS, Browser, Stage, live_classes
from people.browser import new_client


class RenderedStart(Stage):
    async def test_nothing_falls_between_rendering_and_the_first_request(self):
        room = self.room()
        person = await self.person(room)
        for carrier in CARRIERS:
            with self.subTest(carrier):
                nick = self.nick("web")
                # The site's server: one request, no carrier.
                server = Browser(self.gateway.url, "net", nick, "long_poll", [room])
                await server.open()
                await server.drop()
                rendered = {key: server.hello[key] for key in ("session", "epoch", "next")}
                await person.wait_for(lambda e, nick=nick: e[0] == "joined" and e[2] == nick,
                                      what="joined")
                lines = [f"{carrier}: said while the page was on its way, {n}" for n in range(20)]
                for line in lines:
                    await person.say(room, line)
                await self.echo_of(person, room)
                # The page: another program, that knows what was rendered into it.
                page = Browser(self.gateway.url, "net", nick, carrier)
                page.hello, page._http = rendered, new_client()
                self.leaving.append(lambda page=page: self._leave(page))
                await page.resume(since=rendered["next"] - 1, epoch=rendered["epoch"])
                await page.hears(lines[-1])
                self.assertEqual(lines, [e["text"] for e in page.said(room) if e["text"] in lines])
                self.assertFalse(page.all(lambda e: e["ev"] == "gap"))
                self.assertEqual("online", next(e["ev"] for e in page.events
                                                if e["ev"] not in ("hello", "offline")))
                self.assertTrue(page.all(lambda e: e["ev"] == "joined" and e.get("self")))
                await server.close()

    async def echo_of(self, person, room):
        """What was said has passed through the room: somebody else has it."""
        other = await self.browser(room)
        await person.say(room, f"heard by {other.nick}")
        await other.hears(f"heard by {other.nick}")


live_classes(globals(), IRC_SERVERS[1:] + XMPP_SERVERS, (1,), RenderedStart)
del RenderedStart, Stage

if __name__ == "__main__":
    unittest.main()
