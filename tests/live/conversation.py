# SPDX-License-Identifier: GPL-3.0-or-later
"""One story for every network: browsers on each carrier and a person at an ordinary client talk in a
room. Nothing here knows which kind of network it is; that is the point."""

import asyncio

TEXTS = [
    "plain words",
    "Ελληνικά и кириллица",
    "中文，日本語、한국어",
    "עברית משמאל לימין (abc) 123",
    "العربية مع English في السطر",
    "\u202eforced right to left\u202c and back",
    "हिन्दी தமிழ் ไทย",
    "👩‍👩‍👧‍👦 🏳️‍🌈 🇩🇪 😀",
    "e\u0301 versus é, Zalgo: z\u0300\u0301\u0302\u0303",
    "three   spaces   inside",
    '<b>"quotes" & \'angles\'</b> \\ backslash',
    "/slash at the front? no: this is a text",
    "%s %n %x {0} ${1}",
    "https://example.org/?a=1&b=2#c",
]


def squeezed(text):
    return "".join(text.split())


class Conversation:
    async def test_a_line_of_a_person_arrives_over_every_carrier(self):
        room = self.room()
        person, browsers = await self.together(room)
        await person.say(room, "hello all of you")
        for one in browsers:
            said = await one.hears("hello all of you", by=person.nick, room=room)
            self.assertEqual(room, said["room"])
            self.assertGreater(said["at"], 1_600_000_000_000)
            self.assertNotIn("self", said)

    async def test_what_a_browser_says_reaches_everybody_once_and_itself_as_echo(self):
        room = self.room()
        person, browsers = await self.together(room)
        for one in browsers:
            text = "from " + one.nick
            n = await one.send("say", to=room, text=text)
            self.assertTrue((await one.result(n))["ok"])
            await person.hears(text, by=one.nick)
            echo = await one.hears(text, by=one.nick)
            self.assertTrue(echo["self"])
            self.assertEqual(n, echo["echo_of"])
            for other in browsers:
                if other is not one:
                    said = await other.hears(text, by=one.nick)
                    self.assertNotIn("echo_of", said)
        # Whatever would come twice has come once the last line has gone round.
        await person.say(room, "that was all")
        for one in browsers:
            await one.hears("that was all")
            for other in browsers:
                self.once(one, lambda e, text="from " + other.nick: e["ev"] == "said"
                          and e["text"] == text, "the line of " + other.nick)

    async def test_text_in_every_script_arrives_as_it_was_sent(self):
        room = self.room()
        person, browsers = await self.together(room)
        for number, text in enumerate(TEXTS):
            await browsers[number % len(browsers)].say(room, text)
        for text in TEXTS:
            await person.hears(text)
            for one in browsers:
                await one.hears(text)
        for text in TEXTS[::-1]:
            await person.say(room, text)
        for one in browsers:
            for text in TEXTS:
                await one.hears(text, by=person.nick)
            order = [e["text"] for e in one.said(room) if e["from"] == person.nick]
            self.assertEqual(TEXTS[::-1], order)

    async def test_a_paste_of_5000_characters_arrives_complete(self):
        room = self.room()
        person, (one, other, *_) = await self.together(room)
        words = " ".join(f"слово{n}-wörd" for n in range(400))[:5000].strip()
        self.assertGreater(len(words), 4900)
        await one.say(room, words)
        await one.say(room, "the end of it")
        await person.hears("the end of it")
        parts = [e[3] for e in person.events if e[0] == "said" and e[2] == one.nick]
        self.assertEqual(squeezed(words), squeezed("".join(parts[:-1])))
        await other.hears("the end of it")
        heard = [e["text"] for e in other.said(room) if e["from"] == one.nick][:-1]
        self.assertEqual(squeezed(words), squeezed("".join(heard)))

    async def test_lines_of_a_paste_stay_in_order(self):
        room = self.room()
        person, (one, other, *_) = await self.together(room)
        lines = [f"line {n}" for n in range(12)]
        await one.say(room, "\n".join(lines))
        await one.say(room, "after it")
        await other.hears("after it")
        heard = "\n".join(e["text"] for e in other.said(room) if e["from"] == one.nick)
        self.assertEqual("\n".join([*lines, "after it"]), heard)

    async def test_an_action_is_an_action_on_both_sides(self):
        room = self.room()
        person, browsers = await self.together(room)
        await browsers[0].say(room, "waves", kind="action")
        for one in browsers:
            await one.hears("waves", by=browsers[0].nick, kind="action")
        await person.me(room, "waves back")
        for one in browsers:
            await one.hears("waves back", by=person.nick, kind="action")

    async def test_a_new_nick_is_seen_by_all(self):
        room = self.room()
        person, browsers = await self.together(room)
        new = self.nick("new")
        old = person.nick
        await person.change_nick(new)
        for one in browsers:
            await one.sees("nick", to=new, **{"from": old})
        for one in browsers:
            before, after = one.nick, self.nick("fresh")
            await one.must("nick", nick=after)
            one.nick = after
            await person.sees("nick", before, after)
            await one.sees("nick", to=after, self=True)
            for other in browsers:
                await other.sees("nick", to=after, **{"from": before})

    async def test_a_nick_in_use_is_refused_in_words(self):
        room = self.room()
        person, (one, *_) = await self.together(room)
        answer = await one.do("nick", nick=person.nick)
        self.assertFalse(answer["ok"])
        self.assertEqual("nick_in_use", answer["error"]["code"])
        self.assertTrue(answer["error"]["text"])
        await one.say(room, "still here")
        await person.hears("still here", by=one.nick)

    async def test_the_topic_is_the_same_for_all(self):
        room = self.room()
        person, browsers = await self.together(room)
        await person.set_topic(room, "Tópico one 😀")
        for one in browsers:
            await one.sees("topic", room=room, text="Tópico one 😀")
        late = await self.browser(room)
        await late.sees("topic", room=room, text="Tópico one 😀")

    async def test_joining_and_leaving_are_seen_by_all(self):
        room = self.room()
        person, browsers = await self.together(room)
        late = await self.browser(room)
        for one in browsers:
            await one.sees("joined", room=room, **{"from": late.nick})
        await late.must("part", room=room, text="until later")
        for one in browsers:
            await one.wait_for(lambda e: e["ev"] == "left" and e["from"] == late.nick,
                               what="late leaving")
        await late.wait_for(lambda e: e["ev"] == "left" and e.get("self"), what="its own leaving")
        mark = late.mark()
        await person.say(room, "not for late")
        for one in browsers:
            await one.hears("not for late")
        await late.must("ping")
        self.assertFalse(late.all(lambda e: e["ev"] == "said", mark))
        await person.part(room, "bye")
        for one in browsers:
            await one.wait_for(lambda e: e["ev"] == "left" and e["from"] == person.nick,
                               what="the person leaving")

    async def test_a_kick_ends_the_room_but_not_the_session(self):
        room = self.room()
        person, (one, other, *_) = await self.together(room)
        await person.kick(room, one.nick, "out with you")
        kicked = await one.wait_for(lambda e: e["ev"] == "kicked", what="kicked")
        self.assertEqual((room, one.nick, True), (kicked["room"], kicked["who"], kicked["self"]))
        await other.wait_for(lambda e: e["ev"] == "kicked" and e["who"] == one.nick, what="kicked")
        refused = await one.do("say", to=room, text="still me?")
        self.assertFalse(refused["ok"])
        self.assertEqual("not_in_room", refused["error"]["code"])
        await one.join(room)
        await one.say(room, "back again")
        await person.hears("back again", by=one.nick)

    async def test_everybody_is_in_the_list_of_members(self):
        room = self.room()
        person, browsers = await self.together(room)
        everybody = {person.nick, *(one.nick for one in browsers)}
        for one in browsers:
            mark = one.mark()
            await one.must("names", room=room)
            members = await one.wait_for(lambda e: e["ev"] == "members" and e["last"], after=mark,
                                         what="members")
            self.assertEqual(everybody, {m["nick"] for m in members["members"]})
            self.assertEqual([one.nick], [m["nick"] for m in members["members"] if m.get("self")])

    async def test_deleting_the_session_leaves_the_room_at_once(self):
        room = self.room()
        person, browsers = await self.together(room)
        for one in browsers:
            gone = await self.browser(room, one.carrier)
            await self.sees_member(one, room, gone.nick)
            self.assertEqual(204, await gone.leave("closing the page"))
            await one.wait_for(lambda e: e["ev"] == "left" and e["from"] == gone.nick,
                               what="the leaving of " + gone.nick)

    async def test_hundreds_of_lines_arrive_in_order_over_every_carrier(self):
        room = self.room()
        person, browsers = await self.together(room)
        lines = [f"number {n}" for n in range(300)]
        for line in lines:
            await person.say(room, line)
            await asyncio.sleep(0)
        for one in browsers:
            await one.hears(lines[-1], timeout=60)
            self.assertEqual(lines, [e["text"] for e in one.said(room)])
