# SPDX-License-Identifier: GPL-3.0-or-later
"""Browsers and people on ngIRCd and InspIRCd, over every carrier, with one shard and with three."""

import unittest

from stage import IRC_SERVERS, SHARDS, Bot, live_classes
from conversation import Conversation


class IrcWords:
    """What only IRC has."""

    async def test_mirc_colours_become_spans(self):
        room = self.room()
        person, browsers = await self.together(room)
        await person.say(room, "\x02bold\x02 \x034,1red on black\x03 \x1ditalic\x1d plain\x0f")
        for one in browsers:
            said = await one.hears("bold red on black italic plain", by=person.nick)
            bold, red, italic = said["spans"]
            self.assertEqual((0, 4, True), (bold["start"], bold["length"], bold["bold"]))
            self.assertEqual((5, 12), (red["start"], red["length"]))
            self.assertEqual("#ff0000", red["fg"].lower())
            self.assertEqual("#000000", red["bg"].lower())
            self.assertEqual((18, 6, True), (italic["start"], italic["length"], italic["italic"]))

    async def test_spans_count_utf16_units(self):
        room = self.room()
        person, browsers = await self.together(room)
        await person.say(room, "😀 \x02fett\x02")
        for one in browsers:
            said = await one.hears("😀 fett", by=person.nick)
            self.assertEqual([{"start": 3, "length": 4, "bold": True}], said["spans"])

    async def test_a_notice_is_a_notice(self):
        room = self.room()
        person, browsers = await self.together(room)
        await person.notice(room, "take note")
        for one in browsers:
            await one.hears("take note", by=person.nick, kind="notice")
        await browsers[0].say(room, "noted", kind="notice")
        await person.hears("noted", by=browsers[0].nick, kind="notice")

    async def test_private_words_reach_only_the_two(self):
        room = self.room()
        person, browsers = await self.together(room)
        for one in browsers:
            await one.say(person.nick, "psst, it is " + one.nick)
            await person.hears("psst, it is " + one.nick, by=one.nick)
            await person.say(one.nick, "I hear you, " + one.nick)
            said = await one.hears("I hear you, " + one.nick, by=person.nick)
            self.assertEqual(person.nick, said["with"])
            self.assertNotIn("room", said)
        for one in browsers:
            for other in browsers:
                if other is not one:
                    self.assertFalse(other.all(lambda e: e["ev"] == "said"
                                               and one.nick in e["text"]))

    async def test_a_browser_that_opened_the_room_may_set_its_topic_and_kick(self):
        room = self.room()
        one = await self.browser(room)
        person = await self.person(room)
        await self.sees_member(one, room, person.nick)
        await one.must("topic", room=room, text="set by a browser")
        await person.wait_for(lambda e: e[0] == "topic" and e[-1] == "set by a browser",
                              what="the topic")
        await one.must("kick", room=room, nick=person.nick, text="go")
        await person.wait_for(lambda e: e[0] == "kicked" and e[3] == person.nick, what="the kick")

    async def test_text_that_is_no_utf8_is_repaired_and_nothing_ends(self):
        room = self.room()
        bot = await self.bot(room)
        browsers = await self.browsers(room)
        bot.send_bytes(b"PRIVMSG " + room.encode() + b" :caf\xe9 \xff\xfe")
        bot.say(room, "clean again")
        for one in browsers:
            await one.hears("clean again", by=bot.nick)
            odd, _ = one.said(room)
            self.assertTrue(odd["text"].startswith("caf"))

    async def test_a_visitor_has_the_address_of_the_browser_leg(self):
        room = self.room()
        one = await self.browser(room)
        bot = await self.bot(room)
        bot.send(f"WHOIS {one.nick}")
        await bot.wait_for(lambda e: e[1] == "318", what="the end of whois")
        known = [e for e in bot.events if e[1] == "311"]
        self.assertEqual("127.0.0.1", known[0][2][3].replace("localhost", "127.0.0.1"))


live_classes(globals(), IRC_SERVERS, SHARDS, Conversation, IrcWords)

if __name__ == "__main__":
    unittest.main()
