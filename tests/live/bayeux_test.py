#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bayeux where it meets time and broken connections: answers that get lost, replies that would wait
behind flood control, clocks, and clients that are silent."""

import http.client
import itertools
import json
import socket
import struct
import time
import unittest

from stage import Gateway, InspIRCd, Ngircd
from servers import gateway as settings

PATIENCE = 60


class BayeuxGateway(Gateway):
    bayeux = {}

    def command(self):
        command = super().command()
        with open(command[-1], "a", encoding="utf-8") as file:
            file.write(settings.toml_table("[bayeux]", self.bayeux))
        return command


def eventually(what, tries):
    """The first of `tries` that is not None; they may take PATIENCE together."""
    end = time.monotonic() + PATIENCE
    for got in tries:
        if got is not None:
            return got
        if time.monotonic() > end:
            break
    raise AssertionError(f"{what}: not within {PATIENCE} s")


class Client:
    """Sends what it is told and returns what comes back; one request at a time."""

    names = itertools.count(1)

    def __init__(self, gateway, network="irc", nick=None):
        self.gateway = gateway
        self.ids = itertools.count(1)
        self.nick = nick or f"p{next(Client.names)}"
        reply, = self.send({"channel": "/meta/handshake", "version": "1.0",
                            "supportedConnectionTypes": ["long-polling"],
                            "ext": {"chat": {"nick": self.nick, "network": network}}})
        assert reply["successful"], reply
        self.id = reply["clientId"]
        self.connect(timeout=0)

    def body(self, *messages):
        whose = {"clientId": self.id} if hasattr(self, "id") else {}
        return json.dumps([{"id": str(next(self.ids)), **whose, **one} for one in messages])

    def send(self, *messages):
        wire = http.client.HTTPConnection("127.0.0.1", self.gateway.port, timeout=PATIENCE)
        try:
            wire.request("POST", "/cometd", self.body(*messages), {"Content-Type": "application/json"})
            return json.loads(wire.getresponse().read())
        finally:
            wire.close()

    def one(self, message):
        return next(got for got in self.send(message) if got["channel"] == message["channel"])

    def connect_message(self, timeout=None, **more):
        advice = {} if timeout is None else {"advice": {"timeout": timeout}}
        return {"channel": "/meta/connect", "connectionType": "long-polling", **advice, **more}

    def connect(self, timeout=None, **more):
        return self.send(self.connect_message(timeout, **more))

    def subscribe(self, channel):
        reply = self.one({"channel": "/meta/subscribe", "subscription": channel})
        assert reply["successful"], reply

    def deliveries(self):
        return [one for one in self.connect(timeout=1000) if not one["channel"].startswith("/meta/")]

    def hears(self, wished):
        """All deliveries up to the first that is as wished."""
        heard = []
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for one in self.deliveries():
                heard.append(one)
                if wished(one):
                    return heard
        raise AssertionError(f"never came; came: {json.dumps(heard)[-2000:]}")

    def end(self):
        self.send({"channel": "/meta/disconnect"})


def text_of(message):
    data = message.get("data") or {}
    return data.get("text") if data.get("ev") == "said" else None


class StalledRequest:
    """A connect over a socket that takes a few KB and then nothing, as one whose network has gone."""

    def __init__(self, client):
        body = client.body(client.connect_message()).encode()
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(("127.0.0.1", client.gateway.port))
        self.socket.sendall(b"POST /cometd HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                            b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def wait_for_answer(self):
        self.socket.recv(1, socket.MSG_PEEK)
        return self

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


class Stage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.irc = InspIRCd().start()
        cls.addClassCleanup(cls.irc.stop)
        cls.plain = Ngircd().start()
        cls.addClassCleanup(cls.plain.stop)
        cls.gateway = BayeuxGateway(
            [cls.irc.network("irc"), cls.irc.network("slow", flood_rate=1.0, flood_burst=2),
             cls.plain.network("plain", flood_rate=1.0, flood_burst=2)],
            sessions={"grace_s": 20, "hold_s": 20})
        cls.gateway.start()
        cls.addClassCleanup(cls.gateway.stop)

    def two(self, room):
        ann, bob = Client(self.gateway), Client(self.gateway)
        for client in (ann, bob):
            self.addCleanup(client.end)
            client.subscribe(f"/chat/irc/{room}")
        return ann, bob


class LostAnswers(Stage):
    # More than two sockets of the kernel hold, with what a loopback connection has of its own.
    lines = [f"{number} " + "x" * 380 for number in range(60)]

    def fill(self, room):
        """An answer with all lines on its way to ann, and not all of it arrived."""
        ann, bob = self.two(room)
        ann.hears(lambda one: (one.get("data") or {}).get("from") == bob.nick)
        bob.send(*[{"channel": f"/chat/irc/{room}", "data": {"text": line}} for line in self.lines])
        bob.hears(lambda one: text_of(one) == self.lines[-1])
        return ann, bob, StalledRequest(ann).wait_for_answer()

    def says_all_once(self, ann, bob, room):
        bob.send({"channel": f"/chat/irc/{room}", "data": {"text": "the end"}})
        heard = [text_of(one) for one in ann.hears(lambda one: text_of(one) == "the end")]
        self.assertEqual([text for text in heard if text], self.lines + ["the end"])

    def test_what_a_broken_connection_took_with_it_is_told_again(self):
        ann, bob, request = self.fill("broken")
        request.reset()
        self.says_all_once(ann, bob, "broken")

    def test_what_a_stalled_connection_has_not_delivered_is_told_again(self):
        ann, bob, request = self.fill("stalled")
        self.says_all_once(ann, bob, "stalled")
        request.reset()

    def test_what_has_arrived_is_not_told_again(self):
        ann, bob = self.two("arrived")
        for line in self.lines[:3]:
            bob.send({"channel": "/chat/irc/arrived", "data": {"text": line}})
            ann.hears(lambda one, line=line: text_of(one) == line)
        bob.send({"channel": "/chat/irc/arrived", "data": {"text": "the end"}})
        heard = [text_of(one) for one in ann.hears(lambda one: text_of(one) == "the end")]
        self.assertEqual([text for text in heard if text], ["the end"])


class Provisional(Stage):
    def keeps_its_word(self, network):
        """Fourteen lines take twelve seconds behind flood control: their replies do not."""
        talker, reader = Client(self.gateway, network), Client(self.gateway, network)
        for client in (talker, reader):
            self.addCleanup(client.end)
            client.subscribe(f"/chat/{network}/patience")
        talker.subscribe(f"/net/{network}")
        begin = time.monotonic()
        replies = talker.send(*[{"channel": f"/chat/{network}/patience", "data": {"text": f"line {n}"}}
                                for n in range(14)])
        took = time.monotonic() - begin
        self.assertEqual(len(replies), 14)
        self.assertTrue(all(one["successful"] for one in replies), replies)
        pending = [(one.get("ext") or {}).get("chat", {}).get("pending", False) for one in replies]
        self.assertFalse(pending[0], "the first was not waited for")
        self.assertTrue(pending[-1], "the last was waited for")
        self.assertGreater(took, 7)
        self.assertLess(took, 14, "a client would have given up")
        reader.hears(lambda one: text_of(one) == "line 13")
        # Every late result comes after all, as a message.
        late = []
        end = time.monotonic() + PATIENCE
        while len(late) < sum(pending) and time.monotonic() < end:
            late += [one["data"] for one in talker.deliveries()
                     if one["channel"] == f"/net/{network}" and one["data"].get("ev") == "result"]
        self.assertEqual(len(late), sum(pending))
        self.assertTrue(all(one["ok"] for one in late), late)

    def test_no_reply_waits_behind_flood_control_of_inspircd(self):
        self.keeps_its_word("slow")

    def test_no_reply_waits_behind_flood_control_of_ngircd(self):
        self.keeps_its_word("plain")


class Data(Stage):
    def test_who_leaves_the_talk_stays_for_the_data(self):
        ann, bob = self.two("sketch")
        reply = ann.one({"channel": "/data/irc/sketch", "data": {"type": "x", "value": 0}})
        self.assertTrue(reply["successful"], reply)
        bob.subscribe("/data/irc/sketch")
        stay = {"channel": "/meta/unsubscribe", "subscription": "/chat/irc/sketch"}
        self.assertTrue(bob.one(stay)["successful"])
        value = {"points": [[1, 2.5], [3, None]], "by": "</script>\u2028 ; \\ \u00e9"}
        ann.send({"channel": "/chat/irc/sketch", "data": {"text": "for people"}})
        ann.send({"channel": "/data/irc/sketch", "data": {"type": "x", "value": value}})
        heard = bob.hears(lambda one: one["channel"] == "/data/irc/sketch" and one["data"]["value"] == value)
        self.assertEqual(heard[-1]["data"]["from"], ann.nick)
        self.assertFalse([one for one in heard if text_of(one)], "it talks to who has left the talk")
        self.assertTrue(bob.one({**stay, "subscription": "/data/irc/sketch"})["successful"])
        ann.hears(lambda one: one["data"].get("ev") == "left" and one["data"]["from"] == bob.nick)

    def test_data_alone_is_a_stay(self):
        ann, bob = Client(self.gateway), Client(self.gateway)
        for client in (ann, bob):
            self.addCleanup(client.end)
            client.subscribe("/data/irc/pad")
        ann.send({"channel": "/data/irc/pad", "data": {"type": "x", "value": 1}})
        bob.hears(lambda one: one["channel"] == "/data/irc/pad")

    def test_what_cannot_be_sent_is_refused_in_words(self):
        ann = Client(self.gateway, "plain")
        self.addCleanup(ann.end)
        ann.subscribe("/data/plain/pad")
        refused = ann.one({"channel": "/data/plain/pad", "data": {"type": "x", "value": 1}})
        self.assertEqual(refused["ext"]["chat"]["error"]["code"], "not_supported")
        for data, field in (("text", "data"), ({"value": 1}, "type"), ({"type": "x"}, "value"),
                            ({"type": "x", "value": "y" * 4000}, "value")):
            refused = ann.one({"channel": "/data/plain/pad", "data": data})
            self.assertFalse(refused["successful"])
            self.assertEqual(refused["ext"]["chat"]["error"]["field"], field)


class Clocks(Stage):
    def test_timesync_tells_the_clock_of_the_server_and_how_long_it_kept_the_request(self):
        client = Client(self.gateway)
        self.addCleanup(client.end)
        now = time.time() * 1000
        wrong = now - 3_600_000  # a clock that is an hour late
        reply = client.connect(timeout=1500, ext={"timesync": {"tc": wrong, "l": 0, "o": 0}})[-1]
        sync = reply["ext"]["timesync"]
        self.assertEqual(sync["tc"], int(wrong))
        self.assertAlmostEqual(sync["ts"], now, delta=20_000)
        self.assertLessEqual(sync["p"], 21_000)
        self.assertAlmostEqual(sync["a"], wrong - sync["ts"], delta=2)
        held = eventually("a connect that was held", (
            (lambda one: one if one["p"] >= 1400 else None)(
                client.connect(timeout=1500, ext={"timesync": {"tc": 1, "l": 0, "o": 0}})[-1]["ext"]["timesync"])
            for _ in itertools.count()))
        self.assertLess(held["p"], 20_000)
        self.assertNotIn("ext", client.connect(timeout=0)[-1])

    def test_replies_have_a_timestamp_where_it_is_asked_for(self):
        client = Client(self.gateway)
        self.addCleanup(client.end)
        asked = {"channel": "/service/irc/ping", "data": {}, "timestamp": "Thu, 01 Jan 1970 00:00:00 GMT"}
        stamp = client.one(asked)["timestamp"]
        told = time.mktime(time.strptime(stamp, "%a, %d %b %Y %H:%M:%S GMT")) - time.timezone
        self.assertAlmostEqual(told, time.time(), delta=20)
        del asked["timestamp"]
        self.assertNotIn("timestamp", client.one(asked))


class Silence(unittest.TestCase):
    """`bayeux.idle_s`: who only listens is sent away; who says something now and then is not."""

    @classmethod
    def setUpClass(cls):
        cls.irc = InspIRCd().start()
        cls.addClassCleanup(cls.irc.stop)
        cls.gateway = BayeuxGateway([cls.irc.network("irc")], sessions={"grace_s": 30, "hold_s": 30})
        cls.gateway.bayeux = {"idle_s": 4}
        cls.gateway.start()
        cls.addClassCleanup(cls.gateway.stop)

    def test_who_says_nothing_is_sent_away_and_the_room_is_told(self):
        silent, talker = Client(self.gateway), Client(self.gateway)
        for client in (silent, talker):
            client.subscribe("/chat/irc/quiet")
        talker.subscribe("/net/irc")
        last, gone = None, False
        begin = time.monotonic()
        number = 0
        # Both listen all the time; only one of them speaks.
        while time.monotonic() < begin + PATIENCE and not gone:
            if last is None or last.get("successful"):
                number += 1
                said = talker.one({"channel": "/chat/irc/quiet", "data": {"text": str(number)}})
                self.assertTrue(said["successful"], said)
                last = next(one for one in silent.connect(timeout=200) if one["channel"] == "/meta/connect")
            gone = any(one["data"].get("ev") == "left" and one["data"]["from"] == silent.nick
                       for one in talker.deliveries())
        self.assertTrue(gone, "it is still there")
        self.assertGreater(time.monotonic() - begin, 3)
        self.assertEqual(silent.connect(timeout=0)[-1]["advice"]["reconnect"], "handshake")
        # The talker has been there for longer than that.
        while time.monotonic() < begin + 6:
            talker.connect(timeout=200)
        said = talker.one({"channel": "/chat/irc/quiet", "data": "still here"})
        self.assertTrue(said["successful"], said)
        self.assertTrue(talker.connect(timeout=0)[-1]["successful"])
        talker.end()

    def test_a_held_connect_of_the_silent_is_answered_with_a_goodbye(self):
        silent = Client(self.gateway)
        silent.subscribe("/chat/irc/goodbye")
        reply = eventually("the goodbye", (
            (lambda one: one if one["advice"]["reconnect"] == "none" else None)(silent.connect()[-1])
            for _ in itertools.count()))
        self.assertEqual(reply["channel"], "/meta/connect")


if __name__ == "__main__":
    unittest.main()
