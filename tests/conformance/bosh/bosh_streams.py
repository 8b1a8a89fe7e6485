# SPDX-License-Identifier: GPL-3.0-or-later
"""Several streams, script syntax, errors, XMPP over it (XEP-0206)."""

from bosh_wire import FEATURES, XBOSH, kit
from kit import AUTH, PING, NotTried, holds, same


# --- several streams ------------------------------------------------------------------------------
async def second_stream(wire):
    """The names of two streams, the first with a guest, the second fresh."""
    created = await wire.enter()
    first = created.attribute("stream")
    if not first:
        raise NotTried("no stream in the creation response")
    answer = await wire.ask(attributes=f"to='{wire.domain}' xmpp:version='1.0'")
    second = answer.attribute("stream")
    holds(second and second != first, answer.text)
    holds(answer.attribute("sid") is None, "the attributes of a session again")
    return first, second, answer


@kit.check("B-60", "the creation names its stream")
async def _(wire):
    if not (await wire.create()).attribute("stream"):
        raise NotTried("no stream in the creation response")


@kit.check("B-61", "an empty request with to opens another stream")
async def _(wire):
    _, second, answer = await second_stream(wire)
    while not answer.has("features"):
        answer = await wire.ask()
    same(second, answer.attribute("stream"), "whose features")


@kit.check("B-62", "requests reach the stream they name, answers name theirs")
async def _(wire):
    first, second, _ = await second_stream(wire)
    answer = await wire.ask(AUTH, f"stream='{second}'")
    while not answer.has("success"):
        answer = await wire.ask()
    same(second, answer.attribute("stream"), "who succeeded")
    answer = await wire.ask(PING.format(id="p1"), f"stream='{first}'")
    while not answer.has("iq"):
        answer = await wire.ask()
    same(first, answer.attribute("stream"), "who was answered")


@kit.check("B-62b", "an unknown stream is item-not-found")
async def _(wire):
    await second_stream(wire)
    same(("terminate", "item-not-found"),
         (await wire.ask(PING.format(id="p1"), "stream='no-such-stream'")).ends_with)


@kit.check("B-63", "the end of one stream leaves the other")
async def _(wire):
    first, second, _ = await second_stream(wire)
    await wire.ask("", f"type='terminate' stream='{second}'")
    answer = await wire.ask(PING.format(id="p1"))
    while not answer.has("iq"):
        same((None, None), answer.ends_with)
        answer = await wire.ask()


# --- scripts (XEP-0252) ---------------------------------------------------------------------------
@kit.check("S-01", "a session by <script> elements: its answers call _BOSH_")
async def _(wire):
    answer, _ = await wire.script(wire.text(
        f"to='{wire.domain}' xml:lang='en' xmpp:version='1.0' ver='1.11' wait='5' hold='1'"))
    wire.sid = answer.attribute("sid")
    holds(wire.sid, answer.text)
    for field, part in (("Content-Type", "javascript"), ("Cache-Control", "no-store"),
                        ("Cache-Control", "no-cache"), ("Pragma", "no-cache")):
        holds(part in answer.headers.get(field, ""), f"{field}: {answer.headers.get(field)}")


@kit.check("S-02", "which keeps to scripts")
async def _(wire):
    answer, _ = await wire.script(wire.text(
        f"to='{wire.domain}' xmpp:version='1.0' ver='1.11' wait='5' hold='1'"))
    wire.sid = answer.attribute("sid")
    same(("terminate", "item-not-found"), (await wire.ask()).ends_with)


@kit.check("S-03", "line breaks, quotes and format characters do not stand in an answer as they are")
async def _(wire):
    said, text = await wire.script("<body/>")
    holds(said.ends_with[0] == "terminate", said.text)
    holds(not set(text[8:-2]) & set('"\n\r\u2028\u2029\u00ad'), text)


@kit.check("S-05", "a stanza may be cut anywhere over several requests")
async def _(wire):
    answer, _ = await wire.script(wire.text(
        f"to='{wire.domain}' xml:lang='en' xmpp:version='1.0' ver='1.11' wait='2' hold='1'"))
    wire.sid = answer.attribute("sid")
    while not answer.has("features"):
        wire.rid += 1
        answer, _ = await wire.script(wire.text())
    for part in (AUTH[:9], AUTH[9:40], AUTH[40:]):
        wire.rid += 1
        answer, _ = await wire.script(wire.text(inside=part))
    while not answer.has("success"):
        same((None, None), answer.ends_with)
        wire.rid += 1
        answer, _ = await wire.script(wire.text())


# --- errors ---------------------------------------------------------------------------------------
@kit.check("B-71", "clients without ver get HTTP codes, others 200")
async def _(wire):
    await wire.create("wait='5' hold='1'")
    same(404, (await wire.ask(rid=wire.rid + 50)).status, "without ver")
    wire.sid = None
    await wire.create()
    same(200, (await wire.ask(rid=wire.rid + 50)).status, "with ver")


# --- XEP-0206 -------------------------------------------------------------------------------------
@kit.check("X-02", "the creation has xmpp:version and features declare their prefix")
async def _(wire):
    answer = await wire.create()
    same("1.0", answer.attribute(XBOSH + "version"), "xmpp:version")
    if not answer.has("features"):
        answer = await wire.ask_for("features")
    holds(answer.body.find(FEATURES) is not None, answer.text)


@kit.check("X-03", "restarts are announced")
async def _(wire):
    same("true", (await wire.create()).attribute(XBOSH + "restartlogic"), "xmpp:restartlogic")


@kit.check("X-04", "no STARTTLS and no compression in the features")
async def _(wire):
    answer = await wire.create()
    if not answer.has("features"):
        answer = await wire.ask_for("features")
    holds(not answer.has("starttls") and not answer.has("compression"), answer.text)


@kit.check("X-05", "a guest logs in, restarts, binds and is answered")
async def _(wire):
    await wire.enter()
    await wire.ask_for("iq", PING.format(id="p1"))


@kit.check("X-07", "a stream error is passed on with remote-stream-error")
async def _(wire):
    await wire.enter()
    answer = await wire.ask("<message xmlns='jabber:client' to='a@b@c'><body></body></message>"
                            "<nonsense xmlns='urn:no:such:thing'/><message xmlns='jabber:client' "
                            "from='nobody@nowhere.invalid/x' to='a@b'/>")
    for _ in range(5):
        if answer.attribute("type") == "terminate":
            break
        answer = await wire.ask()
    same(("terminate", "remote-stream-error"), answer.ends_with)
    holds(answer.has("}error"), "no stream error inside")
