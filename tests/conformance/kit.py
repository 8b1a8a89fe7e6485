# SPDX-License-Identifier: GPL-3.0-or-later
"""What the kits of XMPP have in common: a list of named checks, each pointed at a server by URL, that
pass or say why not; as unittest against Halley in front of Prosody, as a table against anybody."""

import asyncio
import os
import sys
import unittest

import aiohttp

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

AUTH = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>"
PING = "<iq xmlns='jabber:client' type='get' id='{id}'><ping xmlns='urn:xmpp:ping'/></iq>"
BIND = ("<iq xmlns='jabber:client' type='set' id='bind'>"
        "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")


class Wire:
    """A client of `url`, who enters `domain` as a guest."""

    def __init__(self, url, domain):
        self.url, self.domain = url, domain
        self.http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

    async def close(self):
        await self.http.close()


class NotTried(AssertionError):
    """The server's settings do not let this be seen in reasonable time."""


def mark_of(found):
    if found is None:
        return "yes"
    return "-" if found.startswith("not tried") else "no"


class Checklist:
    def __init__(self, title):
        self.title = title
        self.checks = []  # (number, sentence, function)

    def check(self, number, sentence):
        def keep(function):
            self.checks.append((number, sentence, function))
            return function
        return keep

    async def run(self, make_wire):
        """{number: None or what is wrong}. `make_wire` opens a fresh one for each check."""
        found = {}
        for number, _, function in self.checks:
            wire = make_wire()
            try:
                async with asyncio.timeout(60):
                    await function(wire)
                found[number] = None
            except NotTried as why:
                found[number] = f"not tried: {why}"
            except AssertionError as wrong:
                found[number] = str(wrong) or "not so"
            except Exception as wrong:  # a server that breaks off has not passed
                found[number] = f"{type(wrong).__name__}: {wrong}"
            finally:
                await wire.close()
        return found

    def test_case(self, module, make_wire):
        """A class of that module with one test for each number; `make_wire(case)` makes its wire."""
        body = {"__module__": module}
        for number, sentence, function in self.checks:
            async def one(self, function=function):
                wire = make_wire(self)
                try:
                    async with asyncio.timeout(60):
                        await function(wire)
                finally:
                    await wire.close()
            name = "test_" + number.replace("-", "_") + "_" + "_".join(
                "".join(c if c.isalnum() else " " for c in sentence).split())[:60]
            one.__doc__ = f"{number} {sentence}"
            body[name] = one
        return type(self.title, (unittest.IsolatedAsyncioTestCase,), body)

    def on_halley(self, module, wire, address, **sessions):
        """The checks as a test of that module: `address(gateway)` is where its wires go."""
        from servers import Gateway, Prosody
        globals_of = sys.modules[module].__dict__

        def set_up():
            server = Prosody().start()
            unittest.addModuleCleanup(server.stop)
            gateway = Gateway([server.network("net", raw_clients=True)], shards=2,
                              sessions=sessions).start()
            unittest.addModuleCleanup(gateway.stop)
            globals_of.update(server=server, gateway=gateway)

        globals_of["setUpModule"] = set_up
        return self.test_case(module, lambda case: wire(
            address(globals_of["gateway"]), "guest." + globals_of["server"].domain))

    def main(self, wire):
        """URL DOMAIN [URL DOMAIN ...]: their table."""
        words = sys.argv[1:]
        columns = {url: asyncio.run(self.run(lambda: wire(url, domain)))
                   for url, domain in zip(words[::2], words[1::2])}
        self.print_table(columns)

    def print_table(self, columns):
        """`columns`: {name of server: result of run()}."""
        print("| number | requirement | " + " | ".join(columns) + " |")
        print("|---|---|" + "---|" * len(columns))
        for number, sentence, _ in self.checks:
            marks = [mark_of(found[number]) for found in columns.values()]
            print(f"| {number} | {sentence} | " + " | ".join(marks) + " |")
        for name, found in columns.items():
            print(f"\n{name}: {sum(why is None for why in found.values())} of {len(found)}")
            for number, why in found.items():
                if why is not None:
                    print(f"  {number}: {why[:160]}")


def same(expected, found, what=""):
    assert expected == found, f"{what} is {found!r}, not {expected!r}"


def holds(condition, why):
    assert condition, why
