#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What BOSH and XMPP over WebSocket cost: the same clients on the ports that Prosody and ejabberd bring
themselves, then through the gateway to the plain port of the same server. In one run: user memory of a
client right after it has entered its room and after so many seconds of quiet as --quiet says; processor time
of one delivered message, paced (10 a second) and in bursts of 20; with --calls in place of these the
gateway's system calls of one message. In the same run the floor: bare_relay.cpp before the server's own
port, which reads what comes on one socket and writes it to another. With BOSH it has the requests to pass
on as well, which the gateway answers itself. Prints tables and judges nothing.

The clients are a process of their own that shares the machine with what is measured. With BOSH each has
one connection, wait 60 and hold 1; who speaks does so over WebSocket.

    raw_xmpp_cost.py [--clients 300] [--room 100] [--lines 60] [--servers prosody,ejabberd] [--quiet 130]
                     [--calls]
"""

import argparse
import os
import statistics
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "..", ".."))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
sys.path.insert(0, HERE)
RELEASE = os.path.join(ROOT, "build/release/halley")
if os.path.exists(RELEASE):  # what is installed is what is measured
    os.environ.setdefault("HALLEY_BIN", RELEASE)

from measure import CALLS, CallCounts, Generator, Relay, Usage, built  # noqa: E402
from servers import Ejabberd, Gateway, Prosody  # noqa: E402
from servers.gateway import binary  # noqa: E402

SERVERS = {"prosody": ("Prosody", Prosody), "ejabberd": ("ejabberd", Ejabberd)}
CARRIERS = {"bosh": "BOSH", "xmpp_websocket": "WebSocket"}


class Way:
    """Some clients on one carrier at one door, and the servers whose cost is looked at."""

    def __init__(self, carrier, host, port, server, counted, choice):
        self.counted = counted  # name -> servers
        self.choice = choice
        self.delivered = 0  # of what was said last
        self.service = "@rooms." + server.domain
        self.crowd = Generator(built("load_generator"), carrier, host, port, speaker_port=port,
                               domain="guest." + server.domain, room_suffix=self.service)

    def measure(self):
        choice = self.choice
        try:
            self.crowd.open(1, 1, "warm", in_flight=4)
            idle = self.usage()
            self.crowd.open(choice.clients, choice.room, "cost", in_flight=4, timeout=240)
            full = self.usage()
            time.sleep(choice.quiet)
            quiet = self.usage()
            # Everybody's tables and buffers are warm.
            self.speak("burst", 20, 20)
            paced = [self.speak("paced", choice.lines, 100) for _ in range(choice.repeats)]
            burst = [self.speak("burst", choice.lines * 2, 20) for _ in range(choice.repeats)]
        finally:
            self.crowd.stop()
        return {name: ((full[name].memory - idle[name].memory) / choice.clients,
                       (quiet[name].memory - idle[name].memory) / choice.clients,
                       statistics.median(run[name] for run in paced),
                       statistics.median(run[name] for run in burst)) for name in self.counted}

    def usage(self):
        return {name: Usage(*servers) for name, servers in self.counted.items()}

    def speak(self, how, lines, third):
        before = self.usage()
        found = self.crowd.ask(how, "cost0" + self.service, lines, third, 80)
        after = self.usage()
        if found["delivered"] < found["expected"]:
            print(f"  {found['expected'] - found['delivered']} of {found['expected']} not delivered")
        self.delivered = max(1, found["delivered"])
        return {name: (after[name].seconds - before[name].seconds) / self.delivered * 1e6
                for name in self.counted}


def count_calls(kind, carrier, choice):
    """A table row for each way of speaking: system calls of one delivered message."""
    title, make = SERVERS[kind]
    counts = CallCounts(built("libcall_counter.so"))
    with make() as server, \
            Gateway([server.network("net", raw_clients=True)], preload=counts.preload) as gateway:
        way = Way(carrier, gateway.host, gateway.port, server, {}, choice)
        try:
            way.crowd.open(choice.clients, choice.room, "cost", in_flight=4, timeout=240)
            way.speak("burst", 20, 20)
            for how, lines, third in (("paced", choice.lines, 100), ("burst", choice.lines * 2, 20)):
                before = counts.read()
                way.speak(how, lines, third)
                calls = [(counts.read()[name] - before[name]) / way.delivered for name in CALLS]
                print(f"  {f'{title}, {CARRIERS[carrier]}, {how}':32} "
                      + " ".join(f"{one:10.3f}" for one in calls) + f" {sum(calls):8.3f}", flush=True)
        finally:
            way.crowd.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--clients", type=int, default=300)
    parser.add_argument("--room", type=int, default=100)
    parser.add_argument("--lines", type=int, default=60)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--servers", default="prosody,ejabberd")
    parser.add_argument("--quiet", type=int, default=0)
    parser.add_argument("--calls", action="store_true")
    choice = parser.parse_args()
    print(f"{binary()}, {os.cpu_count()} processors; {choice.clients} clients in rooms of "
          f"{choice.room}")
    if choice.calls:
        print(f"  {'system calls of the gateway':32} "
              + " ".join(f"{name:>10}" for name in CALLS) + f" {'all':>8}")
        for kind in choice.servers.split(","):
            for carrier in CARRIERS:
                count_calls(kind, carrier, choice)
        return
    print(f"  {'':42} {'KiB a client':>13} {'quiet':>7} {'us paced':>9} {'us burst':>9}", flush=True)
    for kind in choice.servers.split(","):
        title, make = SERVERS[kind]
        for carrier, spoken in CARRIERS.items():
            rows = {}
            with make(own_web=True) as server:
                rows.update(Way(carrier, server.host, server.http_port, server,
                                {f"{title}, its own {spoken}": [server]}, choice).measure())
            with make(own_web=True) as server, Relay(server.host, server.http_port) as relay:
                rows.update(Way(carrier, relay.host, relay.port, server,
                                {f"The floor before {title}, {spoken}": [relay]}, choice).measure())
            with make() as server, Gateway([server.network("net", raw_clients=True)]) as gateway:
                rows.update(Way(carrier, gateway.host, gateway.port, server,
                                {f"Halley before {title}, {spoken}": [gateway],
                                 f"  both together": [gateway, server]}, choice).measure())
            own, floor, halley, both = rows.values()
            for name, row in rows.items():
                print(f"  {name:42} {row[0]:13.1f} {row[1]:7.1f} {row[2]:9.1f} {row[3]:9.1f}")
            for name, these, those in (("both : its own", both, own), ("Halley : floor", halley, floor)):
                print(f"  {'  ' + name:42} "
                      + " ".join(f"{a / b if b > 0 else 0:{width}.2f}"
                                 for a, b, width in zip(these, those, (13, 7, 9, 9))), flush=True)


if __name__ == "__main__":
    main()
