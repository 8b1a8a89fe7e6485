# SPDX-License-Identifier: GPL-3.0-or-later
"""The lists of a room beside its bans, bans of an account, and a limit to how fast people write: on
servers that have them and on servers that have not."""

import asyncio
import unittest

from stage import InspIRCd, Ngircd, Prosody, Stage
from servers import InspIRCdWithAccounts


async def features_of(browser):
    return (await browser.wait_for(lambda e: e["ev"] == "online", what="online"))["features"]


class Lists:
    lists = ("bans", "exceptions", "invites")
    somebody = "*!*@example.net"

    async def masks(self, one, room, name):
        answer = await one.must("mode", room=room, list=name)
        return [entry["mask"] for entry in answer["list"]]

    async def test_a_list_is_told_and_changed(self):
        room = self.room()
        one = await self.browser(room)
        for name in self.lists:
            with self.subTest(name):
                feature = {"bans": "ban_list"}.get(name, name[:-1] + "_list")
                self.assertIn(feature, await features_of(one))
                self.assertEqual([], await self.masks(one, room, name))
                await one.must("mode", room=room, list=name, who=self.somebody, set=True)
                self.assertEqual([self.somebody], await self.masks(one, room, name))
        for name in self.lists:  # each has its own
            await one.must("mode", room=room, list=name, who=self.somebody, set=False)
            self.assertEqual([], await self.masks(one, room, name))

    async def test_who_does_not_lead_a_room_changes_no_list(self):
        room = self.room()
        await self.browser(room)
        other = await self.browser(room)
        for name in self.lists:
            answer = await other.do("mode", room=room, list=name, who=self.somebody, set=True)
            self.assertEqual("no_privilege", answer["error"]["code"])


class IrcLists(Lists):
    async def test_lists_asked_for_at_once_are_not_mixed_up(self):
        room = self.room()
        one = await self.browser(room)
        for name in self.lists:
            await one.must("mode", room=room, list=name, who=f"{name}!*@*", set=True)
        told = await asyncio.gather(*(self.masks(one, room, name) for name in self.lists))
        self.assertEqual([[f"{name}!*@*"] for name in self.lists], told)

    async def test_who_is_spared_comes_in_though_all_are_banned(self):
        room = self.room()
        one = await self.browser(room)
        bot = await self.bot()
        await one.must("mode", room=room, list="bans", who="*!*@*", set=True)
        bot.send(f"JOIN {room}")
        await bot.wait_for(lambda e: e[1] == "474", what="the refusal")
        await one.must("mode", room=room, list="exceptions", who=bot.nick, set=True)
        bot.send(f"JOIN {room}")
        await self.sees_member(one, room, bot.nick)

    async def test_who_is_on_the_list_of_invited_comes_in_though_few_may(self):
        room = self.room()
        one = await self.browser(room)
        bot = await self.bot()
        await one.must("mode", room=room, changes=[{"set": True, "mode": "i"}])
        bot.send(f"JOIN {room}")
        await bot.wait_for(lambda e: e[1] == "473", what="the refusal")
        await one.must("mode", room=room, list="invites", who=bot.nick, set=True)
        bot.send(f"JOIN {room}")
        await self.sees_member(one, room, bot.nick)

    async def test_whom_an_entry_would_meet_is_told_before_it_is_made(self):
        room = self.room()
        one = await self.browser(room)
        first, second = await self.bot(room), await self.bot(room)
        for bot in (first, second):
            await self.sees_member(one, room, bot.nick)
        met = await one.must("mode", room=room, list="bans", who=first.nick)
        nicks = {entry["mask"] for entry in met["list"]}  # they have one address
        self.assertLessEqual({first.nick, second.nick}, nicks)
        met = await one.must("mode", room=room, list="bans", who=first.nick.upper() + "!*@*")
        self.assertEqual([first.nick], [entry["mask"] for entry in met["list"]])
        self.assertEqual([], await self.masks(one, room, "bans"))


class ListsOnInspIRCd(IrcLists, Stage):
    server_class = InspIRCd

    async def test_who_writes_too_fast_in_a_slow_room_is_removed(self):
        room = self.room()
        one = await self.browser(room)
        bot = await self.bot(room)
        await self.sees_member(one, room, bot.nick)
        self.assertIn("slow", await features_of(one))
        await one.must("mode", room=room, slow=600)
        bot.send(f"PRIVMSG {room} :one", f"PRIVMSG {room} :two")
        await one.wait_for(lambda e: e["ev"] == "kicked" and e["who"] == bot.nick, what="the kick")
        await one.must("mode", room=room, slow=0)
        bot.send(f"JOIN {room}", f"PRIVMSG {room} :three", f"PRIVMSG {room} :four")
        await one.wait_for(lambda e: e["ev"] == "said" and e["text"] == "four", what="the line")


class ListsOnNgircd(IrcLists, Stage):
    server_class = Ngircd

    async def test_what_the_network_lacks_is_no_feature_and_is_refused(self):
        room = self.room()
        one = await self.browser(room)
        features = await features_of(one)
        for feature, more in (("slow", {"slow": 10}),
                              ("account_ban", {"ban": "zoe", "by": "account"})):
            self.assertNotIn(feature, features)
            answer = await one.do("mode", room=room, **more)
            self.assertEqual("not_supported", answer["error"]["code"])


class ListsOnProsody(Lists, Stage):
    server_class = Prosody
    lists = ("bans", "invites")
    somebody = "romeo@alpha.test"

    async def test_what_the_network_lacks_is_no_feature_and_is_refused(self):
        room = self.room()
        one = await self.browser(room)
        features = await features_of(one)
        for feature, more in (("slow", {"slow": 10}), ("exception_list", {"list": "exceptions"})):
            self.assertNotIn(feature, features)
            answer = await one.do("mode", room=room, **more)
            self.assertEqual("not_supported", answer["error"]["code"])


class AccountBans(Stage):
    server_class = InspIRCdWithAccounts

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server.add_account("zoe", "secret")

    async def test_an_account_is_banned_and_others_of_the_same_address_are_not(self):
        room = self.room()
        one = await self.browser(room)
        self.assertIn("account_ban", await features_of(one))
        zoe = await self.browser(room, account="zoe", password="secret")
        guest = await self.browser(room)
        for other in (zoe, guest):
            await self.sees_member(one, room, other.nick)
        met = await one.must("mode", room=room, list="bans", who="zoe", by="account")
        self.assertEqual([zoe.nick], [entry["mask"] for entry in met["list"]])
        await one.must("mode", room=room, ban="zoe", by="account", set=True)
        (ban,) = one.all(lambda e: e["ev"] == "mode" and e["changes"][0]["mode"] == "b")
        for other in (zoe, guest):
            await other.must("part", room=room)
        answer = await zoe.do("join", room=room)
        self.assertEqual("banned", answer["error"]["code"])
        await guest.must("join", room=room)
        await one.must("mode", room=room, ban=ban["changes"][0]["value"], set=False)
        await zoe.must("join", room=room)


if __name__ == "__main__":
    unittest.main()
