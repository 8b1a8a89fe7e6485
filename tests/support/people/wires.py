# SPDX-License-Identifier: GPL-3.0-or-later
"""What the answers of the gateway look like on each carrier, read the way a page would read them. Pure
but for the streams handed in: each reader gives (number, event); hello has the number 0, an error the
number None."""

import json
import re

CARRIERS = ("websocket", "event_stream", "xhr_stream", "forever_frame", "long_poll", "script", "poll")
# Those of one request after the other; the others stay open.
POLLING = ("long_poll", "script", "poll")
CALLBACK = "page.on_answer"


class Recycled(Exception):
    """The stream has carried enough: come again with your cursor."""


async def lines_of(content):
    """Lines of a stream of any length (aiohttp's own iteration stops at 64 KiB)."""
    kept = b""
    async for piece in content.iter_any():
        kept += piece
        *whole, kept = kept.split(b"\n")
        for line in whole:
            yield line.rstrip(b"\r").decode("utf-8")


async def read_event_stream(content):
    data, number = [], None
    async for line in lines_of(content):
        if line.startswith("data:"):
            data.append(line[5:].lstrip(" "))
        elif line.startswith("id:"):
            number = int(line[3:].strip().rpartition("-")[2])
        elif line == "" and data:
            event = json.loads("\n".join(data))
            data = []
            yield (0 if event.get("ev") == "hello" else None if "ev" not in event else number), event


def read_line(line):
    """One line of xhr_stream; nothing for a heartbeat or the blanks before the first."""
    mark, _, text = line.partition(" ")
    if line.strip() == "":
        return None
    if mark == "=":
        raise Recycled
    return (None if mark == "!" else int(mark)), json.loads(text)


async def read_xhr_stream(content):
    async for line in lines_of(content):
        if (found := read_line(line)) is not None:
            yield found


SCRIPT = re.compile(r'^<script nonce="([A-Za-z0-9]+)">(h|e)\((.*)\)</script>$')
OBJECT = re.compile(r'^("!"|[0-9]+),(.*)$')


async def read_forever_frame(content):
    """The calls in the script elements, as the document's own functions would post them."""
    nonces = set()
    async for line in lines_of(content):
        call = SCRIPT.match(line)
        if call is None:
            if line.startswith("<script") and "function h(l)" not in line:
                raise AssertionError(f"a script that is no call: {line!r}")
            continue
        nonces.add(call[1])
        if len(nonces) != 1 or "<" in call[3] or "\u2028" in call[3] or "\u2029" in call[3]:
            raise AssertionError(f"this may not stand in a script: {line!r}")
        if call[2] == "h":
            posted = json.loads(call[3])
        else:
            mark, text = OBJECT.match(call[3]).groups()
            posted = mark.strip('"') + " " + text
        if (found := read_line(posted)) is not None:
            yield found


STREAMS = {"event_stream": read_event_stream, "xhr_stream": read_xhr_stream,
           "forever_frame": read_forever_frame}


def read_call(text):
    """The argument of the call a script makes."""
    head, tail = f"/**/{CALLBACK}(", ");"
    if not text.startswith(head) or not text.endswith(tail):
        raise AssertionError(f"no call of {CALLBACK}: {text[:80]!r}")
    argument = text[len(head):-len(tail)]
    if "<" in argument or "\u2028" in argument or "\u2029" in argument:
        raise AssertionError(f"this may not stand in a script: {argument[:80]!r}")
    return json.loads(argument)
