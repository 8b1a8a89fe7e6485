# SPDX-License-Identifier: GPL-3.0-or-later
"""What clients and networks do, whatever is written."""

import asyncio

from bosh_wire import Socket, kit
from kit import PING, holds, same


@kit.check("D-06", "polling without wait works")
async def _(wire):
    await wire.create("ver='1.11' wait='0' hold='1'")
    async with asyncio.timeout(3):
        same((None, None), (await wire.ask()).ends_with)


@kit.check("D-07", "what was meant for a page that has gone comes with the next request")
async def _(wire):
    await wire.enter("ver='1.11' wait='20' hold='1'")
    gone = wire.ask_later(PING.format(id="p0"))
    await asyncio.sleep(0.5)
    waiting = wire.ask_later() if gone.done() else gone
    await asyncio.sleep(0.3)
    waiting.cancel()  # the page reloads: its connection is gone
    await asyncio.sleep(0.3)
    async with asyncio.timeout(10):
        await wire.ask_for("iq", PING.format(id="p1"))


@kit.check("D-07b", "what a reset connection did not take comes with the next request, once")
async def _(wire):
    await wire.enter("ver='1.11' wait='3' hold='1'")
    name = "lost" + "x" * 50_000
    wire.rid += 1
    broken = Socket(wire, wire.text(inside=PING.format(id=name)), receive_buffer=4096)
    await broken.is_answered()
    broken.reset()
    async with asyncio.timeout(10):
        answer = await wire.ask()
        while name not in answer.text:
            same((None, None), answer.ends_with)
            answer = await wire.ask()
    holds(name not in (await wire.ask()).text, "it came twice")


@kit.check("D-07c", "a client that asks again after a reset connection gets its answer")
async def _(wire):
    await wire.enter("ver='1.11' wait='3' hold='1'")
    name = "lost" + "x" * 50_000
    wire.rid += 1
    broken = Socket(wire, wire.text(inside=PING.format(id=name)), receive_buffer=4096)
    await broken.is_answered()
    broken.reset()
    answer = await wire.ask(PING.format(id=name), rid=wire.rid)
    holds(name in answer.text, answer.text[:100])
    holds(name not in (await wire.ask()).text, "it came twice")


@kit.check("D-09", "a page of the same origin may read every answer, errors too")
async def _(wire):
    origin = wire.url.rsplit("/", 1)[0]
    answer = await wire.post("nonsense", headers={"Origin": origin})
    holds(answer.headers.get("Access-Control-Allow-Origin") in ("*", origin), "no CORS field")
    await wire.enter()
    answer = await wire.ask(PING.format(id="d09"), headers={"Origin": origin})
    while not answer.has("iq"):
        answer = await wire.ask(headers={"Origin": origin})
    holds(answer.headers.get("Access-Control-Allow-Origin") in ("*", origin),
          "no CORS field on one that has waited")


@kit.check("D-12", "a rid of 2^53 - 2 goes on to 2^53 - 1")
async def _(wire):
    wire.rid = 2 ** 53 - 2
    holds((await wire.create()).attribute("sid"), "no session")
    same((None, None), (await wire.ask()).ends_with)
