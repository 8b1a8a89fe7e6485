#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What operators see: /metrics on an address of its own moves with what happens."""

import http.client
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

from people.browser import Browser  # noqa: E402
from servers import Gateway, InspIRCd  # noqa: E402


class Metrics(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.irc = InspIRCd().start()
        cls.addClassCleanup(cls.irc.stop)
        cls.gateway = Gateway([cls.irc.network("irc")], shards=2)
        cls.gateway.start()
        cls.addClassCleanup(cls.gateway.stop)

    def asked(self, port, path, method="GET"):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request(method, path)
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer, body

    async def test_what_a_visitor_does_is_counted(self):
        before = self.gateway.metrics()
        ada = await Browser.enter(self.gateway, "irc", "adametric", rooms=["#metrics"])
        self.addAsyncCleanup(ada.close)
        n = await ada.send("ping")
        await ada.result(n)
        await ada.send("ping", n=n)
        await ada.must("ping")
        await ada.drop()
        await ada.resume("event_stream")
        await ada.must("ping")
        now = self.gateway.metrics()
        gained = {name: now[name] - before.get(name, 0) for name in now}
        self.assertEqual(1, gained["halley_sessions_entered_total"])
        self.assertEqual(1, now["halley_sessions_open"])
        self.assertEqual(1, gained["halley_commands_repeated_total"])
        self.assertEqual(3, gained["halley_commands_total"])
        self.assertEqual(1, gained["halley_readers_resumed_total"])
        self.assertEqual(1, gained['halley_carriers_total{carrier="websocket"}'])
        self.assertEqual(1, gained['halley_carriers_total{carrier="event_stream"}'])
        self.assertGreater(gained["halley_events_total"], 5)
        self.assertGreaterEqual(now["halley_connections_open"], 1)
        self.assertEqual(0, gained["halley_gaps_total"])

    def test_only_metrics_and_health_are_there(self):
        ops = self.gateway.ops_port
        answer, body = self.asked(ops, "/metrics")
        self.assertEqual(200, answer.status)
        self.assertEqual("text/plain; version=0.0.4; charset=utf-8", answer.getheader("Content-Type"))
        self.assertIn("# TYPE halley_events_total counter", body)
        self.assertIn("# TYPE halley_sessions_absent gauge", body)
        self.assertIn('shard="1"', body)
        self.assertEqual((200, '{"status":"ok"}'),
                         (lambda a, b: (a.status, b))(*self.asked(ops, "/healthz")))
        self.assertEqual(405, self.asked(ops, "/metrics", "POST")[0].status)
        for path in ("/", "/chat/v1/networks", "/chat/v1/sessions"):
            self.assertEqual(404, self.asked(ops, path)[0].status, path)

    def test_browsers_do_not_see_them(self):
        answer, body = self.asked(self.gateway.port, "/metrics")
        self.assertNotIn("halley_", body)
        self.assertNotEqual("text/plain; version=0.0.4; charset=utf-8",
                            answer.getheader("Content-Type"))


if __name__ == "__main__":
    unittest.main()
