# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts on IRC: SASL on a real server with real services (InspIRCd and Atheme)."""

import unittest

from faulty_stage import FaultyStage
from servers import InspIRCdWithAccounts


class Accounts(FaultyStage):
    server_class = InspIRCdWithAccounts

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server.add_account("zoe", "secret")

    async def test_an_account_is_logged_in_before_anybody_sees_it(self):
        room = self.room()
        bot = await self.bot(room)
        one = await self.browser(room, account="zoe", password="secret")
        online = await one.sees("online")
        self.assertEqual("zoe", online["account"])
        mark = bot.mark()
        bot.send(f"WHOIS {one.nick}")
        await bot.wait_for(lambda e: e[1] == "318", after=mark, what="the end of whois")
        (account,) = bot.all(lambda e: e[1] == "330", after=mark)
        self.assertEqual("zoe", account[2][2])

    async def test_a_wrong_password_is_final_and_nobody_gets_in(self):
        bot = await self.bot()
        before = sum(proxy.count["connections"] for proxy in self.net)
        one = await self.browser(account="zoe", password="wrong", online=False)
        closing = await one.sees("closing")
        self.assertEqual(("bad_password", "password"),
                         (closing["error"]["code"], closing["error"]["field"]))
        self.assertEqual("sasl", (await one.sees("offline"))["step"])
        self.assertEqual(before + 1, sum(proxy.count["connections"] for proxy in self.net))
        bot.send(f"ISON {one.nick}")
        ison = await bot.wait_for(lambda e: e[1] == "303", what="ISON")
        self.assertEqual("", ison[2][-1].strip())
        await one.drop()

    async def test_after_a_loss_the_account_is_there_again(self):
        room = self.room()
        person = await self.person(room)
        one = await self.browser(room, account="zoe", password="secret")
        mark = one.mark()
        (leg,) = self.legs()
        leg.reset()
        await self.back_from(one, mark, room)
        online = one.all(lambda e: e["ev"] == "online", after=mark)[-1]
        self.assertEqual(("zoe", one.nick), (online["account"], online["nick"]))
        await one.say(room, "still zoe")
        await person.hears("still zoe", by=one.nick)

    async def test_a_password_that_was_good_once_outlives_an_outage_of_the_services(self):
        room = self.room()
        await self.person(room)
        one = await self.browser(room, account="zoe", password="secret")
        mark = one.mark()
        self.server.services.terminate()  # saves the accounts
        try:
            (leg,) = self.legs()
            leg.reset()
            offline = await one.wait_for(lambda e: e["ev"] == "offline" and e["step"] == "sasl", 60,
                                         mark, "an attempt without services")
            self.assertFalse(offline.get("final", False))
            self.assertEqual([], one.all(lambda e: e["ev"] == "online", after=mark))
        finally:
            self.server.services.start().wait_until_linked()
        await self.back_from(one, mark, room)
        self.assertEqual("zoe", one.all(lambda e: e["ev"] == "online", after=mark)[-1]["account"])


del FaultyStage

if __name__ == "__main__":
    unittest.main()
