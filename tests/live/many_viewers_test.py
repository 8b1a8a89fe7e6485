#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""10,000 people look at the badge of one room, each over a stream of his own: the network has one client for
all of them, every one is told of each change, and a viewer costs little. HALLEY_VIEWERS sets another number;
prints memory of a viewer and how long it takes to tell them all."""

import os
import resource
import selectors
import socket
import time
import unittest

from stage import Gateway, InspIRCd, IrcPerson

VIEWERS = int(os.environ.get("HALLEY_VIEWERS", "10000"))
PATIENCE = 60  # s for all viewers to be told; a second or two on a machine that is not busy


def resident(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as lines:
        for line in lines:
            if line.startswith("Pss_Anon:"):
                return int(line.split()[1]) * 1024
    raise AssertionError("no Pss_Anon")


def connections_to(port, pid):
    """TCP connections of a process to a port of this machine."""
    own = set()
    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            own.add(os.readlink(f"/proc/{pid}/fd/{name}"))
        except OSError:
            continue
    count = 0
    with open(f"/proc/{pid}/net/tcp", encoding="ascii") as lines:
        for line in list(lines)[1:]:
            words = line.split()
            is_established = words[3] == "01"
            is_there = int(words[2].split(":")[1], 16) == port
            count += is_established and is_there and f"socket:[{words[9]}]" in own
    return count


class Crowd:
    """Streams and nothing else: one selector, what was told last of each."""

    def __init__(self, port, path):
        self.selector = selectors.EpollSelector()
        self.address = ("127.0.0.1", port)
        self.request = (f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n").encode()
        self.told = {}
        self.gone = 0

    def open(self, count):
        for _ in range(count):
            one = socket.create_connection(self.address, timeout=PATIENCE)
            one.setblocking(False)
            one.send(self.request)
            self.told[one] = b""
            self.selector.register(one, selectors.EVENT_READ)

    def read_until(self, word):
        """All viewers have been told `word`; returns the seconds between the first and the last."""
        waiting = {one for one, last in self.told.items() if word not in last}
        end = time.monotonic() + PATIENCE
        first = None
        while waiting:
            if time.monotonic() > end:
                raise AssertionError(f"{len(waiting)} of {len(self.told)} were not told {word!r}; {self.gone} are gone")
            for key, _ in self.selector.select(1):
                one = key.fileobj
                data = one.recv(65536)
                if not data:
                    self.gone += 1
                    self.selector.unregister(one)
                    continue
                self.told[one] = self.told[one][-4096:] + data
                # The last event counts: an older one may say the same.
                if word in self.told[one].rsplit(b"data: ", 1)[-1]:
                    first = first or time.monotonic()
                    waiting.discard(one)
        return time.monotonic() - (first or time.monotonic())

    def close(self):
        for one in self.told:
            one.close()
        self.selector.close()


class ManyViewers(unittest.IsolatedAsyncioTestCase):
    async def test_ten_thousand_viewers_are_one_client_on_the_network(self):
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.assertGreater(hard, VIEWERS + 500, "descriptors of this process")
        irc = InspIRCd().start()
        self.addCleanup(irc.stop)
        gateway = Gateway([irc.network("irc", watch_rooms=["#many"], watch_lines=3, watch_nick="lookout")],
                          shards=2)
        gateway.start()
        self.addCleanup(gateway.stop)
        pid = gateway.process.pid
        crowd = Crowd(gateway.port, "/watch/v1/irc/%23many")
        self.addCleanup(crowd.close)
        crowd.open(50)  # whatever is made once is made
        crowd.read_until(b'"state":"quiet"')
        before = resident(pid)
        crowd.open(VIEWERS - 50)
        crowd.read_until(b'"state":"quiet"')
        each = (resident(pid) - before) / (VIEWERS - 50)

        ada = await IrcPerson.connect(irc, "adamany", ["#many"])
        self.addAsyncCleanup(ada.close)
        spread = crowd.read_until(b'"people":1')
        await ada.say("#many", "hello to all of you")
        crowd.read_until(b"hello to all of you")
        self.assertEqual(0, crowd.gone)
        self.assertEqual(1, connections_to(irc.port, pid))
        members = [event for event in ada.events if event[0] == "members" and event[1] == "#many"]
        names = {name.lstrip("@+%") for line in members for name in line[2:]}
        self.assertEqual({"lookout", "adamany"}, names)
        print(f"\n{VIEWERS} viewers: {each:.0f} bytes of user memory each; from the first to the last "
              f"told {spread * 1000:.0f} ms")
        self.assertLess(each, 2048)


if __name__ == "__main__":
    unittest.main()
