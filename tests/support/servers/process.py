# SPDX-License-Identifier: GPL-3.0-or-later
"""A server process: started, waited for, stopped.

Ready means that a connection to its port is accepted; nothing waits for a fixed time. A server dies
with the thread that started it (PR_SET_PDEATHSIG), and only its own pid is ever signalled.
"""

import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time

# Below the kernel's ephemeral range, so that no outgoing connection can take the port between here
# and the server's own bind.
PORTS = range(12000, 32000)


class start_error(RuntimeError):
    """A server ended or did not answer; the text has the end of its output."""


def free_port(host="127.0.0.1"):
    for _ in range(200):
        port = random.choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind((host, port))
                return port
            except OSError:
                continue
    raise start_error("no free port on " + host)


def loopback_address():
    """An address of 127.0.0.0/8 that nobody else is likely to use: for ports that cannot be chosen."""
    return f"127.{random.randint(64, 250)}.{random.randint(1, 250)}.{random.randint(2, 250)}"


class Server:
    """One server process with a folder of its own. Subclasses write the settings and say how to
    start it; `ports` names what must accept before start() returns."""

    user = "nobody"
    group = "nogroup"

    def __init__(self, label):
        self.label = label
        self.host = "127.0.0.1"
        self.process = None
        self.folder = tempfile.mkdtemp(prefix=f"halley-{label}-")
        self._own(self.folder)

    # --- for subclasses ---------------------------------------------------------------------------
    def command(self):
        raise NotImplementedError

    def waited_for(self):
        """[(host, port), ...] that must accept connections."""
        raise NotImplementedError

    def environment(self):
        return {"PATH": os.environ["PATH"], "HOME": self.folder, "LANG": "C.UTF-8"}

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as out:
            out.write(text)
        self._own(self.path(name))
        return self.path(name)

    def make_folder(self, name):
        os.makedirs(self.path(name), exist_ok=True)
        self._own(self.path(name))
        return self.path(name)

    def _own(self, path):
        if os.geteuid() == 0 and self.user:
            entry = pwd.getpwnam(self.user)
            os.chown(path, entry.pw_uid, entry.pw_gid)

    # --- life -------------------------------------------------------------------------------------
    def start(self, timeout=60):
        # setpriv instead of a preexec_fn: Python code between fork and exec may hang in a process
        # with threads.
        leash = ["setpriv", "--pdeathsig", "KILL"]
        if os.geteuid() == 0 and self.user:
            leash += ["--reuid", self.user, "--regid", self.group, "--clear-groups"]
        self.output = open(self.path("output.txt"), "ab")
        self.process = subprocess.Popen(
            [*leash, "--", *self.command()], stdin=subprocess.DEVNULL, stdout=self.output,
            stderr=self.output, cwd=self.folder, env=self.environment())
        end = time.monotonic() + timeout
        try:
            for address in self.waited_for():
                self._wait_for(address, end)
        except BaseException:
            self.stop()  # who asked for it has nothing to stop it by
            raise
        return self

    def _wait_for(self, address, end):
        while True:
            try:
                if isinstance(address, str):
                    with socket.socket(socket.AF_UNIX) as probe:
                        probe.connect(address)
                else:
                    socket.create_connection(address, timeout=1).close()
                return
            except OSError:
                pass
            if self.process.poll() is not None:
                raise start_error(f"{self.label} ended with {self.process.returncode}:\n"
                                  + self.output_tail())
            if time.monotonic() > end:
                raise start_error(f"{self.label} does not accept on {address}:\n"
                                  + self.output_tail())
            # A connect refused returns at once: give the server the processor.
            time.sleep(0.005)

    def output_tail(self, size=3000):
        try:
            with open(self.path("output.txt"), "rb") as text:
                text.seek(0, os.SEEK_END)
                text.seek(max(0, text.tell() - size))
                return text.read().decode("utf-8", "replace")
        except OSError:
            return ""

    @property
    def pid(self):
        return self.process.pid

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        """As a power cut: no farewell."""
        if self.is_running():
            self.process.kill()
            self.process.wait()

    def terminate(self, timeout=10):
        if self.is_running():
            self.process.terminate()
            try:
                self.process.wait(timeout)
            except subprocess.TimeoutExpired:
                self.kill()

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)

    def stop(self):
        if self.process is not None:
            self.kill()
            self.output.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self if self.is_running() else self.start()

    def __exit__(self, *_):
        self.stop()
