# SPDX-License-Identifier: GPL-3.0-or-later
"""The fault proxy does what it is told and counts it: each fault seen from both sides."""

import asyncio
import os
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))

from faults import DOWN, UP, FaultProxy, Storm, read_request  # noqa: E402

PATIENCE = 20


class Target:
    """Keeps what each connection brought; answers lines with the same line, requests with a count."""

    def __init__(self, http=False):
        self.http = http
        self.seen = []       # one bytearray for each connection
        self.requests = []   # in the order of their ends
        self.ends = []       # how each connection ended: "fin", "rst"
        self.writers = []

    async def open(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        return self.server.sockets[0].getsockname()

    async def serve(self, reader, writer):
        seen = bytearray()
        self.seen.append(seen)
        self.writers.append(writer)
        try:
            if self.http:
                while (request := await read_request(reader)) is not None:
                    self.requests.append(request)
                    body = f"answer {len(self.requests)}".encode()
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                    if request.header("Connection") == "close":
                        break
            else:
                while line := await reader.read(4096):
                    seen += line
                    writer.write(line)
            self.ends.append("fin")
        except ConnectionError:
            self.ends.append("rst")
        writer.close()


class FaultProxyTest(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        asyncio.get_running_loop().set_debug(False)

    async def start(self, target=None, **more):
        self.target = target or Target()
        self.proxy = FaultProxy(await self.target.open(), **more)
        await self.proxy.open()
        self.addAsyncCleanup(self.proxy.close)
        self.addCleanup(self.target.server.close)

    async def call(self):
        reader, writer = await asyncio.open_connection(self.proxy.host, self.proxy.port)
        self.addCleanup(writer.close)
        return reader, writer

    async def echo(self, reader, writer, text):
        writer.write(text)
        return await self.soon(reader.readexactly(len(text)))

    async def soon(self, what):
        return await asyncio.wait_for(what, PATIENCE)

    async def until(self, holds):
        async with asyncio.timeout(PATIENCE):
            while not holds():
                await asyncio.sleep(0.005)

    def only(self):
        (one,) = self.proxy.live
        return one

    async def test_without_faults_bytes_and_ends_pass(self):
        await self.start()
        reader, writer = await self.call()
        self.assertEqual(b"one", await self.echo(reader, writer, b"one"))
        passage = self.only()
        writer.write_eof()
        self.assertEqual(b"", await self.soon(reader.read()))
        self.assertEqual(["fin"], self.target.ends)
        self.assertEqual({UP: 3, DOWN: 3}, passage.passed)
        await self.until(lambda: not self.proxy.live)

    async def test_a_cut_is_an_end_for_both(self):
        await self.start()
        reader, writer = await self.call()
        await self.echo(reader, writer, b"one")
        self.only().cut()
        self.assertEqual(b"", await self.soon(reader.read()))
        await self.until(lambda: self.target.ends == ["fin"])
        self.assertEqual(1, self.proxy.count["cut"])

    async def test_a_reset_is_an_error_for_both(self):
        await self.start()
        reader, writer = await self.call()
        await self.echo(reader, writer, b"one")
        self.only().reset()
        with self.assertRaises(ConnectionResetError):
            await self.soon(reader.read())
        await self.until(lambda: self.target.ends == ["rst"])

    async def test_a_reset_comes_after_so_many_bytes(self):
        await self.start()
        self.proxy.script = lambda passage: passage.reset_after(DOWN, 5)
        reader, writer = await self.call()
        writer.write(b"0123456789")
        passages = set(self.proxy.live)
        with self.assertRaises(ConnectionResetError):
            while True:
                passages |= self.proxy.live
                await self.soon(reader.readexactly(1))
        self.assertEqual([5], [one.passed[DOWN] for one in passages])
        self.assertEqual(1, self.proxy.count["reset"])

    async def test_what_is_stalled_comes_later_and_whole(self):
        await self.start()
        reader, writer = await self.call()
        await self.echo(reader, writer, b"one")
        passage = self.only()
        passage.stall(DOWN)
        writer.write(b"two")
        await self.until(lambda: self.target.seen[0] == b"onetwo")
        self.assertEqual(3, passage.passed[DOWN])
        passage.go_on()
        self.assertEqual(b"two", await self.soon(reader.readexactly(3)))

    async def test_what_is_stalled_when_the_cut_comes_is_lost(self):
        await self.start()
        reader, writer = await self.call()
        await self.echo(reader, writer, b"one")
        passage = self.only()
        passage.stall(UP)
        writer.write(b"two")
        passage.cut()
        await self.until(lambda: self.target.ends)
        self.assertEqual(b"one", self.target.seen[0])

    async def test_a_half_close_leaves_the_other_way(self):
        await self.start()
        reader, writer = await self.call()
        await self.echo(reader, writer, b"one")
        self.only().half_close(DOWN)
        self.assertEqual(b"", await self.soon(reader.read()))
        writer.write(b"two")
        await self.until(lambda: self.target.seen[0] == b"onetwo")
        self.assertEqual([], self.target.ends)

    async def test_slow_is_as_slow_as_told(self):
        await self.start()
        self.proxy.script = lambda passage: passage.slow(1000, DOWN)
        reader, writer = await self.call()
        began = time.monotonic()
        self.assertEqual(b"x" * 600, await self.echo(reader, writer, b"x" * 600))
        self.assertGreaterEqual(time.monotonic() - began, 0.5)

    async def test_a_later_connection_is_served_before_an_earlier(self):
        await self.start()
        self.proxy.hold_next()
        early, late = await self.call(), await self.call()
        early[1].write(b"early")
        await self.until(lambda: self.proxy.count["connections"] == 2)
        self.assertEqual(b"late", await self.echo(*late, b"late"))
        self.assertEqual(b"early", await self.soon(early[0].readexactly(5)))
        self.assertEqual([b"late", b"early"], [bytes(seen) for seen in self.target.seen])

    async def test_a_closed_port_refuses_and_opens_again(self):
        await self.start()
        await self.proxy.close()
        with self.assertRaises(ConnectionRefusedError):
            await self.call()
        await self.proxy.open()
        self.assertEqual(b"one", await self.echo(*await self.call(), b"one"))

    async def test_a_proxy_header_comes_first(self):
        await self.start(proxy_header=True)
        reader, writer = await self.call()
        line = await self.soon(reader.readline())
        me = writer.get_extra_info("sockname")
        self.assertEqual(["PROXY", "TCP4", me[0], "127.0.0.1", str(me[1])], line.decode().split()[:5])

    # --- requests ---------------------------------------------------------------------------------
    async def ask(self, reader, writer, body, head=""):
        writer.write(f"POST /a HTTP/1.1\r\nHost: h\r\n{head}Content-Length: {len(body)}\r\n\r\n{body}"
                     .encode())
        head = await self.soon(reader.readuntil(b"\r\n\r\n"))
        length = int(head.split(b"Content-Length: ")[1].split(b"\r\n")[0])
        return (await self.soon(reader.readexactly(length))).decode()

    async def test_a_doubled_request_arrives_twice_and_is_answered_once(self):
        await self.start(Target(http=True), http=True)
        connection = await self.call()
        self.assertEqual("answer 1", await self.ask(*connection, "plain"))
        self.proxy.double_next("first")
        answer = await self.ask(*connection, "doubled")
        await self.until(lambda: len(self.target.requests) == 3)
        self.assertEqual([b"plain", b"doubled", b"doubled"],
                         [one.body for one in self.target.requests])
        self.assertIn(answer, ("answer 2", "answer 3"))
        self.assertEqual("answer 4", await self.ask(*connection, "after it"))
        await self.until(lambda: self.proxy.count["answers_thrown_away"] == 1)

    async def test_the_first_answer_may_be_the_one_that_is_lost(self):
        await self.start(Target(http=True), http=True)
        connection = await self.call()
        self.proxy.double_next("copy")
        self.assertEqual("answer 2", await self.ask(*connection, "doubled"))

    async def test_the_visitors_address_is_told(self):
        await self.start(Target(http=True), http=True,
                         forwarded_for=lambda passage: f"10.0.0.{passage.number}")
        await self.ask(*await self.call(), "one")
        await self.ask(*await self.call(), "two")
        self.assertEqual(["10.0.0.1", "10.0.0.2"],
                         [one.header("X-Forwarded-For") for one in self.target.requests])

    async def test_an_upgraded_connection_passes_as_it_is(self):
        await self.start(http=True)
        reader, writer = await self.call()
        head = b"GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"
        self.assertEqual(head, await self.echo(reader, writer, head))
        self.assertEqual(b"\x81\x00\r\nraw", await self.echo(reader, writer, b"\x81\x00\r\nraw"))
        self.assertEqual(1, self.proxy.count["requests"])

    # --- storms -----------------------------------------------------------------------------------
    async def test_a_storm_is_the_same_for_the_same_seed(self):
        async def blow(seed):
            await self.start()
            storm = Storm([self.proxy], {"cut": 1, "reset": 1, "stall": 1, "slow": 1, "double": 1},
                          1, seed)
            for _ in range(12):
                storm.strike()
            counted = (dict(self.proxy.count), [storm.random.random()])
            await storm.calm()
            return counted
        one = await blow(7)
        self.assertEqual(one, await blow(7))
        self.assertNotEqual(one, await blow(8))

    async def test_a_storm_strikes_what_is_live_and_ends(self):
        await self.start()
        pairs = [await self.call() for _ in range(8)]
        for pair in pairs:
            await self.echo(*pair, b"one")
        storm = Storm([self.proxy], {"cut": 1, "stall": 1}, 0.01, 1)
        storm.begin()
        await self.until(lambda: self.proxy.count["cut"] >= 3 and self.proxy.count["stall"] >= 3)
        await storm.calm()
        survivors = len(self.proxy.live)
        self.assertLess(survivors, 8)
        for passage in self.proxy.live:
            self.assertTrue(all(gate.is_set() for gate in passage._gates.values()))

    def test_a_misspelt_fault_is_refused(self):
        with self.assertRaises(ValueError):
            Storm([], {"cute": 1}, 1, 1)


if __name__ == "__main__":
    unittest.main()
