# SPDX-License-Identifier: GPL-3.0-or-later
"""draft/resume-0.5 before servers that do not have it: a page whose connection is gone comes back as the
same person in the same rooms, on whatever shard, and is told exactly what it missed; nobody else notices
anything."""

import asyncio
import unittest

from stage import Gateway, InspIRCd, Ngircd, live_classes
from people.raw_irc import RawIrc, text_of

CAP = "draft/resume-0.5"


class Returning:
    """A page that has agreed on the capability. `token` is the one it would come back with."""

    @staticmethod
    async def enter(gateway, nick, extra=""):
        page = await RawIrc.open(gateway, nick, protocols=["text.ircv3.net"])
        await page.send("CAP LS 302")
        await page.sees(CAP)
        await page.send(f"CAP REQ :{extra}{CAP}")
        await page.sees(" ACK ")
        page.token = (await page.sees("RESUME TOKEN ")).split()[-1]
        await page.send(f"NICK {nick}", f"USER {nick} 0 * :{nick}", "CAP END")
        await page.sees(f" 001 {nick} ")
        return page

    @staticmethod
    async def back(gateway, page, *more, token=None):
        """Another connection, with the token of a page that was here."""
        new = await RawIrc.open(gateway, page.nick, protocols=["text.ircv3.net"])
        await new.send("CAP LS 302", f"NICK {page.nick}x", "USER someone 0 * :else")
        await new.sees(" LS ")
        await new.send(f"CAP REQ :{CAP}", " ".join(["RESUME", token or page.token, *more]),
                       "CAP END")
        await new.sees("RESUME SUCCESS ")
        new.token = (await new.wait_for(
            lambda line: "RESUME TOKEN" in line and new.events.index(line) >
            new.events.index(next(e for e in new.events if "RESUME SUCCESS" in e)),
            what="the next token")).split()[-1]
        return new


def said_in(page, room):
    return [line.split(f"PRIVMSG {room} :")[1] for line in page.events
            if f"PRIVMSG {room} :" in line]


class ResumeStories:
    network_options = {"raw_clients": True}
    sessions = {"heartbeat_s": 25, "grace_s": 60}

    async def page(self, *rooms, gateway=None, **more):
        one = await Returning.enter(gateway or self.gateway, self.nick("web"), **more)
        self.leaving.append(one.close)
        for room in rooms:
            await one.join(room)
        return one

    async def back(self, page, *more, gateway=None, token=None):
        one = await Returning.back(gateway or self.gateway, page, *more, token=token)
        self.leaving.append(one.close)
        return one

    async def lose(self, page):
        page.cut()
        await page.is_closed()  # its kernel, too, takes nothing any more

    async def test_whoever_loses_the_connection_comes_back_to_all_he_missed(self):
        room = self.room()
        bot = await self.bot(room)
        page = await self.page(room)
        await bot.sees("JOIN", page.nick)
        mark, number, heard = bot.mark(), 0, []
        for _ in range(4):  # on another shard now and then
            bot.say(room, f"line {number}")
            await page.sees(f"PRIVMSG {room} :line {number}")
            heard += said_in(page, room)
            await page.send("PONG :x")  # with it goes the acknowledgement, which kernels delay
            await self.lose(page)
            for i in range(number + 1, number + 40):
                bot.say(room, f"line {i}")
            number += 40
            new = await self.back(page)
            self.assertIn(f"RESUME SUCCESS {page.nick}", next(
                e for e in new.events if "RESUME SUCCESS" in e))
            await new.sees(f" 001 {page.nick} ")
            await new.sees(f"JOIN {room}")
            await new.sees(f" 366 {page.nick} {room} ")
            await new.sees(f"PRIVMSG {room} :line {number - 1}")
            page = new
        heard += said_in(page, room)
        self.assertEqual([f"line {i}" for i in range(number)], heard)
        await page.send(f"PRIVMSG {room} :still here")
        await bot.hears("still here", by=page.nick)
        self.assertEqual([], [e for e in bot.events[mark:]
                              if e[1] in ("QUIT", "JOIN", "PART", "NICK")])

    async def test_what_was_on_the_way_when_the_connection_broke_is_told_again(self):
        room = self.room()
        bot = await self.bot(room)
        page = await self.page(room)
        await page.sees(f" 366 {page.nick} {room} ")
        page.stop_reading()  # soon its kernel takes nothing any more
        other = await self.page(room)
        await bot.say_all(room, [f"line {i} " + "x" * 300 for i in range(3000)], other.sees)
        await self.lose(page)
        new = await self.back(page)
        await new.sees(":line 2999 ")
        self.assertTrue(page.nick)
        numbers = [int(text.split()[1]) for text in said_in(new, room)]
        # Without a hole to the end; what its kernel had taken before is not told again.
        self.assertEqual(list(range(numbers[0], 3000)), numbers)
        self.assertLess(numbers[0], 3000)

    async def test_a_token_is_good_once_and_nobody_guesses_one(self):
        page = await self.page()
        await self.lose(page)
        new = await self.back(page)
        await new.send("PING :read")
        await new.sees(":read")
        forged = new.token[:-1] + ("A" if new.token[-1] != "A" else "B")

        async def refused(token):
            one = await RawIrc.open(self.gateway, self.nick())
            self.leaving.append(one.close)
            await one.send(f"RESUME {token}")
            await one.sees("FAIL RESUME INVALID_TOKEN ")
            # The login goes on.
            await one.send(f"NICK {one.nick}", f"USER {one.nick} 0 * :x")
            await one.sees(f" 001 {one.nick} ")

        await asyncio.gather(*map(refused, (page.token, forged, "x", ":")))
        await new.send("RESUME " + new.token)
        await new.sees("FAIL RESUME REGISTRATION_IS_COMPLETED ")

    async def test_who_never_read_the_next_token_comes_with_the_one_before(self):
        room = self.room()
        bot = await self.bot(room)
        page = await self.page(room)
        await bot.sees("JOIN", page.nick)
        token, mark = page.token, bot.mark()
        for _ in range(4):  # on another shard now and then
            await self.lose(page)
            page = await self.back(page, token=token)
        bot.say(room, "there")
        await page.sees(f"PRIVMSG {room} :there")
        told = page.events[next(i for i, line in enumerate(page.events) if "RESUME SUCCESS" in line):]
        self.assertEqual(1, len([line for line in told if "RESUME TOKEN " in line]))
        await page.send(f"PRIVMSG {room} :and here")
        await bot.hears("and here", by=page.nick)
        await self.lose(page)
        one = await RawIrc.open(self.gateway, self.nick())
        self.leaving.append(one.close)
        await one.send(f"RESUME {token}")
        await one.sees("FAIL RESUME INVALID_TOKEN ")
        await self.back(page)
        self.assertEqual([], [e for e in bot.events[mark:] if e[1] in ("QUIT", "JOIN", "PART", "NICK")])

    async def test_a_token_can_be_the_first_word(self):
        page = await self.page()
        await self.lose(page)
        one = await RawIrc.open(self.gateway, page.nick, protocols=["text.ircv3.net"])
        self.leaving.append(one.close)
        await one.send(f"RESUME {page.token}", f"NICK {self.nick()}", "USER x 0 * :x")
        await one.sees(f"RESUME SUCCESS {page.nick}")
        await one.send("PING :after")
        await one.sees(":after")
        self.assertEqual([], one.all(lambda line: " NICK " in line or " 462 " in line))

    async def test_the_old_connection_gives_way_though_nobody_missed_it(self):
        page = await self.page()
        new = await self.back(page)
        self.assertEqual(1000, (await page.is_closed())[0])
        await new.send("PING :after")
        await new.sees(":after")

    async def test_after_the_grace_time_there_is_one_quit(self):
        room = self.room()
        bot = await self.bot(room)
        with Gateway([self.server.network("net", raw_clients=True)],
                     sessions={"grace_s": 0.3}) as gateway:
            page = await self.page(room, gateway=gateway)
            await self.lose(page)
            gone = await bot.wait_for(lambda e: e[0] == page.nick and e[1] == "QUIT", what="QUIT")
            self.assertIn("Page closed", gone[2][-1])
            one = await RawIrc.open(gateway, page.nick)
            self.leaving.append(one.close)
            await one.send("RESUME " + page.token)
            await one.sees("FAIL RESUME INVALID_TOKEN ")

    async def test_who_leaves_is_not_waited_for(self):
        room = self.room()
        bot = await self.bot(room)

        async def say_quit(page):
            await page.send("QUIT :enough")

        async def close(page):
            await page.socket.close(code=1000)

        for leave, page in zip((say_quit, close),
                               await asyncio.gather(self.page(room), self.page(room))):
            await leave(page)
            await bot.wait_for(lambda e, n=page.nick: e[0] == n and e[1] == "QUIT", what="QUIT")

    async def test_a_page_loaded_again_is_waited_for(self):
        page = await self.page()
        await page.socket.close(code=1001)
        await self.back(page)

    async def test_brb_ends_the_connection_and_keeps_the_place(self):
        room = self.room()
        bot = await self.bot(room)
        page = await self.page(room)
        await page.send("BRB :new version")
        self.assertEqual("60", (await page.sees(" BRB ")).split()[-1])
        self.assertEqual(1000, (await page.is_closed())[0])
        bot.say(room, "meanwhile")
        new = await self.back(page)
        await new.sees(f"PRIVMSG {room} :meanwhile")

    async def test_the_capability_is_asked_for_with_others(self):
        page = await self.page(extra="multi-prefix ")
        ack = next(line for line in page.events if " ACK " in line)
        self.assertIn("multi-prefix", ack)
        self.assertIn(CAP, ack)
        # A set is taken as a whole or not at all.
        one = await RawIrc.open(self.gateway, self.nick())
        self.leaving.append(one.close)
        await one.send("CAP LS", f"CAP REQ :{CAP} no.such/thing")
        nak = text_of(await one.sees(" NAK "))
        self.assertIn(CAP, nak)
        self.assertEqual([], one.all(lambda line: "RESUME TOKEN" in text_of(line)))

    async def test_more_than_is_kept_is_told_as_lost(self):
        room = self.room()
        bot = await self.bot(room)
        with Gateway([self.server.network("net", raw_clients=True)],
                     sessions={"grace_s": 60, "outbox_bytes": 8192}) as gateway:
            page = await self.page(room, gateway=gateway)
            await self.lose(page)
            other = await self.page(room, gateway=gateway)
            await bot.say_all(room, [f"line {i} " + "x" * 200 for i in range(200)], other.sees)
            new = await self.back(page, gateway=gateway)
            await new.sees("WARN RESUME HISTORY_LOST ")
            await new.sees(":line 199 ")
            numbers = [int(text.split()[1]) for text in said_in(new, room)]
            self.assertEqual(list(range(numbers[0], 200)), numbers)
            self.assertGreater(numbers[0], 100)

    async def test_behind_a_proxy_only_the_answer_to_a_ping_is_a_delivery(self):
        room = self.room()
        bot = await self.bot(room)
        with Gateway([self.server.network("net", raw_clients=True)],
                     sessions={"grace_s": 60, "heartbeat_s": 0.3},
                     http={"trusted_proxies": ["127.0.0.1/32"]}) as gateway:
            page = await self.page(room, gateway=gateway)
            page.stop_reading()  # takes all, answers nothing
            for i in range(20):
                bot.say(room, f"line {i}")
            await self.counts(gateway, "halley_raw_absent", 1)
            new = await self.back(page, gateway=gateway)
            await new.sees(":line 19")
            self.assertEqual([f"line {i}" for i in range(20)], said_in(new, room))

    async def counts(self, gateway, name, value):
        """Until the gateway counts so many; it tells nobody, so it is asked again and again."""
        async def until():
            while (await asyncio.to_thread(gateway.metrics))[name] != value:
                await asyncio.sleep(0.05)

        await asyncio.wait_for(until(), 60)


live_classes(globals(), (Ngircd,), (1,), ResumeStories, echo=False)
live_classes(globals(), (InspIRCd,), (3,), ResumeStories)

if __name__ == "__main__":
    unittest.main()
