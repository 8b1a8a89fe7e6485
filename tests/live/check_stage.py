# SPDX-License-Identifier: GPL-3.0-or-later
"""`halley check` run once, and the servers it is run against: each set up right, or wrong in one way."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

from certificates import make_certificate  # noqa: E402
from servers.gateway import binary, toml_table  # noqa: E402
from servers.process import Server, free_port, loopback_address  # noqa: E402

SECRET = "gateway-secret"

NGIRCD = """\
[Global]
Name = plain.irc.test
Info = check tests
Listen = 127.0.0.1
Ports = {port}
MotdPhrase = Welcome.
AdminEMail = admin@plain.irc.test
[Limits]
MaxConnections = 0
{limits}
[Options]
DNS = no
Ident = no
PAM = no
SyslogFacility = local1
{options}
"""

INSPIRCD = """\
<server name="rich.irc.test" description="check tests" network="CheckNet" id="1AA">
<admin name="admin" nick="admin" email="admin@rich.irc.test">
<bind address="127.0.0.1" port="{port}" type="clients">
{modules}
{lines}
<connect name="main" allow="*" timeout="30" pingfreq="120" {limits}>
<files motd="{folder}/motd">
<path configdir="{folder}" datadir="{folder}" logdir="{folder}"
 moduledir="/usr/lib/inspircd/modules" runtimedir="{folder}">
<dns server="127.0.0.1" timeout="1">
<options defaultmodes="not">
"""

PROSODY = """\
daemonize = false
pidfile = "{folder}/prosody.pid"
data_path = "{folder}"
certificates = "{folder}"
log = {{ warn = "{folder}/log"; }}
network_backend = "epoll"
interfaces = {{ "{host}" }}
c2s_ports = {{ {port} }}
s2s_ports = {{ }}
http_ports = {{ }}
https_ports = {{ }}
c2s_require_encryption = {tls}
allow_unencrypted_plain_auth = true
modules_enabled = {{ "roster"; "saslauth"; "tls"; "disco"; "ping"; "version"; "presence"; "message";
  "iq"; "c2s" {modules} }}
modules_disabled = {{ "s2s"; "offline" }}
allow_registration = false
storage = "internal"
{lines}
VirtualHost "check.test"
  authentication = "internal_plain"
  {ssl}
{guests}
{rooms}
"""
GUESTS = 'VirtualHost "guest.check.test"\n  authentication = "anonymous"\n  {ssl}\n'
ROOMS = ('Component "rooms.check.test" "muc"\n  restrict_room_creation = false\n'
         '  muc_room_locking = false\n')


class OneServer(Server):
    """`text`: the settings, with gaps for port, folder and what `fields` has."""

    def __init__(self, label, text, host="127.0.0.1", **fields):
        super().__init__(label)
        self.host = host
        self.port = free_port(host)
        self.text = text
        self.fields = fields
        self.write("motd", "Welcome.\n")

    def command(self):
        settings = self.write("server.cfg.lua", self.text.format(
            port=self.port, host=self.host, folder=self.folder, **self.fields))
        return {"ngircd": ["/usr/sbin/ngircd", "-n", "-f", settings],
                "inspircd": ["/usr/sbin/inspircd", "--nofork", "--nopid", "--config", settings],
                "prosody": ["/usr/bin/prosody", "--config", settings, "-F"]}[self.label]

    def waited_for(self):
        return [(self.host, self.port)]


def ngircd(options=f"WebircPassword = {SECRET}", limits="MaxConnectionsIP = 0\nMaxPenaltyTime = 0"):
    return OneServer("ngircd", NGIRCD, options=options, limits=limits)


def inspircd(lines="", modules=("cgiirc", "cap"), limits='threshold="1000" commandrate="1000000"'):
    if "cgiirc" in modules and not lines:
        lines = f'<cgihost type="webirc" mask="127.0.0.1" password="{SECRET}">'
    return OneServer("inspircd", INSPIRCD, lines=lines, limits=limits,
                     modules="".join(f'<module name="{name}">' for name in modules))


def prosody(guests=True, rooms=True, tls=False, modules="", lines=""):
    server = OneServer("prosody", PROSODY, host=loopback_address(), modules=modules, lines=lines,
                       tls="true" if tls else "false", ssl="", guests="", rooms="")
    if tls:
        make_certificate(server.folder, "xmpp", "DNS:check.test,DNS:guest.check.test")
        server.fields["ssl"] = (f'ssl = {{ key = "{server.folder}/xmpp.key"; '
                                f'certificate = "{server.folder}/xmpp.pem" }}')
    if guests:
        server.fields["guests"] = GUESTS.format(ssl=server.fields["ssl"])
    if rooms:
        server.fields["rooms"] = ROOMS if rooms is True else rooms
    return server


EJABBERD = """\
hosts: [ "check.test", "guest.check.test" ]
loglevel: warning
listen:
  - {{ port: {port}, ip: "127.0.0.1", module: ejabberd_c2s, access: all, shaper: c2s_shaper,
      use_proxy_protocol: {proxy} }}
shaper: {{ slow: {{ rate: 5000, burst_size: 10000 }} }}
shaper_rules: {{ c2s_shaper: {{ {shaper}: all }} }}
auth_method: [ internal ]
host_config:
  guest.check.test:
    auth_method: [ anonymous ]
    anonymous_protocol: sasl_anon
    allow_multiple_connections: true
modules:
  mod_disco: {{}}
  mod_roster: {{}}
  mod_version: {{}}
  mod_mam: {{}}
{rooms}
"""
EJABBERD_ROOMS = """\
  mod_muc:
    host: rooms.check.test
    access_create: all
    max_users: 100
    default_room_options: {{ mam: true }}
"""


class Ejabberd(Server):
    """Its command is a shell script with the machine as a child, so the whole group is ended; the
    mapper of node names (epmd) is not started."""

    user = "ejabberd"
    group = "ejabberd"

    def __init__(self, rooms=True, shaper="none", proxy=False):
        super().__init__("ejabberd")
        self.port = free_port()
        self.write("ejabberd.yml", EJABBERD.format(
            proxy="true" if proxy else "false",
            port=self.port, shaper=shaper, rooms=EJABBERD_ROOMS.format() if rooms else ""))

    def command(self):
        mapper = free_port()
        self.write("inetrc", '{lookup,["file","native"]}.\n')
        self.write("ejabberdctl.cfg", "INET_DIST_INTERFACE=127.0.0.1\n"
                   f'ERL_OPTIONS="-start_epmd false -erl_epmd_port {mapper}"\n')
        return ["setsid", "/usr/sbin/ejabberdctl", "--config-dir", self.folder, "--ctl-config",
                self.path("ejabberdctl.cfg"), "--config", self.path("ejabberd.yml"), "--spool",
                self.path("spool"), "--logs", self.path("logs"), "--node",
                f"check{mapper}@localhost", "foreground"]

    def waited_for(self):
        return [(self.host, self.port)]

    def kill(self):
        if self.is_running():
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Found:
    """What one run said. `steps`: name -> (outcome, text)."""

    def __init__(self, settings, *arguments):
        self.text, self.status = self._run(settings, "--json", *arguments)
        self.reports = json.loads(self.text)
        self.steps = {step["step"]: (step["outcome"], step["text"])
                      for step in self.reports[0]["steps"]}

    @staticmethod
    def _run(settings, *arguments):
        done = subprocess.run([binary(), "check", "-c", settings, *arguments], timeout=120,
                              capture_output=True, text=True, check=False)
        if done.stderr:
            raise AssertionError("halley check wrote to its error output: " + done.stderr)
        return done.stdout, done.returncode


class CheckTest(unittest.TestCase):
    def start(self, server):
        server.start()
        self.addCleanup(server.stop)
        return server

    def check(self, server, *arguments, **network):
        """`server`: one that runs, or its address."""
        self.folder = getattr(server, "folder", None) or self.temporary_folder()
        if not isinstance(server, str):
            server = f"{server.host}:{server.port}"
        values = {"name": "net", "kind": "irc", "servers": [server], "connect_timeout_s": 5,
                  "accounts": False, **network}
        settings = os.path.join(self.folder, "halley.toml")
        with open(settings, "w", encoding="utf-8") as out:
            out.write(toml_table("[[network]]", values))
        return self.judged(settings, *arguments)

    def judged(self, settings, *arguments):
        self.found = Found(settings, *arguments)
        return self.found

    def temporary_folder(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        return holder.name

    def says(self, step, outcome, *words):
        self.assertIn(step, self.found.steps, self.found.text)
        how, text = self.found.steps[step]
        self.assertEqual(how, outcome, f"{step}: {text}\n{self.found.text}")
        for one in words:
            self.assertIn(one, text)

    def succeeds(self):
        bad = {name: step for name, step in self.found.steps.items() if step[0] == "failed"}
        self.assertEqual((self.found.status, bad), (0, {}), self.found.text)

    def fails(self):
        self.assertEqual(self.found.status, 1, self.found.text)

    def advice(self, where):
        return next(block["lines"] for block in self.found.reports[0]["advice"]
                    if block["where"] == where)
