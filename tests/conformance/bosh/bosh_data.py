# SPDX-License-Identifier: GPL-3.0-or-later
"""What a session says and hears, waits for and may not do."""

import asyncio

from bosh_wire import kit, offered_pause
from kit import PING, NotTried, holds, same


@kit.check("B-25", "what arrives is answered at once")
async def _(wire):
    await wire.enter("ver='1.11' wait='20' hold='1'")
    async with asyncio.timeout(5):
        await wire.ask_for("iq", PING.format(id="p1"))


@kit.check("B-26", "a second request frees the first")
async def _(wire):
    await wire.enter("ver='1.11' wait='20' hold='1'")
    first = wire.ask_later()
    await asyncio.sleep(0.3)
    second = wire.ask_later("<presence xmlns='jabber:client' to='nobody@nowhere.invalid' "
                            "type='unavailable'/>")
    async with asyncio.timeout(5):
        same((None, None), (await first).ends_with)
    second.cancel()


@kit.check("B-27", "without news an empty answer comes within wait")
async def _(wire):
    await wire.enter("ver='1.11' wait='2' hold='1'")
    await wire.ask()
    began = asyncio.get_running_loop().time()
    answer = await wire.ask()
    holds(asyncio.get_running_loop().time() - began < 2.2, "longer than wait")
    same(0, len(answer.body), "what is inside")


def offered_acks(created):
    if created.attribute("ack") is None:
        raise NotTried("no acknowledgements")


@kit.check("B-30", "acknowledgements of the server, when the client asks for them")
async def _(wire):
    answer = await wire.create("ver='1.11' wait='5' hold='1' ack='1'")
    offered_acks(answer)
    same(wire.rid, answer.number("ack"), "ack")


@kit.check("B-32", "an answer that was lost is reported with report and time")
async def _(wire):
    offered_acks(await wire.enter("ver='1.11' wait='2' hold='1' ack='1'"))
    lost = wire.rid + 1
    await wire.ask(PING.format(id="p1"))
    answer = await wire.ask(attributes=f"ack='{lost - 1}'")
    same(lost, answer.number("report"), "report")
    holds(answer.number("time") >= 0, "no time")


@kit.check("B-33", "who acknowledges nothing is stopped before he fills the memory")
async def _(wire):
    offered_acks(await wire.enter("ver='1.11' wait='5' hold='1' ack='1'"))
    for i in range(60):
        answer = await wire.ask(PING.format(id="x" * 60_000), "ack='1'")
        if answer.ends_with == ("terminate", "policy-violation"):
            return
        same((None, None), answer.ends_with)
    raise AssertionError("3.6 MB that were never acknowledged are kept")


@kit.check("B-35", "a session nobody asks for ends after inactivity (waits for it)")
async def _(wire):
    answer = await wire.create()
    seconds = answer.number("inactivity")
    if not 0 < seconds <= 30:
        raise NotTried(f"inactivity is {seconds} s")
    await asyncio.sleep(seconds + 2)
    holds(await wire.is_gone(), "it is still there")


@kit.check("B-37", "a pause is answered at once, with everything that waits")
async def _(wire):
    offered_pause(await wire.enter("ver='1.11' wait='20' hold='1'"))
    first = wire.ask_later()
    await asyncio.sleep(0.3)
    async with asyncio.timeout(5):
        answers = await asyncio.gather(first, wire.ask(attributes="pause='10'"))
    for answer in answers:
        same((None, None), answer.ends_with)
    await wire.ask_for("iq", PING.format(id="p1"))


@kit.check("B-37b", "a pause longer than maxpause is a violation, or an empty request")
async def _(wire):
    most = offered_pause(await wire.enter("ver='1.11' wait='2' hold='1'"))
    answer = await wire.ask(attributes=f"pause='{most + 1}'")
    holds(answer.ends_with in (("terminate", "policy-violation"), (None, None)), answer.text)
    if answer.ends_with == (None, None):
        await wire.ask_for("iq", PING.format(id="p1"))


@kit.check("B-41", "empty requests that crowd in are stopped")
async def _(wire):
    created = await wire.enter("ver='1.11' wait='5' hold='1'")
    asked = []
    for _ in range(created.number("requests") * 4):
        asked.append(wire.ask_later())
        await asyncio.sleep(0.05)
    ends = [answer.ends_with for answer in await asyncio.gather(*asked)]
    holds(("terminate", "policy-violation") in ends, f"{len(asked)} at once get {ends}")


@kit.check("B-42", "who only polls faster than polling allows is stopped")
async def _(wire):
    await wire.create("ver='1.11' wait='0' hold='0'")
    for _ in range(20):
        answer = await wire.ask()
        if answer.ends_with == ("terminate", "policy-violation") or answer.status == 403:
            return
        same((None, None), answer.ends_with)
    raise AssertionError("20 empty requests at once are answered")


@kit.check("B-45", "an end by the client is answered, and the session is gone")
async def _(wire):
    await wire.enter("ver='1.11' wait='20' hold='1'")
    first = wire.ask_later()
    await asyncio.sleep(0.3)
    answer = await wire.ask("<presence xmlns='jabber:client' type='unavailable'/>",
                            "type='terminate'")
    same(200, answer.status)
    await first
    holds(await wire.is_gone(), "it is still there")
