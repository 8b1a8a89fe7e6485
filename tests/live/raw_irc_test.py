# SPDX-License-Identifier: GPL-3.0-or-later
"""IRC over WebSocket on real servers that have no web port: what the specification says, and one test
for each defect that was found in the gateway most in use (kiwiirc/webircgateway)."""

import asyncio
import unittest

import aiohttp

from stage import Gateway, InspIRCd, Ngircd, live_classes
from people.raw_irc import RawIrc, text_of

TEXT, BINARY = "text.ircv3.net", "binary.ircv3.net"


class RawIrcStories:
    network_options = {"raw_clients": True}
    sessions = {"heartbeat_s": 25}

    async def page(self, *rooms, gateway=None, stem="web", **more):
        one = await RawIrc.register(gateway or self.gateway, self.nick(stem), **more)
        self.leaving.append(one.close)
        for room in rooms:
            await one.join(room)
        return one

    # --- the specification ------------------------------------------------------------------------
    async def test_of_two_subprotocols_the_first_is_taken(self):
        cases = (((BINARY, TEXT), BINARY), ((TEXT, BINARY), TEXT), (("xmpp", TEXT), TEXT), ((), None))
        for (offered, agreed), one in zip(cases, await asyncio.gather(
                *(self.page(protocols=offered) for offered, _ in cases))):
            with self.subTest(offered=offered):
                self.assertEqual(agreed, one.socket.protocol)

    async def test_frames_are_of_the_kind_agreed(self):
        cases = ((BINARY, bytes), (TEXT, str), (None, str))
        for (agreed, kind), one in zip(cases, await asyncio.gather(
                *(self.page(protocols=[agreed] if agreed else []) for agreed, _ in cases))):
            with self.subTest(agreed=agreed):
                self.assertEqual({kind}, {type(frame) for frame in one.events})

    async def test_one_frame_is_one_line_without_its_end(self):
        room = self.room()
        one = await self.page(room)
        for frame in one.events:
            self.assertNotIn("\n", text_of(frame))
            self.assertNotIn("\r", text_of(frame))
            self.assertTrue(frame)

    async def test_what_is_no_utf8_is_repaired_in_text_and_untouched_in_binary(self):
        room = self.room()
        bot, text, binary = await asyncio.gather(
            self.bot(room), self.page(room, protocols=[TEXT]), self.page(room, protocols=[BINARY]))
        bot.send_bytes(f"PRIVMSG {room} :caf".encode() + b"\xe9 " + b"\xe9" * 380)
        self.assertIn(b":caf\xe9 ", await binary.sees(f"PRIVMSG {room} :caf"))
        line = await text.sees(f"PRIVMSG {room} :caf")
        self.assertIn(":caf\ufffd ", line)
        self.assertLessEqual(len(line.encode()), 510)

    async def test_talk_goes_both_ways(self):
        room = self.room()
        bot, one = await asyncio.gather(self.bot(room), self.page(room))
        await one.send(f"PRIVMSG {room} :from the page, \u00fcml\u00e4ut")
        await bot.hears("from the page, \u00fcml\u00e4ut", by=one.nick)
        bot.say(room, "to the page")
        await one.sees(f"PRIVMSG {room} :to the page")

    async def test_why_the_server_closed_is_told(self):
        one = await self.page()
        await one.send("QUIT :good bye")
        self.assertTrue((await one.sees("ERROR :")).startswith("ERROR :"))
        code, reason = await one.is_closed()
        self.assertEqual(1000, code)
        self.assertTrue(reason)

    async def test_an_unknown_network_is_refused_and_no_host_can_be_named(self):
        for name in ("nowhere", "127.0.0.1:6667", "irc.example.org"):
            with self.subTest(name=name):
                with self.assertRaises(aiohttp.WSServerHandshakeError) as refused:
                    await RawIrc.open(self.gateway, network=name)
                self.assertEqual(404, refused.exception.status)

    # --- the defects of webircgateway -------------------------------------------------------------
    async def test_a_message_over_1024_bytes_stays_one_line(self):
        one = await self.page()
        await one.send("@+example=" + "v" * 1500 + f" PRIVMSG {one.nick} :whole")
        await one.send("PING :after")
        if self.echo:
            await one.sees("PRIVMSG " + one.nick + " :whole")
            await one.sees(":after")
        else:
            # ngIRCd knows no tags and says so itself; the line came to it in one piece.
            await one.sees("ERROR :Request too long")
        self.assertEqual([], one.all(lambda line: " 421 " in text_of(line)))

    async def test_a_line_break_in_a_frame_reaches_nobody(self):
        frames = ("PRIVMSG #a :x\r\nQUIT :injected", "PING :a\nJOIN #b", "PING :a\0b")
        for frame, one in zip(frames, await asyncio.gather(*(self.page() for _ in frames))):
            with self.subTest(frame=frame):
                await one.send(frame)
                code, _ = await one.is_closed()
                self.assertEqual(1008, code)
                self.assertTrue(one.all(lambda line: text_of(line).startswith("ERROR :")))

    async def test_a_page_that_is_closed_quits_at_once_with_a_reason(self):
        room = self.room()
        bot, closed, cut = await asyncio.gather(self.bot(room), self.page(room), self.page(room))
        for one in (closed, cut):
            await (one.socket.close() if one is closed else self.cut(one))
            quit_line = await bot.wait_for(lambda e, n=one.nick: e[0] == n and e[1] == "QUIT",
                                           what="QUIT")
            self.assertIn("Page closed", quit_line[2][-1])

    async def cut(self, one):
        one.cut()

    async def test_a_hundred_lines_before_the_server_is_there(self):
        one = await RawIrc.open(self.gateway, self.nick())
        self.leaving.append(one.close)
        await one.send("CAP LS 302", f"NICK {one.nick}", f"USER {one.nick} 0 * :x",
                       *(f"CAP REQ :halley.test/{i}" for i in range(100)), "CAP END")
        for i in (0, 50, 99):
            await one.sees(f"NAK :halley.test/{i}")

    async def test_an_empty_last_parameter_and_an_equals_sign_arrive_as_sent(self):
        room = self.room()
        one = await self.page(room)  # the first may set the topic
        other = await self.page(room)
        await one.send(f"TOPIC {room} :a=b==c", f"TOPIC {room} :")
        await other.sees(f"TOPIC {room} :a=b==c")
        self.assertTrue((await other.wait_for(
            lambda line: text_of(line).endswith(f"TOPIC {room} :"), what="an empty topic")))

    async def test_who_said_it_the_modes_and_the_tags_arrive_as_sent(self):
        room = self.room()
        one = await self.page(room)  # the first may set modes
        other = await self.page(room)
        await one.send(f"MODE {room} +v {other.nick}", f"MODE {room} +k key")
        for mode in (f"+v {other.nick}", "+k key"):
            await other.wait_for(lambda line, end=f" MODE {room} {mode}":
                                 text_of(line).replace(" :", " ").endswith(end), what=mode)
        if self.echo:  # ngIRCd has no tags
            for page in (one, other):
                await page.send("CAP REQ :message-tags")
                await page.sees(" ACK :message-tags")
        tags = [f"+example=a=b=={i}" for i in range(60)]
        for i, tag in enumerate(tags):
            await one.send((f"@{tag} " if self.echo else "") + f"PRIVMSG {room} :tagged {i}")
        await other.sees(f" PRIVMSG {room} :tagged {len(tags) - 1}")
        said = [text_of(line) for line in other.events if f"PRIVMSG {room} :tagged" in text_of(line)]
        self.assertEqual(len(tags), len(said))
        for i, (tag, line) in enumerate(zip(tags, said)):
            if self.echo:
                self.assertIn(tag, line.split(" ")[0].removeprefix("@").split(";"))
                line = line.partition(" ")[2]
            self.assertRegex(line, rf"^:{one.nick}!~?\w+@127\.0\.0\.1 PRIVMSG {room} :tagged {i}$")

    async def test_a_page_that_talks_faster_than_its_server_reads_loses_nothing(self):
        room = self.room()
        bot, one = await asyncio.gather(self.bot(room), self.page(room))
        lines = [f"line {i}" for i in range(400)]
        self.server.pause()
        try:
            await one.send(*(f"PRIVMSG {room} :{line}" for line in lines))
            await one.socket.ping()
        finally:
            self.server.resume()
        await bot.hears(lines[-1])
        self.assertEqual(lines, [e[2][-1] for e in bot.events if e[1] == "PRIVMSG"])

    async def test_nobody_gets_in_under_the_gateways_address_when_webirc_fails(self):
        network = {**self.server.network("net", raw_clients=True), "webirc_password": "wrong"}
        with Gateway([network]) as gateway:
            one = await RawIrc.open(gateway, self.nick())
            self.leaving.append(one.close)
            await one.send(f"NICK {one.nick}", f"USER {one.nick} 0 * :x")
            await one.is_closed()
            self.assertEqual([], [line for line in one.events if " 001 " in text_of(line)])

    async def test_no_page_says_webirc_itself(self):
        one = await RawIrc.open(self.gateway, self.nick())
        self.leaving.append(one.close)
        await one.send("WEBIRC gateway-secret x 192.0.2.66 192.0.2.66")
        self.assertEqual(1008, (await one.is_closed())[0])

    async def test_the_visitors_address_is_the_last_that_no_trusted_proxy_wrote(self):
        network = self.server.network("net", raw_clients=True)
        with Gateway([network], http={"trusted_proxies": ["127.0.0.1/32", "203.0.113.9"]}) as gateway:
            one = await self.page(gateway=gateway, headers={
                "X-Forwarded-For": "198.51.100.66, 192.0.2.33, 203.0.113.9"})
            bot = await self.bot(self.room())
            await one.send("JOIN " + bot.nick.replace("bot", "#see"))
            joined = await one.sees(" JOIN ")
            self.assertIn("192.0.2.33", joined.split()[0])

    async def test_the_origin_is_checked(self):
        with Gateway([self.server.network("net", raw_clients=True)],
                     http={"origins": ["https://chat.example.org"],
                           "allow_missing_origin": False}) as gateway:
            good = await RawIrc.open(gateway, headers={"Origin": "https://chat.example.org"})
            await good.close()
            for origin in ({}, {"Origin": "https://evil.example.org"}, {"Origin": "null"}):
                with self.subTest(origin=origin):
                    with self.assertRaises(aiohttp.WSServerHandshakeError) as refused:
                        await RawIrc.open(gateway, headers=origin)
                    self.assertEqual(403, refused.exception.status)

    async def test_a_page_that_is_dead_is_noticed(self):
        room = self.room()
        bot = await self.bot(room)
        with Gateway([self.server.network("net", raw_clients=True)],
                     sessions={"heartbeat_s": 0.2}) as gateway:
            one = await self.page(room, gateway=gateway)
            one.stop_reading()  # no pong any more
            await bot.wait_for(lambda e: e[0] == one.nick and e[1] == "QUIT", what="QUIT")

    async def test_a_quiet_server_is_asked_and_its_answer_kept_back(self):
        with Gateway([self.server.network("net", raw_clients=True, keepalive_s=1)],
                     sessions={"heartbeat_s": 0.2}) as gateway:
            one = await self.page(gateway=gateway)
            # A server that stops answering is noticed: it must have been asked.
            self.server.pause()
            try:
                code, _ = await one.is_closed()
            finally:
                self.server.resume()
            self.assertEqual(1001, code)
            self.assertEqual([], [line for line in one.events if "are-you-there" in text_of(line)])

    async def test_a_slow_page_loses_nothing(self):
        room = self.room()
        bot, one, quick = await asyncio.gather(self.bot(room), self.page(room), self.page(room))
        one.stop_reading()
        await bot.say_all(room, [f"line {i} " + "x" * 200 for i in range(3000)], quick.sees)
        one.read_again()
        await one.sees(":line 2999 ")
        seen = [text_of(line).split(" :line ")[1].split()[0] for line in one.events
                if " :line " in text_of(line)]
        self.assertEqual([str(i) for i in range(3000)], seen)

    async def test_a_page_that_pings_and_never_reads_the_answers_is_ended(self):
        one = await self.page()
        one.stop_reading()
        with self.assertRaises(ConnectionError):
            for _ in range(400_000):  # 50 MB: several times what both kernels keep
                await one.socket.ping(b"." * 125)

    async def test_places_are_shared_with_sessions_and_given_back(self):
        with Gateway([self.server.network("net", raw_clients=True)],
                     sessions={"per_address": 2, "detached_per_address": 2}) as gateway:
            one = await self.page(gateway=gateway)
            await self.page(gateway=gateway)
            with self.assertRaises(aiohttp.WSServerHandshakeError) as refused:
                await RawIrc.open(gateway)
            self.assertEqual(429, refused.exception.status)
            await one.socket.close()
            await one.is_closed()
            await asyncio.gather(self.page(gateway=gateway))


class ClosedNetworks(unittest.IsolatedAsyncioTestCase):
    async def test_a_network_is_closed_to_raw_clients_unless_its_settings_open_it(self):
        with Ngircd() as server, Gateway([server.network("net")]) as gateway:
            with self.assertRaises(aiohttp.WSServerHandshakeError) as refused:
                await RawIrc.open(gateway)
            self.assertEqual(404, refused.exception.status)

    async def test_the_next_server_of_the_list_is_tried(self):
        with InspIRCd() as server:
            network = server.network("net", raw_clients=True)
            network["servers"] = ["127.0.0.1:1"] * 3 + network["servers"]
            with Gateway([network]) as gateway:
                for one in await asyncio.gather(
                        *(RawIrc.register(gateway, f"next{i}") for i in range(4))):
                    await one.close()

    async def test_a_server_that_is_not_there_is_told_in_words(self):
        with Ngircd() as server:
            network = server.network("net", raw_clients=True, servers=["127.0.0.1:1"])
            with Gateway([network]) as gateway:
                one = await RawIrc.open(gateway)
                # A first word might be a RESUME, which needs no server.
                await one.send("CAP LS 302")
                self.assertIn("refused the connection", text_of(await one.sees("ERROR :")))
                code, reason = await one.is_closed()
                self.assertEqual(1001, code)
                self.assertIn("refused the connection", reason)
                await one.close()


live_classes(globals(), (Ngircd,), (1,), RawIrcStories, echo=False)
live_classes(globals(), (InspIRCd,), (2,), RawIrcStories)

if __name__ == "__main__":
    unittest.main()
