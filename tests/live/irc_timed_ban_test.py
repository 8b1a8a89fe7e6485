# SPDX-License-Identifier: GPL-3.0-or-later
"""Bans that end by themselves, on servers that have them and on servers that have not."""

import unittest

from stage import InspIRCd, Ngircd, Stage

# InspIRCd looks for bans that are over now and then.
SHORT = 1000  # ms
LONG = 3600 * 1000


def changes_a_ban(event, is_set):
    return event["ev"] == "mode" and any(
        change["mode"] == "b" and change["set"] == is_set for change in event["changes"])


async def features_of(browser):
    return (await browser.wait_for(lambda e: e["ev"] == "online", what="online"))["features"]


class InspIRCdWithout(InspIRCd):
    left_out = ("timedbans",)


class TimedBans(Stage):
    server_class = InspIRCd

    async def led_room(self):
        """A room, the browser that leads it, and a bot in it."""
        room = self.room()
        one = await self.browser(room)
        bot = await self.bot(room)
        await self.sees_member(one, room, bot.nick)
        return room, one, bot

    def bans(self, one, is_set):
        return one.all(lambda e: changes_a_ban(e, is_set))

    async def test_a_ban_with_an_end_is_set_and_lifted_by_the_network(self):
        room, one, bot = await self.led_room()
        self.assertIn("timed_ban", await features_of(one))
        await one.must("mode", room=room, ban=bot.nick, set=True, lasts=SHORT)
        (ban,) = self.bans(one, True)
        self.assertEqual(one.nick, ban["from"])
        await one.wait_for(lambda e: changes_a_ban(e, False), what="the end of the ban")
        (end,) = self.bans(one, False)
        self.assertEqual(ban["changes"][0]["value"], end["changes"][0]["value"])

    async def test_who_is_banned_for_an_hour_does_not_come_in_until_it_is_lifted(self):
        room, one, bot = await self.led_room()
        await one.must("mode", room=room, ban=bot.nick, set=True, lasts=LONG)
        mask = self.bans(one, True)[0]["changes"][0]["value"]
        await one.must("kick", room=room, nick=bot.nick)
        bot.send(f"JOIN {room}")
        await bot.wait_for(lambda e: e[1] == "474", what="the refusal")
        await one.must("mode", room=room, ban=mask, set=False)
        mark = bot.mark()
        bot.send(f"JOIN {room}")
        await bot.wait_for(lambda e: e[1] == "366", after=mark, what="the members")

    async def test_a_ban_that_is_there_already_is_no_success(self):
        room, one, bot = await self.led_room()
        await one.must("mode", room=room, ban=bot.nick, set=True, lasts=LONG)
        again = await one.do("mode", room=room, ban=bot.nick, set=True, lasts=LONG)
        self.assertEqual("refused", again["error"]["code"])

    async def test_who_does_not_lead_a_room_is_told_so(self):
        room, one, _ = await self.led_room()
        other = await self.browser(room)
        answer = await other.do("mode", room=room, ban=one.nick, set=True, lasts=LONG)
        self.assertEqual("no_privilege", answer["error"]["code"])

    async def test_the_second_visitor_knows_it_without_asking(self):
        one = await self.browser()
        other = await self.browser()
        for browser in (one, other):
            self.assertIn("timed_ban", await features_of(browser))


class NoTimedBans(Stage):
    server_class = InspIRCdWithout

    async def test_where_no_ban_ends_by_itself_that_is_no_feature_and_is_refused(self):
        room = self.room()
        one = await self.browser(room)
        self.assertNotIn("timed_ban", await features_of(one))
        answer = await one.do("mode", room=room, ban="somebody", set=True, lasts=LONG)
        self.assertEqual("not_supported", answer["error"]["code"])
        self.assertFalse(one.all(lambda e: e["ev"] == "mode" and not e.get("initial")))


class NoTimedBansOnNgircd(NoTimedBans):
    server_class = Ngircd


if __name__ == "__main__":
    unittest.main()
