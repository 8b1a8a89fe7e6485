# SPDX-License-Identifier: GPL-3.0-or-later
"""What a visitor of an IRC network sees of its troubles: connections lost on the way, servers that die,
ghosts that hold a name, bans. On real servers."""

import asyncio
import unittest

from stage import IRC_SERVERS, Bot, Gateway, InspIRCd, Ngircd, Stage, linked_pair, live_classes
from faulty_stage import FaultyStage, texts
from faults import FaultProxy


def keys(event, *names):
    return tuple(event.get(name) for name in names)


async def back_online(one, mark, room):
    await one.wait_for(lambda e: e["ev"] == "online" and e.get("resumed"), 60, mark, "online again")
    await one.wait_for(lambda e: e["ev"] == "members" and e["last"] and e["room"] == room, 60, mark,
                       "the room again")


async def keep_history(one, room):
    """InspIRCd then sends to those who join what was said last."""
    await one.must("mode", room=room, changes=[{"set": True, "mode": "H", "value": "100:1h"}])


class History(FaultyStage):
    """A server that keeps what was said and sends it to those who join (+H)."""

    async def away(self, one):
        """The gateway is cut off from its network until come_back()."""
        mark = one.mark()
        for proxy in self.net:
            await proxy.close()
        await one.wait_for(lambda e: e["ev"] == "offline", after=mark, what="offline")
        return mark

    async def come_back(self, one, mark, room):
        for proxy in self.net:
            await proxy.open()
        await back_online(one, mark, room)

    async def test_what_was_said_meanwhile_is_told_in_order_and_once(self):
        room = self.room()
        one = await self.browser(room)
        await keep_history(one, room)
        person = await self.person(room)
        await person.say(room, "before")
        await one.hears("before")
        mark = await self.away(one)
        for n in range(20):
            await person.say(room, f"meanwhile {n}")
        await person.say(person.nick, "all of it is there")  # a message to oneself: a barrier
        await person.hears("all of it is there")
        await self.come_back(one, mark, room)
        await person.say(room, "after")
        await one.hears("after")
        self.assertEqual(["before", *(f"meanwhile {n}" for n in range(20)), "after"],
                         texts(one, room))
        for said in one.said(room):
            self.assertEqual(said["text"].startswith("meanwhile"), said.get("replayed", False))
        gap = self.once(one, lambda e: e["ev"] == "gap", "gaps")
        self.assertEqual((room, "network", True), keys(gap, "room", "reason", "healing"))
        healed = self.once(one, lambda e: e["ev"] == "healed", "healed")
        self.assertEqual((room, True, 20), keys(healed, "room", "complete", "count"))
        self.assertEqual([], one.all(lambda e: e["ev"] == "history"))

    async def test_a_line_that_was_on_its_way_gets_its_true_fate(self):
        room = self.room()
        one = await self.browser(room)
        await keep_history(one, room)
        person = await self.person(room)
        (leg,) = self.legs()
        mark = one.mark()
        leg.stall("down")  # the echo does not come
        n = await one.send("say", to=room, text="did you hear me?")
        await person.hears("did you hear me?")
        leg.reset()
        await back_online(one, mark, room)
        self.assertTrue((await one.result(n))["ok"])
        await one.say(room, "and this?")
        await person.hears("and this?")
        self.assertEqual(["did you hear me?", "and this?"], texts(one, room))
        self.assertEqual((n, True), keys(one.said(room)[0], "echo_of", "self"))
        self.assertEqual(["did you hear me?", "and this?"],
                         [e[3] for e in person.events if e[0] == "said"])

    async def test_a_line_that_never_arrived_is_known_to_be_lost(self):
        room = self.room()
        one = await self.browser(room)
        await keep_history(one, room)
        person = await self.person(room)
        (leg,) = self.legs()
        mark = one.mark()
        leg.stall("up")
        n = await one.send("say", to=room, text="into the void")
        await one.sees("sent", n=n)
        leg.reset()
        await back_online(one, mark, room)
        fate = await one.result(n)
        self.assertEqual((False, "lost"), (fate["ok"], fate["error"]["code"]))
        self.assertIn("not said", fate["error"]["text"])
        await one.say(room, "once more")
        await person.hears("once more")
        self.assertEqual(["once more"], [e[3] for e in person.events if e[0] == "said"])


class Ghost(FaultyStage):
    """The server has not noticed that a connection is dead; it still holds the name."""

    network_options = {"keepalive_s": 1}

    async def test_the_name_comes_back_when_the_ghost_is_gone(self):
        room = self.room()
        person = await self.person(room)
        one = await self.browser(room)
        session = one.hello["session"]
        (leg,) = self.legs()
        mark = one.mark()
        leg.stall("up", "down")
        await back_online(one, mark, room)
        online = one.all(lambda e: e["ev"] == "online", after=mark)[-1]
        self.assertNotEqual(one.nick, online["nick"])
        leg.reset()  # now the server learns of it
        back = await one.wait_for(lambda e: e["ev"] == "nick" and e.get("self"), 60, mark, "the name")
        self.assertEqual((online["nick"], one.nick), keys(back, "from", "to"))
        await one.say(room, "it is me")
        await person.hears("it is me", by=one.nick)
        self.assertEqual(session, one.hello["session"])


class Banned(FaultyStage):
    """An operator of the network throws somebody out."""

    network_options = {"user_name": "%n"}

    async def oper(self):
        one = await self.bot()
        one.send("OPER root root")
        await one.wait_for(lambda e: e[1] == "381", what="operator")
        return one

    def ban(self, nick):
        if self.server_class is Ngircd:
            return f"KLINE {nick}!*@* 600 :no more of this"
        return f"GLINE {nick}@* 1h :no more of this"

    async def test_a_ban_ends_the_session_with_its_reason(self):
        room = self.room()
        oper = await self.oper()
        await self.browser(room)  # not all of the network
        one = await self.browser(room)
        before = sum(proxy.count["connections"] for proxy in self.net)
        oper.send(self.ban(one.nick))
        closing = await one.sees("closing", timeout=30)
        self.assertEqual("banned", closing["error"]["code"])
        self.assertIn("no more of this", closing["error"]["text"])
        offline = one.all(lambda e: e["ev"] == "offline")[-1]
        self.assertTrue(offline["final"])
        # Nobody tries again; who asks anew is told at the door.
        self.assertEqual(before, sum(proxy.count["connections"] for proxy in self.net))
        again = await self.browser(nick=one.nick, online=False)
        closing = await again.sees("closing", timeout=30)
        self.assertEqual("banned", closing["error"]["code"])
        await asyncio.gather(again.drop(), one.drop())

    async def test_a_kill_is_no_ban_but_no_invitation_either(self):
        room = self.room()
        oper = await self.oper()
        one = await self.browser(room)
        oper.send(f"KILL {one.nick} :think about it")
        offline = await one.sees("offline")
        self.assertFalse(offline.get("final", False))
        self.assertGreaterEqual(offline["retry_in"], 60000)
        self.assertIn("think about it", offline["error"]["text"])


class NextServer(Stage):
    """A network of several servers, one of which dies."""

    @classmethod
    def setUpClass(cls):
        cls.servers = cls.make_servers()
        for server in cls.servers:
            cls.addClassCleanup(server.stop)
        cls.server = cls.servers[0]
        network = cls.server.network("net")
        network["servers"] = [f"{one.host}:{one.port}" for one in cls.servers]
        cls.gateway = Gateway([network], 3).start()
        cls.addClassCleanup(cls.gateway.stop)

    async def server_of(self, one):
        who = (await one.must("whois", nick=one.nick))["person"]
        return next(server for server in self.servers if server.name == who["server"])

    async def through_the_death_of_a_server(self, prepare):
        room = self.room()
        one = await self.browser(room)
        session, here = one.hello["session"], await self.server_of(one)
        (there,) = (server for server in self.servers if server is not here)
        person = await self.person(room, server=there)
        await prepare(one, room, person)
        mark = one.mark()
        here.kill()
        try:
            offline = await one.wait_for(lambda e: e["ev"] == "offline", after=mark, what="offline")
            self.assertEqual("running", offline["step"])
            await person.say(room, "are you there?")
            await back_online(one, mark, room)
            self.assertIs(there, await self.server_of(one))
            online = one.all(lambda e: e["ev"] == "online", after=mark)[-1]
            self.assertEqual((one.nick, True), keys(online, "nick", "resumed"))
            self.assertEqual(session, one.hello["session"])
            await one.say(room, "here I am")
            await person.hears("here I am", by=one.nick)
        finally:
            here.start()
        return one, room


class NextOfTwoLinked(NextServer):
    make_servers = staticmethod(linked_pair)

    async def test_the_next_server_takes_over_with_all_that_was_said(self):
        async def prepare(one, room, person):
            await keep_history(one, room)
            await person.say(room, "hello from the other server")
            await one.hears("hello from the other server")

        one, room = await self.through_the_death_of_a_server(prepare)
        self.assertEqual(["hello from the other server", "are you there?", "here I am"],
                         texts(one, room))
        healed = self.once(one, lambda e: e["ev"] == "healed", "healed")
        self.assertTrue(healed["complete"])


class NextOfTwoPlain(NextServer):
    @staticmethod
    def make_servers():
        return Ngircd("one.irc.test").start(), Ngircd("two.irc.test").start()

    async def test_the_next_server_takes_over_and_the_loss_is_told(self):
        async def prepare(one, room, person):
            pass

        one, room = await self.through_the_death_of_a_server(prepare)
        gap = self.once(one, lambda e: e["ev"] == "gap", "gaps")
        self.assertEqual((room, "network", None), keys(gap, "room", "reason", "healing"))
        self.assertLessEqual(gap["from_at"], gap["to_at"])


class Absence(Stage):
    """Nobody reads: the network hears it after a while, and the room sees nothing of a short one."""

    async def test_the_network_is_told_that_nobody_reads_and_that_somebody_is_back(self):
        room = self.room()
        one = await self.browser(room)
        bot = await self.bot(room)
        await one.drop()

        async def is_away():
            mark = bot.mark()
            bot.send(f"WHOIS {one.nick}")
            await bot.wait_for(lambda e: e[1] == "318", after=mark, what="the end of whois")
            return bool(bot.all(lambda e: e[1] == "301", after=mark))

        self.assertFalse(await is_away())  # not for a mere reload
        async with asyncio.timeout(60):
            while not await is_away():
                await bot.barrier()
        await one.resume()
        await one.must("ping")
        self.assertFalse(await is_away())
        self.assertEqual([], bot.all(lambda e: e[0] == one.nick and e[1] in ("QUIT", "PART")))


class Grace(FaultyStage):
    """A browser that comes back in time, whatever has become of its connection and its address."""

    sessions = {"grace_s": 6}

    def comings(self, bot, nick):
        return [e[1] for e in bot.events if e[0] == nick and e[1] in ("JOIN", "PART", "QUIT", "NICK")]

    async def test_a_sleep_and_another_network_are_invisible(self):
        room = self.room()
        bot = await self.bot(room)
        one = await self.behind_proxy(room, forwarded_for=lambda _: "192.0.2.1")
        for address in ("198.51.100.7", "2001:db8::7"):
            for passage in one.proxy.live:
                passage.stall("up", "down")  # a lid is closed: nobody says goodbye
            bot.say(room, f"before {address}")
            await bot.barrier()
            await one.drop()
            proxy = await FaultProxy(("127.0.0.1", self.gateway.port), http=True,
                                     forwarded_for=lambda _, a=address: a).open()
            self.addAsyncCleanup(proxy.close)
            one.url, one.proxy = proxy.url, proxy
            await one.resume()
            await one.hears(f"before {address}")
            await one.say(room, f"after {address}")
            await bot.hears(f"after {address}", by=one.nick)
        self.assertEqual(["JOIN"], self.comings(bot, one.nick))

    async def test_after_it_there_is_one_farewell_that_says_why(self):
        room = self.room()
        bot = await self.bot(room)
        one = await self.browser(room)
        await one.drop()
        farewell = await bot.sees("QUIT", one.nick, timeout=60)
        self.assertIn("onnection lost", farewell[2][-1])
        late = await self.bot(room)
        late.say(room, "anybody?")
        await bot.hears("anybody?")
        self.assertEqual(["JOIN", "QUIT"], self.comings(bot, one.nick))


live_classes(globals(), (InspIRCd,), (1, 3), History)
live_classes(globals(), IRC_SERVERS, (1,), Grace)
live_classes(globals(), IRC_SERVERS, (1,), Ghost)
live_classes(globals(), IRC_SERVERS, (1,), Banned)
live_classes(globals(), IRC_SERVERS, (1,), Absence)
del History, Ghost, Banned, Absence, Grace, FaultyStage, Stage, NextServer

if __name__ == "__main__":
    unittest.main()
