# SPDX-License-Identifier: GPL-3.0-or-later
"""Request ids and keys: order, repeats, who may ask."""

import asyncio
import hashlib

from bosh_wire import kit
from kit import PING, holds, same


# --- request ids ----------------------------------------------------------------------------------
@kit.check("B-50", "requests that overtake each other are taken in order")
async def _(wire):
    await wire.enter("ver='1.11' wait='3' hold='1'")
    early = wire.ask_later(PING.format(id="second"), rid=wire.rid + 2)
    await asyncio.sleep(0.3)
    holds(not early.done(), "answered before the one before it")
    late = wire.ask_later(PING.format(id="first"), rid=wire.rid + 1)
    wire.rid += 2
    async with asyncio.timeout(20):
        text = (await late).text + (await early).text
    holds("first" in text and "terminate" not in text, text)


@kit.check("B-50b", "a rid beyond the window ends the session")
async def _(wire):
    await wire.create()
    same(("terminate", "item-not-found"), (await wire.ask(rid=wire.rid + 50)).ends_with)


@kit.check("B-52", "a repeat gets the same answer and is not carried out again")
async def _(wire):
    await wire.enter()
    answer = await wire.ask(PING.format(id="p1"))
    again = await wire.ask(PING.format(id="p1"), rid=wire.rid)
    same(answer.text, again.text, "the repeat")


@kit.check("B-53", "of a rid asked twice the older connection gets a recoverable error")
async def _(wire):
    await wire.enter("ver='1.11' wait='3' hold='1'")
    await wire.ask()
    older = wire.ask_later()
    await asyncio.sleep(0.3)
    newer = wire.ask_later(rid=wire.rid)
    async with asyncio.timeout(2):
        same("error", (await older).attribute("type"), "type")
    same((None, None), (await newer).ends_with)


@kit.check("B-54", "a rid nobody remembers is item-not-found")
async def _(wire):
    await wire.enter()
    old = wire.rid
    for i in range(6):
        await wire.ask(PING.format(id=f"p{i}"))
    same(("terminate", "item-not-found"), (await wire.ask(rid=old)).ends_with)


# --- keys -----------------------------------------------------------------------------------------
def chain(length):
    keys = ["seed"]
    for _ in range(length):
        keys.append(hashlib.sha1(keys[-1].encode()).hexdigest())
    return keys


@kit.check("B-55", "a request with the right key is carried out")
async def _(wire):
    keys = chain(6)
    created = await wire.create(f"ver='1.11' wait='2' hold='1' newkey='{keys.pop()}'")
    holds(created.attribute("sid"), "no session")
    same((None, None), (await wire.ask(attributes=f"key='{keys.pop()}'")).ends_with)


@kit.check("B-56", "one with a wrong key, or none, is not, and ends the session")
async def _(wire):
    for attributes in ("key='0000000000000000000000000000000000000000'", ""):
        wire.sid = None
        await wire.create(f"ver='1.11' wait='2' hold='1' newkey='{chain(5)[-1]}'")
        same(("terminate", "item-not-found"), (await wire.ask(attributes=attributes)).ends_with)


@kit.check("B-56b", "a repeat with a wrong key is refused, too")
async def _(wire):
    keys = chain(6)
    await wire.create(f"ver='1.11' wait='2' hold='1' newkey='{keys.pop()}'")
    await wire.ask(attributes=f"key='{keys.pop()}'")
    same(("terminate", "item-not-found"),
         (await wire.ask(attributes="key='1111'", rid=wire.rid)).ends_with)
