# SPDX-License-Identifier: GPL-3.0-or-later
"""What bad input gets: an error that names the field, and nothing else. The session, the sessions
beside it and their connections to the network live on."""

import json
import unittest

import aiohttp

from stage import CARRIERS, IRC_SERVERS, XMPP_SERVERS, Refused, live_classes

DEEP = "[" * 10_000 + "]" * 10_000
FORBIDDEN = {
    "NUL": "a\x00b", "CR": "a\rb", "CR LF": "a\r\nQUIT :x", "U+0001": "a\x01b",
    "U+FFFE": "a\ufffeb", "lone surrogate": "a\ud800b",
}
LINE_FEED = {"LF": "a\nQUIT :x"}


def entering(network="net", nick="visitor", **more):
    return {"network": network, "nick": nick, **more}


BAD_ENTERING = [
    # what, body, codes, field
    ("an unknown network", entering("nowhere"), {"unknown_network"}, "network"),
    ("a host for a network", entering("irc.example.org"), {"unknown_network"}, "network"),
    ("host and port for a network", entering("127.0.0.1:6667"), {"unknown_network"}, "network"),
    ("a URL for a network", entering("irc://127.0.0.1"), {"unknown_network"}, "network"),
    ("no network", {"nick": "visitor"}, {"bad_field"}, "network"),
    ("a number for a network", entering(5), {"bad_field"}, "network"),
    ("no nick", {"network": "net"}, {"bad_field"}, "nick"),
    ("an empty nick", entering(nick=""), {"bad_field", "bad_nick"}, "nick"),
    ("a list for a nick", entering(nick=["a"]), {"bad_field"}, "nick"),
    ("a nick of 300 bytes", entering(nick="x" * 300), {"bad_field", "bad_nick"}, "nick"),
    ("rooms that are no list", entering(rooms="#a"), {"bad_field"}, "rooms"),
    ("a room of 600 bytes", entering(rooms=["#" + "x" * 600]), {"bad_field", "bad_room"}, None),
    ("a line break in a room", entering(rooms=["#a\nQUIT"]), {"bad_field", "bad_room"}, None),
] + [
    (f"{name} in the nick", entering(nick=text), {"bad_field", "bad_nick", "bad_request"}, "nick")
    for name, text in {**FORBIDDEN, **LINE_FEED}.items()
] + [
    (f"{name} in the password", entering(account="someone", password=text),
     {"bad_field", "bad_request"}, "password") for name, text in {**FORBIDDEN, **LINE_FEED}.items()
]

BAD_BODIES = [
    ("no JSON", "hello", 400, {"bad_request"}),
    ("nothing", "", 400, {"bad_request"}),
    ("a list", "[]", 400, {"bad_request"}),
    ("10,000 deep", DEEP, 400, {"bad_request"}),
    ("10,000 deep in a field", '{"network":"net","nick":' + DEEP + "}", 400, {"bad_request"}),
    ("over the limit", json.dumps(entering(nick="x" * 70_000)), 413, {"too_large"}),
]


def bad_commands(room):
    """(what, command, codes, field)"""
    table = [
        ("an unknown command", {"do": "dance"}, {"unknown_command"}, "do"),
        ("no command", {}, {"bad_field", "bad_request", "unknown_command"}, "do"),
        ("no text", {"do": "say", "to": room}, {"bad_field"}, "text"),
        ("a number for a text", {"do": "say", "to": room, "text": 5}, {"bad_field"}, "text"),
        ("a text of 20,000 bytes", {"do": "say", "to": room, "text": "x" * 20_000},
         {"bad_field", "too_large"}, "text"),
        ("no room", {"do": "join"}, {"bad_field"}, "room"),
        ("a room of 600 bytes", {"do": "join", "room": "#" + "x" * 600}, {"bad_field", "bad_room"},
         "room"),
        ("a nick of 300 bytes", {"do": "nick", "nick": "x" * 300}, {"bad_field", "bad_nick"}, "nick"),
        ("a topic of 5,000 bytes", {"do": "topic", "room": room, "text": "x" * 5_000},
         {"bad_field", "too_large"}, "text"),
        ("an unknown kind", {"do": "say", "to": room, "text": "x", "kind": "shout"}, {"bad_field"},
         "kind"),
    ]
    for name, text in FORBIDDEN.items():
        codes = {"bad_field", "bad_request"}
        table += [
            (f"{name} in a text", {"do": "say", "to": room, "text": text}, codes, "text"),
            (f"{name} in a topic", {"do": "topic", "room": room, "text": text}, codes, "text"),
        ]
    for name, text in {**FORBIDDEN, **LINE_FEED}.items():
        codes = {"bad_field", "bad_request", "bad_nick", "bad_room"}
        table += [
            (f"{name} in a target", {"do": "say", "to": room + text, "text": "x"}, codes, "to"),
            (f"{name} in a room", {"do": "join", "room": room + text}, codes, "room"),
            (f"{name} in a nick", {"do": "nick", "nick": text}, codes, "nick"),
            (f"{name} in a reason", {"do": "part", "room": room, "text": text}, codes, "text"),
            (f"{name} in a kick", {"do": "kick", "room": room, "nick": text}, codes, "nick"),
        ]
    return table


class BadInput:
    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.lounge = self.room("lounge")
        self.witness = await self.person(self.lounge)
        self.beside = await self.browser(self.lounge)

    async def everybody_lives(self, *browsers):
        for one in (self.beside, *browsers):
            text = "alive " + self.nick()
            await one.say(self.lounge, text)
            await self.witness.hears(text, by=one.nick)
        self.assertFalse([e for e in self.witness.events if e[0] in ("quit", "left", "kicked")])
        self.assertFalse(self.beside.all(lambda e: e["ev"] in ("offline", "closing", "left")))

    def check_error(self, error, codes, field):
        self.assertIn(error["code"], codes)
        if field is not None:
            self.assertTrue(error.get("field", "").startswith(field)
                            or error["code"] == "bad_request", error)
        self.assertGreater(len(error["text"]), 5)

    async def test_entering_with_bad_fields(self):
        async with aiohttp.ClientSession() as http:
            for what, body, codes, field in BAD_ENTERING:
                with self.subTest(what):
                    async with http.post(self.gateway.url + "/chat/v1/sessions",
                                         data=json.dumps(body)) as answer:
                        found = json.loads(await answer.text())
                    self.assertIn(answer.status, range(400, 500), found)
                    self.check_error(found["error"], codes, field)
        await self.everybody_lives()

    async def test_entering_with_bad_fields_in_the_first_frame(self):
        async with aiohttp.ClientSession() as http:
            for what, body, codes, field in BAD_ENTERING:
                with self.subTest(what):
                    async with http.ws_connect(self.gateway.url + "/chat/v1/sessions") as ws:
                        await ws.send_str(json.dumps({"do": "enter", **body}))
                        found = json.loads((await ws.receive(10)).data)
                    self.check_error(found["error"], codes, field)
        await self.everybody_lives()

    async def test_bodies_that_are_no_request(self):
        async with aiohttp.ClientSession() as http:
            for what, body, status, codes in BAD_BODIES:
                with self.subTest(what):
                    async with http.post(self.gateway.url + "/chat/v1/sessions",
                                         data=body) as answer:
                        found = json.loads(await answer.text())
                        self.assertEqual(status, answer.status)
                    self.check_error(found["error"], codes, None)
        await self.everybody_lives()

    async def test_commands_with_bad_fields(self):
        for carrier in ("websocket", "long_poll"):
            one = await self.browser(self.lounge, carrier)
            for what, command, codes, field in bad_commands(self.lounge):
                with self.subTest(f"{what} over {carrier}"):
                    self.check_error(await self.error_of(one, command), codes, field)
            await self.everybody_lives(one)

    async def error_of(self, one, command):
        """By a result, or (where the whole is no JSON) by a refused body or an error frame."""
        one.n += 1
        mark = one.mark()
        if one.carrier == "websocket":
            await one._ws.send_str(json.dumps({"n": one.n, **command}))
            answer = await one.wait_for(
                lambda e: e["ev"] == "frame_error" or (e["ev"] == "result" and e["n"] == one.n),
                5, mark, "an answer")
        else:
            try:
                answer = (await one.post_commands({"n": one.n, **command}))[0]
            except Refused as refused:
                return refused.error
        self.assertFalse(answer.get("ok"), answer)
        return answer["error"]

    async def test_frames_that_are_no_command(self):
        for frame in ("hello", "", "[]", "5", '{"do":"say"}', '{"n":"x","do":"ping"}',
                      '{"n":-1,"do":"ping"}', '{"n":0,"do":"ping"}', '{"n":1.5,"do":"ping"}',
                      '{"ack":"x"}', '{"ack":99999999}', DEEP, '{"n":1,"do":' + DEEP + "}",
                      "x" * 70_000):
            with self.subTest(frame[:40]):
                one = await self.browser(self.lounge)
                await one._ws.send_str(frame)
                # Told so in a frame, or the carrier is closed; in both cases the session goes on.
                await one.drop()
                await one.resume()
                await one.must("ping", timeout=5)
                await self.everybody_lives(one)

    async def test_posted_bodies_that_are_no_command(self):
        one = await self.browser(self.lounge, "long_poll")
        for what, body, statuses in (
                ("no JSON", "hello", {400}), ("10,000 deep", DEEP, {400}),
                ("over the limit", '[{"n":1,"do":"say","to":"x","text":"' + "x" * 70_000 + '"}]',
                 {413}),
                ("65 commands", json.dumps([{"n": 1000 + n, "do": "ping"} for n in range(65)]),
                 {400, 413, 429})):
            with self.subTest(what):
                url = one.events_url.replace("/events", "/commands")
                async with one._http.post(url, data=body) as answer:
                    found = json.loads(await answer.text())
                self.assertIn(answer.status, statuses, found)
                self.assertIn("error", found)
        await self.everybody_lives(one)

    async def test_a_room_that_was_not_joined(self):
        elsewhere = self.room("elsewhere")
        for carrier in CARRIERS:
            one = await self.browser(self.lounge, carrier)
            for command in ({"do": "say", "to": elsewhere, "text": "x"},
                            {"do": "part", "room": elsewhere},
                            {"do": "topic", "room": elsewhere, "text": "x"},
                            {"do": "kick", "room": elsewhere, "nick": "x"},
                            {"do": "invite", "room": elsewhere, "nick": self.beside.nick}):
                with self.subTest(f"{command['do']} over {carrier}"):
                    fields = {key: value for key, value in command.items() if key != "do"}
                    answer = await one.do(command["do"], **fields)
                    self.assertFalse(answer["ok"], answer)
                    self.assertIn(answer["error"]["code"], ("not_in_room", "no_such_room"))
            await self.everybody_lives(one)

    async def test_sessions_that_do_not_exist(self):
        one = await self.browser(self.lounge)
        real = one.hello["session"]
        another_end = real[:-1] + ("_" if real[-1] != "_" else "-")
        for made_up in ("x", "n1-0-" + "a" * 22 + "-" + "b" * 11, another_end, real + "a",
                        "..%2f..%2fetc%2fpasswd", "%00"):
            with self.subTest(made_up):
                url = f"{self.gateway.url}/chat/v1/sessions/{made_up}"
                async with one._http.get(url + "/events") as answer:
                    self.assertIn(answer.status, (400, 404))
                async with one._http.post(url + "/commands", data='{"n":1,"do":"ping"}') as answer:
                    self.assertIn(answer.status, (400, 404))
                async with one._http.delete(url) as answer:
                    self.assertIn(answer.status, (400, 404))
        await self.everybody_lives(one)


live_classes(globals(), IRC_SERVERS[1:] + XMPP_SERVERS, (1,), BadInput)

if __name__ == "__main__":
    unittest.main()
