# SPDX-License-Identifier: GPL-3.0-or-later
"""config/quickstart, as somebody with a fresh checkout meets it: a page, two networks that answer, a
second start in no time, nothing left behind. Uses the build the tests use."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

from people.browser import Browser  # noqa: E402
from servers.process import free_port  # noqa: E402


def running_in(folder):
    """The pids of processes whose working folder is inside `folder`."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.readlink(entry / "cwd").startswith(str(folder)):
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


class Quickstart:
    """Started, and waited for until it names its page."""

    def __init__(self, state):
        self.state = pathlib.Path(state).resolve()
        self.ports = {name: free_port() for name in ("http", "demo", "irc", "xmpp")}
        self.url = None
        self.text = ""

    def command(self):
        options = [f"--{name}-port={port}" for name, port in self.ports.items()]
        return [ROOT / "config/quickstart", "--no-install", "--state", self.state,
                *(word for option in options for word in option.split("="))]

    def start(self):
        began = time.monotonic()
        self.process = subprocess.Popen(
            self.command(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            stdin=subprocess.DEVNULL, env={**os.environ, "HALLEY_PRESET": "dev"})
        for line in self.process.stdout:
            self.text += line
            words = line.split()
            if words[:1] == ["Open"]:
                self.url = words[1].rstrip("/")
            if "Ctrl-C" in line:
                break
        self.took = time.monotonic() - began
        return self

    def stop(self, how=signal.SIGINT):
        if self.process.poll() is None:
            self.process.send_signal(how)
        if not self.process.stdout.closed:
            self.text += self.process.communicate(timeout=30)[0]
        return self.process.returncode

    def read(self, path):
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            return answer.read().decode()


class FirstVisit(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="halley-quickstart-")
        self.addCleanup(folder.cleanup)
        self.state = folder.name

    def started(self):
        one = Quickstart(self.state)
        one.start()
        self.addCleanup(one.stop, signal.SIGTERM)
        self.assertIsNotNone(one.url, one.text)
        return one

    async def test_the_page_is_there_and_two_people_meet_on_both_networks(self):
        one = self.started()
        self.assertIn("<html", one.read("/"))
        networks = {entry["network"]: entry for entry in json.loads(one.read("/chat/v1/networks"))}
        self.assertEqual({name: entry["kind"] for name, entry in networks.items()},
                         {"irc": "irc", "xmpp": "xmpp"})
        for network, entry in networks.items():
            with self.subTest(network=network):
                room = entry["rooms"][0]
                ann = await Browser.enter(one.url, network, "ann", "websocket", [room])
                self.addAsyncCleanup(ann.close)
                await ann.sees("members")
                bob = await Browser.enter(one.url, network, "bob", "websocket", [room])
                self.addAsyncCleanup(bob.close)
                await bob.sees("members")
                await ann.say(room, f"hello {network}")
                await bob.hears(f"hello {network}", by="ann")
                await ann.leave()
                await bob.leave()

    async def test_the_second_start_takes_less_than_five_seconds_and_nothing_is_left(self):
        first = self.started()
        self.assertEqual(first.stop(), 130)
        self.assertEqual(running_in(self.state), [])
        took = []
        while len(took) < 3 and min(took, default=5) >= 5:  # the machine may be busy with others
            again = self.started()
            took.append(again.took)
            self.assertEqual(again.stop(signal.SIGTERM), 143)
            self.assertEqual(running_in(self.state), [])
        self.assertLess(min(took), 5)

    async def test_if_it_is_killed_its_servers_end_too(self):
        one = self.started()
        self.assertEqual(len(running_in(self.state)), 4)
        self.assertEqual(one.stop(signal.SIGKILL), -signal.SIGKILL)
        until = time.monotonic() + 20
        while running_in(self.state) and time.monotonic() < until:
            time.sleep(0.05)
        self.assertEqual(running_in(self.state), [])

    async def test_a_taken_port_gets_a_sentence_that_says_what_to_do(self):
        one = self.started()
        another = Quickstart(tempfile.mkdtemp(dir=self.state))
        another.ports["irc"] = one.ports["irc"]
        another.start()
        self.assertEqual(another.stop(), 1)
        self.assertIn(f"port {one.ports['irc']} is taken", another.text)
        self.assertIn("--irc-port", another.text)

    async def test_a_server_that_dies_is_named_and_all_is_stopped(self):
        one = self.started()
        irc = [pid for pid in running_in(self.state)
               if b"inspircd" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()]
        os.kill(irc[0], signal.SIGKILL)
        self.assertEqual(one.process.wait(30), 1)
        one.text += one.process.stdout.read()
        self.assertIn("inspircd has ended", one.text)
        self.assertEqual(running_in(self.state), [])


if __name__ == "__main__":
    unittest.main()
