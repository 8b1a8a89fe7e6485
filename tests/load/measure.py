# SPDX-License-Identifier: GPL-3.0-or-later
"""What a process costs, read from outside: resident memory, processor time, system calls. And the load
generator as an object."""

import json
import os
import select
import struct
import subprocess
import tempfile

CALLS = ("epoll_wait", "epoll_ctl", "recv", "send", "read", "write", "setsockopt")


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
