# SPDX-License-Identifier: GPL-3.0-or-later
"""A network that refuses, says nothing or dies at some step of the login: the browser is told which
step and why, and whoever is on a sound network beside it notices nothing."""

import asyncio
import unittest

import stage  # noqa: F401  (sets the search path)
from people.browser import Browser
from servers import Gateway, Ngircd, Server, free_port

STREAM = ("<?xml version='1.0'?><stream:stream xmlns='jabber:client' from='broken.test' id='1' "
          "version='1.0' xmlns:stream='http://etherx.jabber.org/streams'>")
FEATURES = ("<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
            "<mechanism>ANONYMOUS</mechanism></mechanisms></stream:features>")
BIND = ("<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>")


class Script:
    """A server that answers what it has read with the next line of a script, then closes or falls
    silent. Each entry: (what must have come, what is said then)."""

    def __init__(self, steps, then="close"):
        self.steps = steps
        self.then = then
        self.connections = 0

    async def listen(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]

    async def serve(self, reader, writer):
        self.connections += 1
        try:
            for wanted, answer in self.steps:
                got = b""
                while wanted.encode() not in got:
                    piece = await reader.read(4096)
                    if not piece:
                        return
                    got += piece
                writer.write(answer.encode())
                await writer.drain()
            if self.then == "silence":
                while await reader.read(4096):
                    pass
        except ConnectionError:
            pass
        finally:
            writer.close()

    def close(self):
        self.server.close()


# name: (kind, steps, then, step told, codes, final)
IRC, XMPP = "irc", "xmpp"
CASES = {
    "says-nothing": (IRC, [], "silence", {"login"}, {"timed_out"}, False),
    "closes-at-once": (IRC, [], "close", {"login", "connect"}, {"lost", "refused"}, False),
    "closes-after-nick": (IRC, [("USER", "")], "close", {"login"}, {"lost", "refused"}, False),
    "closes-after-caps": (
        IRC, [("USER", ":s CAP * LS :multi-prefix\r\n"), ("REQ", "")], "close", {"login"},
        {"lost", "refused"}, False),
    "silent-after-caps": (
        IRC, [("USER", ":s CAP * LS :multi-prefix\r\n")], "silence", {"login"}, {"timed_out"},
        False),
    "wrong-password": (
        IRC, [("USER", ":s 464 * :Bad password?\r\nERROR :Closing Link\r\n")], "close",
        {"login", "gateway_password"}, {"refused", "bad_password"}, None),
    "banned": (
        IRC, [("USER", ":s 465 * :You are banned from this server: spam\r\n"
               "ERROR :Closing Link: (banned)\r\n")], "close", {"login"}, {"banned"}, True),
    "throttled": (
        IRC, [("USER", "ERROR :Closing Link: (Throttled: Reconnecting too fast)\r\n")], "close",
        {"login"}, {"refused", "lost", "too_fast"}, False),
    "garbage": (IRC, [("USER", "HTTP/1.1 400 Bad Request\r\n\r\n<html>\r\n")], "close",
                {"login"}, {"lost", "refused"}, False),
    "dies-when-running": (
        IRC, [("USER", ":s 001 visitor :Welcome\r\n:s 376 visitor :End of MOTD\r\n")], "close",
        {"running"}, {"lost"}, False),
    "x-says-nothing": (XMPP, [], "silence", {"login"}, {"timed_out"}, False),
    "x-closes-at-once": (XMPP, [("stream", "")], "close", {"login"}, {"lost", "refused"}, False),
    "x-closes-after-header": (XMPP, [("stream", STREAM)], "close", {"login"},
                              {"lost", "refused"}, False),
    "x-silent-after-header": (XMPP, [("stream", STREAM)], "silence", {"login"}, {"timed_out"},
                              False),
    "x-closes-at-sasl": (XMPP, [("stream", STREAM + FEATURES), ("auth", "")], "close",
                         {"sasl"}, {"lost", "refused"}, False),
    "x-refuses-at-sasl": (
        XMPP, [("stream", STREAM + FEATURES),
               ("auth", "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/>"
                "</failure>")], "close", {"sasl"}, {"account_needed", "refused"}, True),
    "x-closes-at-bind": (
        XMPP, [("stream", STREAM + FEATURES),
               ("auth", "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"),
               ("stream", STREAM + BIND), ("bind", "")], "close", {"login"}, {"lost", "refused"},
        False),
    "x-unknown-host": (
        XMPP, [("stream", STREAM + "<stream:error><host-unknown "
                "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>")],
        "close", {"login"}, {"refused", "lost", "internal", "not_allowed"}, None),
    "x-garbage": (XMPP, [("stream", "220 mail.example.org ESMTP\r\n")], "close", {"login"},
                  {"lost", "refused", "internal"}, None),
}


class BrokenNetwork(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        asyncio.get_running_loop().set_debug(False)
        self.scripts, networks = {}, []
        for name, (kind, steps, then, *_) in CASES.items():
            script = Script(steps, then)
            await script.listen()
            self.scripts[name] = script
            networks.append(self.network(name, kind, script.port))
        networks.append(self.network("refuses", IRC, free_port()))
        networks.append(self.network("x-refuses", XMPP, free_port()))
        networks.append(self.network("no-such-name", IRC, 6667, host="nowhere.invalid"))
        networks.append(self.network("no-tls-there", IRC, self.scripts["closes-at-once"].port,
                                     tls="direct", tls_name="irc.test"))
        self.sound = Ngircd().start()
        self.addCleanup(self.sound.stop)
        networks.append(self.sound.network("sound"))
        self.gateway = Gateway(networks).start()
        self.addCleanup(self.gateway.stop)
        self.beside = await Browser.enter(self.gateway, "sound", "beside", rooms=["#sound"])
        self.addAsyncCleanup(self.beside.close)

    async def asyncTearDown(self):
        for script in self.scripts.values():
            script.close()

    @staticmethod
    def network(name, kind, port, host="127.0.0.1", **more):
        found = {"name": name, "kind": kind, "servers": [f"{host}:{port}"],
                 "connect_timeout_s": 1, **more}
        if kind == XMPP:
            found["domain"] = "broken.test"
        return found

    async def offline(self, network, nick="visitor"):
        one = await Browser.enter(self.gateway, network, nick, online=False)
        self.addAsyncCleanup(one.close)
        return one, await one.wait_for(lambda e: e["ev"] == "offline", what="offline")

    def check(self, offline, steps, codes, final):
        self.assertIn(offline["step"], steps, offline)
        self.assertIn(offline["error"]["code"], codes, offline)
        self.assertGreater(len(offline["error"]["text"]), 10, offline)
        if final is not None:
            self.assertEqual(final, offline.get("final", False), offline)
        if not offline.get("final"):
            self.assertGreater(offline["retry_in"], 0, offline)

    async def test_each_broken_step_is_named(self):
        found = await asyncio.gather(*(self.offline(name) for name in CASES),
                                     return_exceptions=True)
        for (name, case), answer in zip(CASES.items(), found):
            with self.subTest(name):
                if isinstance(answer, BaseException):
                    raise answer
                self.check(answer[1], *case[3:])
        await self.beside.say("#sound", "I noticed nothing")
        self.assertFalse(self.beside.all(lambda e: e["ev"] == "offline"))

    async def test_a_refused_connection_a_missing_name_and_a_server_without_tls(self):
        for name, step, code in (("refuses", "connect", "lost"),
                                 ("x-refuses", "connect", "lost"),
                                 ("no-such-name", "resolve", None),
                                 ("no-tls-there", "tls", None)):
            with self.subTest(name):
                _, offline = await self.offline(name)
                self.check(offline, {step}, {code} if code else {offline["error"]["code"]}, False)

    async def test_commands_while_offline_are_refused_in_words(self):
        one, _ = await self.offline("refuses")
        for command in ({"do": "say", "to": "#a", "text": "x"}, {"do": "join", "room": "#a"},
                        {"do": "nick", "nick": "other"}):
            fields = {key: value for key, value in command.items() if key != "do"}
            answer = await one.do(command["do"], **fields)
            self.assertFalse(answer["ok"])
            self.assertEqual("not_online", answer["error"]["code"])

    async def test_a_final_refusal_is_not_tried_again(self):
        one, offline = await self.offline("banned")
        self.assertTrue(offline["final"])
        self.assertNotIn("retry_in", offline)
        await self.offline("closes-at-once", "second")
        self.assertEqual(1, self.scripts["banned"].connections)

    async def test_a_server_that_comes_back_finds_its_people_in_their_rooms_again(self):
        server = Ngircd().start()
        self.addCleanup(lambda: server.stop())
        gateway = Gateway([server.network("net")]).start()
        self.addCleanup(gateway.stop)
        one = await Browser.enter(gateway, "net", "faithful", rooms=["#here"])
        self.addAsyncCleanup(one.close)
        await one.wait_for(lambda e: e["ev"] == "members" and e["last"], what="members")
        mark = one.mark()
        server.kill()
        offline = await one.wait_for(lambda e: e["ev"] == "offline", after=mark, what="offline")
        self.assertEqual("running", offline["step"])
        await asyncio.to_thread(Server.start, server)
        online = await one.wait_for(lambda e: e["ev"] == "online", 60, after=mark, what="online")
        self.assertTrue(online.get("resumed"))
        await one.wait_for(lambda e: e["ev"] == "members" and e["last"], 30, after=mark,
                           what="members")
        await one.say("#here", "I am back")
        await one.hears("I am back")

    async def test_a_network_that_holds_its_breath_delays_nobody_else(self):
        server = Ngircd().start()
        self.addCleanup(server.stop)
        gateway = Gateway([server.network("slow"), self.sound.network("sound")]).start()
        self.addCleanup(gateway.stop)
        slow = await Browser.enter(gateway, "slow", "patient", rooms=["#a"])
        fast = await Browser.enter(gateway, "sound", "quick", rooms=["#b"])
        self.addAsyncCleanup(slow.close)
        self.addAsyncCleanup(fast.close)
        server.pause()
        await slow.send("say", to="#a", text="anybody")
        await fast.say("#b", "nothing stops me")
        await fast.hears("nothing stops me")
        server.resume()
        await slow.hears("anybody")


if __name__ == "__main__":
    unittest.main()
