# SPDX-License-Identifier: GPL-3.0-or-later
"""The gateway itself: `halley serve` with settings made for one test. HALLEY_BIN names the program."""

import os
import re
import urllib.request

from .process import Server, free_port


def toml_value(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml_value(one) for one in value) + "]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def toml_table(header, values):
    return header + "\n" + "".join(f"{key} = {toml_value(value)}\n"
                                   for key, value in values.items()) + "\n"


def binary():
    here = os.path.dirname(os.path.abspath(__file__))
    built = os.path.join(here, "..", "..", "..", "build", "dev", "halley")
    return os.environ.get("HALLEY_BIN") or os.path.normpath(built)


class Gateway(Server):
    """`networks`: what the servers' network() gave. Limits are wide unless a test narrows them:
    tests come from one address."""

    user = None  # the build folder need not be open to others

    def __init__(self, networks, shards=1, sessions=None, http=None, node=None, preload=None):
        super().__init__("gateway")
        self.port = free_port()
        self.ops_port = free_port()
        self.preload = preload or {}
        self.node = {"name": "n1", "shards": shards, "log_level": "info", **(node or {})}
        self.http = {"listen": [f"127.0.0.1:{self.port}"], "connections_per_address": 100000,
                     "script_carrier": True, **(http or {})}
        self.sessions = {"poll_s": 0.1, "per_address": 9900, "detached_per_address": 9900,
                         "total": 9900, "command_rate": 1000, "command_burst": 5000, **(sessions or {})}
        self.networks = [{"flood_rate": 1000, "flood_burst": 5000, **network}
                         if network["kind"] == "irc" else network for network in networks]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def metrics(self):
        """What /metrics says now: {name: sum over shards}; with other labels {'name{a="b"}': sum}."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ops_port}/metrics", timeout=20) as answer:
            text = answer.read().decode()
        out = {}
        for line in text.splitlines():
            if line.startswith("#") or not line:
                continue
            name, _, value = line.rpartition(" ")
            name = re.sub(r',?shard="[0-9]+"', "", name).replace("{}", "")
            out[name] = out.get(name, 0) + float(value)
        return out

    def command(self):
        text = toml_table("[node]", self.node) + toml_table("[http]", self.http)
        text += toml_table("[ops]", {"listen": [f"127.0.0.1:{self.ops_port}"]})
        text += toml_table("[sessions]", self.sessions)
        for network in self.networks:
            text += toml_table("[[network]]", network)
        return [binary(), "serve", "-c", self.write("halley.toml", text)]

    def environment(self):
        # ASAN_OPTIONS and the like must reach the program under test.
        return {**os.environ, **self.preload}

    def waited_for(self):
        return [(self.host, self.port)]
