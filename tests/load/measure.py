# SPDX-License-Identifier: GPL-3.0-or-later
"""What a process costs, read from outside: resident memory, processor time, system calls. And the load
generator as an object."""

import json
import os
import select
import struct
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))

from servers import Server, free_port  # noqa: E402

ROOT = os.path.normpath(os.path.join(HERE, "..", ".."))
CALLS = ("epoll_wait", "epoll_ctl", "recv", "send", "read", "write", "setsockopt")


def built(name):
    for folder in (os.environ.get("HALLEY_LOAD_TOOLS", ""), os.path.join(ROOT, "build/dev/tests"),
                   os.path.join(ROOT, "build/release/tests")):
        path = os.path.join(folder, name)
        if os.path.exists(path):
            return path
    sys.exit(f"{name} is not built: cmake --preset dev && ninja -C build/dev {name}")


class Relay(Server):
    """bare_relay.cpp before a port of a server: the floor, with the same clients."""

    user = None  # the build folder need not be open to others

    def __init__(self, host, port, preload=None):
        super().__init__("relay")
        self.to = (host, str(port))
        self.port = free_port()
        self.preload = preload or {}

    def command(self):
        return [built("bare_relay"), self.host, str(self.port), *self.to]

    def environment(self):
        return {**os.environ, **self.preload}

    def waited_for(self):
        return [(self.host, self.port)]


def resident_bytes(pid):
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def run_ns(pid):
    """Time on a processor of all threads, in nanoseconds (user and kernel)."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/schedstat", encoding="ascii") as file:
            total += int(file.read().split()[0])
    return total


def processes(server):
    """Of a server: it, and what it has started."""
    group = os.getpgid(server.process.pid)
    mine = [server.process.pid]
    if group == server.process.pid:  # else it shares ours
        mine += [int(name) for name in os.listdir("/proc") if name.isdigit()
                 and int(name) != group and same_group(int(name), group)]
    return mine


def same_group(pid, group):
    try:
        return os.getpgid(pid) == group
    except ProcessLookupError:
        return False


class Usage:
    """Of some servers together: memory of their own in KiB and processor seconds. Pages of programs and
    libraries do not count: whether they are shared changes with what else runs."""

    def __init__(self, *servers):
        self.memory = self.seconds = 0
        for pid in (pid for server in servers for pid in processes(server)):
            with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as rollup:
                self.memory += sum(int(line.split()[1]) for line in rollup
                                   if line.startswith("Anonymous:"))
            self.seconds += run_ns(pid) / 1e9


class CallCounts:
    """The counters of call_counter.cpp, preloaded into a server, which may run as another user."""

    def __init__(self, library):
        folder = tempfile.mkdtemp(prefix="halley-counts-")
        os.chmod(folder, 0o777)
        self.path = os.path.join(folder, "calls")
        with open(self.path, "wb"):
            os.chmod(self.path, 0o666)
        self.preload = {"LD_PRELOAD": library, "HALLEY_CALL_COUNTS": self.path}

    def read(self):
        try:
            with open(self.path, "rb") as file:
                return dict(zip(CALLS, struct.unpack(f"{len(CALLS)}Q", file.read(8 * len(CALLS)))))
        except (OSError, struct.error):
            return dict.fromkeys(CALLS, 0)


class Generator:
    def __init__(self, program, kind, host, port, network="", speaker_port=0, sources=50,
                 nick="u", domain="", room_suffix=""):
        arguments = [program, "--kind", kind, "--host", host, "--port", str(port),
                     "--sources", str(sources), "--nick", nick]
        if network:
            arguments += ["--network", network]
        if domain:
            arguments += ["--domain", domain]
        if room_suffix:
            arguments += ["--room-suffix", room_suffix]
        if speaker_port:
            arguments += ["--speaker-port", str(speaker_port)]
        self.process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, *words, timeout=300):
        self.process.stdin.write((" ".join(str(word) for word in words) + "\n").encode())
        self.process.stdin.flush()
        ready, _, _ = select.select([self.process.stdout], [], [], timeout)
        if not ready:
            raise RuntimeError(f"the load generator does not answer {words}")
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the load generator ended at {words}")
        return json.loads(line)

    def open(self, count, per_room, prefix, in_flight=500, timeout=120):
        answer = self.ask("open", count, per_room, prefix, in_flight, timeout)
        if not answer["ok"]:
            raise RuntimeError(f"{answer['joined']} joined, {answer['failed']} failed; "
                               f"the last: {answer['trouble']}")
        return self.ask("settle", 400)

    def stop(self):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
