# SPDX-License-Identifier: GPL-3.0-or-later
"""Just enough of HTTP/1.1 to see where a request begins and ends, so that a whole one can be doubled
and a header added. Bodies have a length: no client of the tests sends chunks."""


class Request:
    def __init__(self, head, body):
        self.head = head  # with the empty line
        self.body = body

    @property
    def method(self):
        return self.head.split(b" ", 1)[0].decode("latin-1")

    @property
    def path(self):
        return self.head.split(b" ", 2)[1].decode("latin-1")

    def header(self, name):
        wanted = name.lower().encode() + b":"
        for line in self.head.split(b"\r\n")[1:]:
            if line.lower().startswith(wanted):
                return line[len(wanted):].strip().decode("latin-1")
        return None

    def with_header(self, name, value):
        first, rest = self.head.split(b"\r\n", 1)
        return Request(first + b"\r\n" + f"{name}: {value}\r\n".encode() + rest, self.body)

    @property
    def upgrades(self):
        return self.header("Upgrade") is not None

    @property
    def text(self):
        return self.head + self.body


async def read_request(reader):
    """None at the end of the connection."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = await reader.readline()
        if not line:
            return None
        head += line
    request = Request(head, b"")
    length = int(request.header("Content-Length") or 0)
    if length:
        request.body = await reader.readexactly(length)
    return request
