# SPDX-License-Identifier: GPL-3.0-or-later
"""`halley check` against real servers that are set up wrong in one way each: the words an operator
reads, the exit status, and that the lines it prints cure what it found."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

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


CA = """\
[ca]
default_ca = here
[here]
database = {folder}/index.txt
serial = {folder}/serial
new_certs_dir = {folder}
default_md = sha256
policy = any
copy_extensions = copy
[any]
organizationName = optional
commonName = supplied
"""


def make_expired(folder, path):
    """Signs the certificate at `path` anew, for a day long past: req knows no past days."""
    with open(os.path.join(folder, "ca.cnf"), "w", encoding="utf-8") as out:
        out.write(CA.format(folder=folder))
    open(os.path.join(folder, "index.txt"), "w", encoding="utf-8").close()
    subprocess.run(["openssl", "req", "-new", "-key", path + ".key", "-subj",
                    "/O=Check tests/CN=irc", "-addext", "subjectAltName=DNS:elsewhere.test",
                    "-out", path + ".csr"],
                   check=True, capture_output=True)
    subprocess.run(["openssl", "ca", "-batch", "-config", os.path.join(folder, "ca.cnf"),
                    "-create_serial", "-rand_serial", "-selfsign", "-keyfile", path + ".key", "-in",
                    path + ".csr", "-notext", "-startdate", "20200101000000Z", "-enddate",
                    "20200102000000Z", "-out", path + ".pem"], check=True, capture_output=True)


def make_certificate(folder, name="ours", names="DNS:irc.check.test", days=30, authority=None):
    """A key and a certificate, self-signed or by `authority`; returns the path without its end."""
    path = os.path.join(folder, name)
    signed_by = []
    if authority is not None:
        signed_by = ["-CA", authority + ".pem", "-CAkey", authority + ".key"]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", str(days), "-subj", f"/O=Check tests/CN={name}", "-addext",
         "subjectAltName=" + names, "-keyout", path + ".key", "-out", path + ".pem", *signed_by],
        check=True, capture_output=True)
    for end in (".key", ".pem"):
        os.chmod(path + end, 0o644)
    return path


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


class Reaching(CheckTest):
    def test_nothing_listens(self):
        self.check(f"127.0.0.1:{free_port()}")
        self.says("tcp", "failed", "refuses the connection: nothing listens there")
        self.fails()

    def test_the_name_does_not_resolve(self):
        self.check("irc.check.invalid:6667")
        self.says("name", "failed", "the name irc.check.invalid does not resolve")
        self.fails()

    def test_a_listener_that_never_answers(self):
        with socket.create_server(("127.0.0.1", 0)) as mute:
            self.check(f"127.0.0.1:{mute.getsockname()[1]}", connect_timeout_s=1)
        self.says("login", "failed", "no welcome within 1 s", "the server said nothing at all")
        self.fails()

    def test_a_socket_that_is_not_there(self):
        self.check("unix:/nowhere/ircd.sock")
        self.says("socket", "failed", "there is no socket /nowhere/ircd.sock")
        self.fails()

    def test_no_network_of_that_name(self):
        folder = self.temporary_folder()
        settings = os.path.join(folder, "halley.toml")
        with open(settings, "w", encoding="utf-8") as out:
            out.write(toml_table("[[network]]", {"name": "net", "servers": ["127.0.0.1:1"]}))
        done = subprocess.run([binary(), "check", "-c", settings, "elsewhere"], timeout=20,
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn("no network is called elsewhere; there are: net", done.stdout)


class Ngircd(CheckTest):
    def test_all_is_well(self):
        self.check(self.start(ngircd()), webirc_password=SECRET, rooms=["#lobby"])
        self.says("webirc", "ok", "sent 192.0.2.77 by WEBIRC, and that is what the server sees")
        self.says("room", "ok", "joined #")
        self.says("message", "ok", "from one visitor to the other and back")
        self.says("clones", "ok", "8 connections at a time are accepted")
        self.says("flood", "ok")
        self.says("rooms", "ok")
        self.succeeds()
        self.assertIn("ngircd-26", self.found.reports[0]["software"])

    def test_the_webirc_password_is_wrong(self):
        self.check(self.start(ngircd()), webirc_password="not-it")
        self.says("webirc", "failed", "WEBIRC is refused", "(464)",
                  "lets the visitor in all the same", "127.0.0.1, the gateway's own address",
                  "webirc_password is wrong")
        self.says("message", "ok")
        self.fails()

    def test_webirc_is_not_set_up_there(self):
        self.check(self.start(ngircd(options="")), webirc_password=SECRET)
        self.assertEqual(self.found.steps["webirc"][0], "failed", self.found.text)
        self.assertRegex(self.found.steps["webirc"][1], "refused|silently ignored|does not know")
        self.assertIn("127.0.0.1", self.found.steps["webirc"][1])
        self.fails()

    def test_no_webirc_in_the_settings(self):
        self.check(self.start(ngircd()))
        self.says("webirc", "warning", "no webirc_password is set",
                  "sees every visitor as 127.0.0.1")
        self.succeeds()

    def test_a_limit_of_two_connections(self):
        server = self.start(ngircd(limits="MaxConnectionsIP = 2\nMaxPenaltyTime = 0"))
        self.check(server, webirc_password=SECRET)
        self.says("clones", "failed", "clone limit: only 2 connections are accepted",
                  "too many connections from one address")
        self.says("message", "ok")
        self.fails()
        self.assertIn("MaxConnectionsIP = 0", self.advice("ngircd.conf"))

    def test_a_limit_of_one_connection(self):
        server = self.start(ngircd(limits="MaxConnectionsIP = 1\nMaxPenaltyTime = 0"))
        self.check(server, webirc_password=SECRET)
        self.says("clones", "failed", "clone limit: only 1 connection is accepted")
        self.fails()

    def test_the_server_password(self):
        server = ngircd()
        server.text = server.text.replace("[Limits]", "Password = let-me-in\n[Limits]")
        self.start(server)
        self.check(server, webirc_password=SECRET, server_password="no")
        self.says("login", "failed", "the password is wrong")
        self.fails()
        self.check(server, webirc_password=SECRET, server_password="let-me-in")
        self.succeeds()

    def test_a_room_that_nobody_may_make(self):
        options = f"WebircPassword = {SECRET}\nAllowedChannelTypes =\n"
        self.check(self.start(ngircd(options=options)), webirc_password=SECRET)
        self.says("room", "failed", "could not be joined", "nobody make one")
        self.says("message", "ok", "to myself and back")
        self.fails()

    def test_the_lines_it_prints_cure_what_it_found(self):
        server = self.start(ngircd(options="", limits="MaxConnectionsIP = 2"))
        self.check(server, "--show-secrets", webirc_password=SECRET)
        self.fails()
        cured = ngircd(options="", limits="MaxConnectionsIP = 2")
        cured.text += "{advice}"
        cured.fields["advice"] = self.advice("ngircd.conf")
        self.start(cured)
        self.check(cured, webirc_password=SECRET)
        self.succeeds()
        for step in ("webirc", "clones", "message", "flood"):
            self.says(step, "ok")
        self.assertNotIn("nick", self.found.steps)

    def test_short_nicks(self):
        self.check(self.start(ngircd()), webirc_password=SECRET)
        self.says("nick", "warning", "nicks end at 9 characters")


class Inspircd(CheckTest):
    def test_all_is_well(self):
        self.check(self.start(inspircd()), webirc_password=SECRET)
        self.says("webirc", "ok", "that is what the server sees")
        self.says("flood", "ok", "passed without a pause")
        self.succeeds()

    def test_the_webirc_password_is_wrong(self):
        self.check(self.start(inspircd()), webirc_password="not-it")
        self.says("webirc", "failed", "WEBIRC is refused", "match any configured WebIRC host",
                  "Without WEBIRC the server lets us in", "127.0.0.1")
        self.fails()

    def test_the_server_ignores_webirc(self):
        self.check(self.start(inspircd(modules=("cap",))), webirc_password=SECRET)
        self.says("webirc", "failed", "WEBIRC is silently ignored",
                  "sent 192.0.2.77, but the server sees 127.0.0.1")
        self.fails()

    def test_the_proxy_header(self):
        server = inspircd(modules=("haproxy", "cap"))
        server.text = server.text.replace('type="clients">', 'type="clients" hook="haproxy">')
        self.check(self.start(server), proxy_header=True)
        self.says("proxy", "ok", "sent 192.0.2.77 by the PROXY header, and that is what the server")
        self.succeeds()

    def test_lines_are_slowed(self):
        self.check(self.start(inspircd(limits='threshold="6" commandrate="1000"')),
                   webirc_password=SECRET)
        self.says("flood", "warning", "the server slows visitors down", "about 1.0 a second",
                  "halley.toml lets a visitor send 8 and then 2.0 a second")
        self.assertRegex(self.advice("halley.toml"), r"flood_rate = (0\.9|1\.0)")

    def test_excess_flood(self):
        limits = 'threshold="10" commandrate="1000" fakelag="no"'
        self.check(self.start(inspircd(limits=limits)), webirc_password=SECRET)
        self.says("flood", "failed", "closed the connection after", "Excess Flood")
        self.fails()

    def test_no_more_than_three_from_one_address(self):
        limits = 'threshold="1000" commandrate="1000000" localmax="3"'
        self.check(self.start(inspircd(modules=("cap",), limits=limits)))
        self.says("clones", "failed", "clone limit: only 3 connections are accepted",
                  "all from one address")
        self.fails()

    def test_rooms_with_a_key(self):
        # A room of the settings that cannot be entered: +k set by its maker, who stays.
        server = self.start(inspircd())
        with socket.create_connection((server.host, server.port)) as wire:
            lines = wire.makefile("rw", encoding="utf-8", newline="\r\n")
            lines.write("NICK owner\r\nUSER o 0 * :o\r\n")
            lines.flush()
            for line in lines:
                words = line.split()
                if words[0] == "PING":
                    lines.write(f"PONG {words[1]}\r\n")
                elif words[1] == "001":
                    lines.write("JOIN #closed\r\nMODE #closed +k secret\r\n")
                elif words[1] == "MODE" and "+k" in line:
                    break
                lines.flush()
            self.check(server, webirc_password=SECRET, rooms=["#closed", "#open"])
        self.says("rooms", "failed", "#closed: the room needs a key (+k)")
        self.assertNotIn("#open", self.found.steps["rooms"][1])
        self.fails()

    def test_sasl_without_services(self):
        password = os.path.join(self.temporary_folder(), "password")
        with open(password, "w", encoding="utf-8") as out:
            out.write("secret\n")
        self.check(self.start(inspircd()), "--account", "ann", "--password-file", password,
                   webirc_password=SECRET)
        self.says("sasl", "failed", "the server offers no SASL")
        self.says("message", "ok")

    def test_the_lines_it_prints_cure_what_it_found(self):
        """A server of its own defaults and no WEBIRC; the printed lines are put in as they are."""
        limits = 'threshold="10" commandrate="1000" fakelag="no" localmax="2"'
        self.check(self.start(inspircd(modules=("cap",), limits=limits)), "--show-secrets",
                   webirc_password=SECRET)
        self.fails()
        cured = inspircd(modules=("cap",), lines="", limits=limits)
        # Where the lines themselves say.
        cured.text = re.sub(r"(<connect name=\"main\")", r"{advice}\n\1", cured.text)
        cured.fields["advice"] = self.advice("inspircd.conf")
        self.start(cured)
        self.check(cured, webirc_password=SECRET)
        self.succeeds()
        for step in ("webirc", "clones", "message", "flood"):
            self.says(step, "ok")


class Scripted(CheckTest):
    """Servers Debian does not have, and some that nobody should: each answer is in the script."""

    def script(self, answer):
        """`answer(line, say)` for each line of each connection, in a thread of its own."""
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def serve(wire):
            lines = wire.makefile("rb")
            state = {"nick": "?"}

            def say(text):
                wire.sendall(text.replace("{nick}", state["nick"]).encode() + b"\r\n")
            try:
                for line in lines:
                    text = line.decode("utf-8", "replace").strip()
                    if text.startswith("NICK "):
                        state["nick"] = text[5:]
                    if answer(text, say) == "close":
                        break
            except OSError:
                pass
            finally:
                lines.close()
                wire.close()

        def accept():
            try:
                while True:
                    wire, _ = listener.accept()
                    threading.Thread(target=serve, args=(wire,), daemon=True).start()
            except OSError:
                pass
        threading.Thread(target=accept, daemon=True).start()
        return f"127.0.0.1:{listener.getsockname()[1]}"

    @staticmethod
    def welcome(say, software):
        say(":s 001 {nick} :Welcome")
        say(":s 004 {nick} s " + software + " abc def")
        say(":s 422 {nick} :no motd")

    def test_software_of_other_makers(self):
        for software, file in (("UnrealIRCd-6.1.7", "unrealircd.conf"),
                               ("solanum-1.0-dev", "ircd.conf (Solanum)"),
                               ("ergo-2.14.0", "ircd.yaml (Ergo)"),
                               ("InspIRCd-4", "inspircd.conf")):
            def answer(line, say, software=software):
                if line.startswith("USER"):
                    self.welcome(say, software)
                return "close" if line.startswith("WHOIS") else None
            with self.subTest(software):
                self.check(self.script(answer), webirc_password=SECRET, connect_timeout_s=1)
                self.assertEqual(self.found.reports[0]["software"], software)
                self.assertTrue(self.advice(file))
                self.says("lost", "failed", "the server closed our connection")
                self.fails()

    def test_accounts(self):
        answers = {"903": ("ok", "logged in as ann"), "904": ("failed", "the account was refused"),
                   "908": ("failed", "does not take PLAIN, only EXTERNAL")}
        for numeric, (outcome, words) in answers.items():
            def answer(line, say, numeric=numeric):
                if line == "CAP LS 302":
                    say(":s CAP * LS * :server-time echo-message")
                    say(":s CAP * LS :sasl=PLAIN batch")
                elif line.startswith("CAP REQ"):
                    say(":s CAP {nick} ACK :sasl")
                elif line == "AUTHENTICATE PLAIN":
                    say(":s 908 {nick} EXTERNAL :are the mechanisms" if numeric == "908"
                        else "AUTHENTICATE +")
                elif line.startswith("AUTHENTICATE "):
                    self.assertEqual(line.split()[1], "AGFubgByaWdodA==")
                    say(f":s {numeric} {{nick}} :so it is")
                elif line == "CAP END":
                    self.welcome(say, "ergo-2.14.0")
                elif line.startswith("WHOIS"):
                    say(":s 318 {nick} {nick} :End")
                return "close" if line.startswith("JOIN") else None
            password = os.path.join(self.temporary_folder(), "password")
            with open(password, "w", encoding="utf-8") as out:
                out.write("right\n")
            with self.subTest(numeric):
                self.check(self.script(answer), "--account", "ann", "--password-file", password,
                           connect_timeout_s=1, accounts=True)
                self.says("sasl", outcome, words)
                self.says("features", "ok", "server-time, echo-message, batch")
                self.assertNotIn("accounts", self.found.steps)

    def test_a_cloak_hides_what_the_server_sees(self):
        def answer(line, say):
            if line.startswith("USER "):
                self.welcome(say, "UnrealIRCd-6.1.7")
            elif line.startswith("WHOIS"):
                say(":s 311 {nick} {nick} halley Clk-1A2B3C.example * :halley check")
                say(":s 318 {nick} {nick} :End")
            elif line.startswith("JOIN"):
                return "close"
            return None
        self.check(self.script(answer), webirc_password=SECRET, connect_timeout_s=1)
        self.says("webirc", "warning", "shows us as Clk-1A2B3C.example and not which address")

    def test_banned(self):
        def answer(line, say):
            if line.startswith("USER "):
                say(":s 465 {nick} :You are banned from this server")
                say("ERROR :Closing Link: 127.0.0.1 (K-Lined)")
                return "close"
            return None
        self.check(self.script(answer), connect_timeout_s=2)
        self.says("login", "failed", "the address is banned", "K-Lined")
        self.fails()

    def test_webirc_refused_before_it_says_what_it_is(self):
        def answer(line, say):
            if line.startswith(("WEBIRC", "USER")):
                say("ERROR :Closing Link: 127.0.0.1 (CGI:IRC password incorrect)")
                return "close"
            return None
        self.check(self.script(answer), webirc_password=SECRET, connect_timeout_s=2)
        self.says("webirc", "failed", "WEBIRC is refused", "CGI:IRC password incorrect")
        self.assertEqual([block["where"] for block in self.found.reports[0]["advice"]],
                         ["ngircd.conf", "inspircd.conf", "unrealircd.conf", "ircd.conf (Solanum)",
                          "ircd.yaml (Ergo)"])
        self.fails()

    def test_lines_that_end_the_library(self):
        """Each of these stalls or ends libircclient when it reads them itself."""
        def answer(line, say):
            if line.startswith("USER "):
                for bad in ("NICK other", "", ":only-a-prefix", "COMMAND", "@a=b :s PING",
                            ":s NOTICE {nick} :" + "x" * 3000,
                            "@time=" + "1" * 2000 + " :s 020 {nick} :x",
                            ":s 005 {nick} " + " ".join(f"A{i}=1" for i in range(40)) + " :are",
                            ":s NOTICE {nick} :%s%s%s%n%n \x1b[31m"):
                    say(bad)
                self.welcome(say, "other-1.0")
            return "close" if line.startswith("WHOIS") else None
        self.check(self.script(answer), connect_timeout_s=1)
        self.says("login", "ok")
        self.assertEqual(self.found.reports[0]["software"], "other-1.0")
        self.fails()


class Secrets(CheckTest):
    def test_passwords_are_printed_only_when_asked_for(self):
        server = self.start(inspircd())
        hidden = self.check(server, webirc_password=SECRET)
        self.assertNotIn(SECRET, hidden.text)
        self.assertIn("<webirc_password of halley.toml>", hidden.text)
        shown = self.check(server, "--show-secrets", webirc_password=SECRET)
        self.assertIn(f'password="{SECRET}"', self.advice("inspircd.conf"))
        self.assertEqual(hidden.status, shown.status)

    def test_what_a_person_reads(self):
        server = self.start(ngircd())
        self.check(server, webirc_password="not-it")
        done = subprocess.run([binary(), "check", "-c", os.path.join(server.folder, "halley.toml")],
                              timeout=60, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"(?m)^net at 127\.0\.0\.1:\d+ \(ngircd-26")
        self.assertRegex(done.stdout, r"(?m)^  FAILED  webirc +WEBIRC is refused")
        self.assertRegex(done.stdout, r"(?m)^  ok      message +\d+ ms from one visitor")
        self.assertRegex(done.stdout, r"(?m)^  ngircd\.conf: what a gateway needs there")
        self.assertTrue(done.stdout.endswith("something failed: see above\n"), done.stdout)
        self.assertLessEqual(max(map(len, done.stdout.splitlines())), 100)


class Tls(CheckTest):
    """InspIRCd behind its own TLS, with certificates of ours."""

    def server(self, names="DNS:irc.check.test", days=30, authority=False, expired=False):
        server = inspircd(modules=("cgiirc", "cap", "ssl_gnutls"))
        root = make_certificate(server.folder, "authority") if authority else None
        path = make_certificate(server.folder, "irc", names, days, root)
        if expired:
            make_expired(server.folder, path)
        server.certificate = path + ".pem"
        server.authority = root and root + ".pem"
        server.tls_port = free_port()
        server.fields["lines"] += (
            f'<sslprofile name="c" provider="gnutls" certfile="{path}.pem" keyfile="{path}.key">'
            f'<bind address="127.0.0.1" port="{server.tls_port}" type="clients" sslprofile="c">')
        return self.start(server)

    def check_tls(self, server, **more):
        self.folder = server.folder
        return self.check(f"127.0.0.1:{server.tls_port}", tls="direct", webirc_password=SECRET,
                          **more)

    def test_a_certificate_we_trust(self):
        server = self.server(authority=True)
        self.check_tls(server, tls_name="irc.check.test", tls_ca_file=server.authority)
        self.says("tls", "ok", "TLSv1.3", "irc.check.test", "Check tests, authority", "until 20")
        self.says("message", "ok")
        self.succeeds()

    def test_another_name(self):
        server = self.server(names="DNS:elsewhere.test,DNS:www.elsewhere.test")
        self.check_tls(server, tls_name="irc.check.test", tls_ca_file=server.certificate)
        self.says("tls", "failed",
                  "the certificate is for elsewhere.test, www.elsewhere.test, "
                  "not for irc.check.test", "set tls_name")
        self.fails()

    def test_a_self_signed_certificate(self):
        self.check_tls(self.server(), tls_name="irc.check.test")
        self.says("tls", "failed", "self-signed (by Check tests, irc)", "tls_ca_file")
        self.fails()

    def test_an_authority_nobody_knows(self):
        self.check_tls(self.server(authority=True), tls_name="irc.check.test")
        self.says("tls", "failed", "issued by Check tests, authority",
                  "which this machine does not trust")
        self.fails()

    def test_an_expired_certificate_of_another_name(self):
        server = self.server(expired=True)
        self.check_tls(server, tls_name="irc.check.test", tls_ca_file=server.certificate)
        self.says("tls", "failed", "the certificate expired on 2020-01-02",
                  "for elsewhere.test, not for irc.check.test")
        self.fails()

    def test_soon_to_expire(self):
        server = self.server(days=5)
        self.check_tls(server, tls_name="irc.check.test", tls_ca_file=server.certificate)
        self.says("tls", "warning", "days, see to its renewal")
        self.succeeds()

    def test_tls_on_the_plain_port(self):
        server = self.start(inspircd())
        self.check(server, tls="direct", tls_name="irc.check.test", connect_timeout_s=2)
        self.says("tls", "failed", "not speak TLS on this port", "6697")
        self.fails()


class Xmpp(CheckTest):
    domain = {"kind": "xmpp", "tls": "none", "domain": "check.test",
              "anonymous_domain": "guest.check.test"}

    def test_all_is_well(self):
        rooms = ROOMS.replace("\n", '\n  modules_enabled = { "muc_mam" }\n', 1)
        self.check(self.start(prosody(rooms=rooms)), **self.domain, rooms=["lobby"])
        self.says("guest", "ok", "@guest.check.test", "SASL ANONYMOUS")
        self.says("service", "ok", "found rooms.check.test")
        self.says("room", "ok", "@rooms.check.test")
        self.says("message", "ok", "from one visitor to the other and back")
        self.says("archive", "ok")
        self.says("rate", "ok")
        self.says("rooms", "ok")
        self.succeeds()
        self.assertIn("Prosody", self.found.reports[0]["software"])

    def test_guests_are_not_let_in(self):
        server = self.start(prosody(guests=False))
        self.check(server, **{**self.domain, "anonymous_domain": "check.test"})
        self.says("guest", "failed", "guests are not let in on check.test", "the server offers",
                  "PLAIN", "anonymous_domain")
        self.fails()
        self.assertIn('authentication = "anonymous"', self.advice("prosody.cfg.lua"))

    def test_a_domain_that_is_not_served(self):
        self.check(self.start(prosody(guests=False)), **self.domain)
        self.says("guest", "failed", "does not serve the domain guest.check.test", "host-unknown")
        self.fails()

    def test_no_rooms_service(self):
        server = self.start(prosody(rooms=False))
        self.check(server, **self.domain)
        self.says("service", "failed", "lists no rooms service (MUC)")
        self.fails()
        self.assertIn('Component "rooms.check.test" "muc"', self.advice("prosody.cfg.lua"))
        self.check(server, **self.domain, muc_service="rooms.check.test")
        self.says("service", "failed", "rooms.check.test is no rooms service (MUC)")

    def test_the_lines_it_prints_cure_what_it_found(self):
        """First the guests, then the rooms: what cannot be reached cannot be judged."""
        lines = 'limits = { c2s = { rate = "10kb/s"; burst = "1s" } }\n'
        for failed, file_line in (("guest", "VirtualHost"), ("service", "Component")):
            server = prosody(guests=False, rooms=False, modules='; "limits"', lines=lines)
            self.start(server)
            self.check(server, **self.domain)
            self.assertEqual(self.found.steps[failed][0], "failed", self.found.text)
            lines += self.advice("prosody.cfg.lua")
            self.assertIn(file_line, lines)
        server = self.start(prosody(guests=False, rooms=False, modules='; "limits"', lines=lines))
        self.check(server, **self.domain)
        self.says("archive", "ok")
        self.says("message", "ok")
        self.says("rate", "warning")
        # This one is global: it replaces the line that set the limit.
        limit = next(line for line in self.advice("prosody.cfg.lua").splitlines()
                     if line.startswith("limits ="))
        lines = limit + "\n" + lines.split("\n", 1)[1]
        server = self.start(prosody(guests=False, rooms=False, modules='; "limits"', lines=lines))
        self.check(server, **self.domain)
        self.says("rate", "ok")
        self.succeeds()

    def test_nobody_may_make_a_room(self):
        rooms = ROOMS.replace("restrict_room_creation = false", "restrict_room_creation = true")
        self.check(self.start(prosody(rooms=rooms)), **self.domain)
        self.says("room", "failed", "could not be joined", "not allowed")
        self.fails()

    def test_no_archive(self):
        self.check(self.start(prosody()), **self.domain)
        self.says("archive", "warning", "keeps no archive (MAM)")
        self.succeeds()

    def test_a_rate_limit(self):
        lines = 'limits = { c2s = { rate = "10kb/s"; burst = "1s" } }'
        self.check(self.start(prosody(modules='; "limits"', lines=lines)), **self.domain)
        self.says("rate", "warning", "rate limit: the server takes about", "limits.c2s.rate")
        self.assertIn("limits = { c2s", self.advice("prosody.cfg.lua"))

    def test_an_account(self):
        server = prosody()
        server.make_folder("check%2etest")
        server.make_folder("check%2etest/accounts")
        server.write("check%2etest/accounts/ann.dat", 'return {\n\t["password"] = "right";\n}\n')
        self.start(server)
        for password, outcome, words in (("right", "ok", "in as ann@check.test"),
                                         ("wrong", "failed", "name or password is wrong")):
            with self.subTest(password):
                path = os.path.join(self.temporary_folder(), "password")
                with open(path, "w", encoding="utf-8") as out:
                    out.write(password + "\n")
                self.check(server, "--account", "ann", "--password-file", path,
                           **{**self.domain, "accounts": True})
                self.says("account", outcome, words)
                self.assertEqual(self.found.status, 0 if outcome == "ok" else 1)

    def test_starttls(self):
        server = self.start(prosody(tls=True))
        tls = {**self.domain, "tls": "starttls"}
        self.check(server, **tls, tls_ca_file=server.path("xmpp.pem"))
        self.says("tls", "ok", "STARTTLS: TLSv1.3", "guest.check.test")
        self.says("message", "ok")
        self.succeeds()
        self.check(server, **tls)
        self.says("tls", "failed", "self-signed")
        self.fails()
        self.check(server, **tls, tls_ca_file=server.path("xmpp.pem"), tls_name="other.test")
        self.says("tls", "failed", "the certificate is for check.test, guest.check.test, not for "
                                   "other.test")

    def test_the_server_insists_on_tls(self):
        self.check(self.start(prosody(tls=True)), **self.domain)
        self.says("guest", "failed", 'the server insists on TLS: set tls = "starttls"')
        self.fails()

    def test_no_starttls_there(self):
        self.check(self.start(prosody()), **{**self.domain, "tls": "starttls"})
        self.assertRegex(self.found.steps["tls"][1], "offers no STARTTLS|breaks the handshake off")
        self.fails()

    def test_ejabberd(self):
        self.check(self.start(Ejabberd()), **self.domain, muc_service="rooms.check.test")
        self.says("guest", "ok", "@guest.check.test")
        self.says("message", "ok")
        self.says("archive", "ok")
        self.says("rate", "ok")
        self.succeeds()
        self.assertIn("ejabberd", self.found.reports[0]["software"].lower())
        self.assertIn("use_proxy_protocol: true", self.advice("ejabberd.yml"))

    def test_ejabberd_behind_the_proxy_header(self):
        server = self.start(Ejabberd(proxy=True))
        self.check(server, **self.domain, proxy_header=True)
        self.says("message", "ok")
        self.succeeds()
        self.check(server, **self.domain, connect_timeout_s=1)
        self.fails()

    def test_ejabberd_without_rooms_and_with_a_shaper(self):
        self.check(self.start(Ejabberd(rooms=False)), **self.domain)
        self.says("service", "failed", "lists no rooms service (MUC)")
        self.assertIn("host: rooms.check.test", self.advice("ejabberd.yml"))
        self.fails()
        self.check(self.start(Ejabberd(shaper="slow")), **self.domain,
                   muc_service="rooms.check.test")
        self.says("rate", "warning", "rate limit: the server takes about", "a shaper in ejabberd")

    def test_an_irc_server_instead(self):
        self.check(self.start(ngircd()), **{**self.domain, "tls": "starttls"}, connect_timeout_s=2)
        self.assertIn("failed", [step[0] for step in self.found.steps.values()])
        self.fails()


if __name__ == "__main__":
    unittest.main()
