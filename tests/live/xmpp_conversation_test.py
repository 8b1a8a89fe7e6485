# SPDX-License-Identifier: GPL-3.0-or-later
"""Browsers and people on Prosody, over every carrier, with one shard and with three."""

import unittest

from stage import CARRIERS, SHARDS, XMPP_SERVERS, live_classes
from conversation import Conversation


class XmppWords:
    """What only XMPP has."""

    async def test_an_account_logs_in_and_is_reached_by_its_name(self):
        person = await self.person()
        for carrier in CARRIERS:
            account = self.nick("eva")
            self.server.add_account(account, "secret")
            jid = f"{account}@{self.server.domain}"
            one = await self.browser(carrier=carrier, account=jid, password="secret")
            await one.must("ping")  # its presence has arrived before
            await person.say(jid, "hello " + account)
            said = await one.hears("hello " + account)
            await one.say(said["with"], "hello person")
            await person.hears("hello person")
            person.events.clear()

    async def test_a_wrong_password_is_final_and_says_so(self):
        account = self.nick("eva")
        self.server.add_account(account, "secret")
        for carrier in CARRIERS:
            one = await self.browser(carrier=carrier, account=f"{account}@{self.server.domain}",
                                     password="wrong", online=False)
            offline = await one.wait_for(lambda e: e["ev"] == "offline", what="offline")
            self.assertEqual("sasl", offline["step"])
            self.assertEqual("bad_password", offline["error"]["code"])
            self.assertTrue(offline["final"])

    async def test_private_words_in_a_room_reach_only_the_two(self):
        room = self.room()
        person, (one, other, *_) = await self.together(room)
        await one.say(f"{room}/{other.nick}", "psst")
        said = await other.hears("psst")
        self.assertNotIn("room", said)
        await other.say(said["with"], "yes?")
        await one.hears("yes?")
        self.assertFalse(person.all(lambda e: e[0] == "said" and e[3] in ("psst", "yes?")))

    async def test_every_line_has_the_id_the_room_gave_it(self):
        room = self.room()
        person, browsers = await self.together(room)
        await person.say(room, "with an id")
        ids = {(await one.hears("with an id"))["id"] for one in browsers}
        self.assertEqual(1, len(ids))


live_classes(globals(), XMPP_SERVERS, SHARDS, Conversation, XmppWords)

if __name__ == "__main__":
    unittest.main()
