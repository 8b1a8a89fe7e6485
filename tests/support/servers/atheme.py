# SPDX-License-Identifier: GPL-3.0-or-later
"""Atheme: the accounts of an InspIRCd network, for SASL. Linked as a server of its own."""

import socket
import time

from .inspircd import InspIRCd, servers_seen
from .process import Server, start_error

MODULES = """protocol/inspircd backend/opensex crypto/pbkdf2v2 nickserv/main nickserv/register
nickserv/identify nickserv/ghost saslserv/main saslserv/plain""".split()

SETTINGS = """\
{modules}
serverinfo {{
 name = "services.irc.test"; desc = "accounts"; numeric = "9ZZ"; recontime = 1; netname = "LiveNet";
 hidehostsuffix = "users"; adminname = "admin"; adminemail = "admin@irc.test";
 registeremail = "noreply@irc.test"; auth = none; casemapping = rfc1459;
}};
uplink "{uplink}" {{ host = "127.0.0.1"; port = {port}; send_password = "linked";
 receive_password = "linked"; }};
nickserv {{ nick = "NickServ"; user = "services"; host = "services.irc.test"; real = "accounts"; }};
saslserv {{ nick = "SaslServ"; user = "services"; host = "services.irc.test"; real = "SASL"; }};
general {{ commit_interval = 60; }};
logfile "{folder}/log" {{ error; info; network; }};
"""


class Atheme(Server):
    def __init__(self, uplink):
        super().__init__("atheme")
        self.uplink = uplink
        modules = "\n".join(f'loadmodule "modules/{module}";' for module in MODULES)
        self.settings = self.write("atheme.conf", SETTINGS.format(
            modules=modules, uplink=uplink.name, port=uplink.link_port, folder=self.folder))

    def command(self):
        return ["/usr/bin/atheme-services", "-n", "-c", self.settings, "-D", self.folder,
                "-l", self.path("log"), "-p", self.path("pid")]

    def waited_for(self):
        return []

    def wait_until_linked(self, timeout=30):
        end = time.monotonic() + timeout
        while "services.irc.test" not in servers_seen(self.uplink):
            if time.monotonic() > end or not self.is_running():
                raise start_error("the services did not link:\n" + self.output_tail())
            time.sleep(0.1)  # polls another process
        return self


class InspIRCdWithAccounts(InspIRCd):
    """add_account() makes one; it can then log in by SASL PLAIN."""

    extra_modules = ("sasl",)
    services = None

    def __init__(self, name="one.irc.test", sid="1AA"):
        super().__init__(name, sid)
        self.links += ('<link name="services.irc.test" ipaddr="127.0.0.1" port="1" '
                       'allowmask="127.0.0.0/8" timeout="15" sendpass="linked" '
                       'recvpass="linked">\n<uline server="services.irc.test" silent="yes">\n'
                       '<sasl target="services.irc.test" requiressl="no">\n')

    def start(self, timeout=60):
        super().start(timeout)
        if self.services is None:
            self.services = Atheme(self)
        self.services.start()
        self.services.wait_until_linked()
        return self

    def stop(self):
        if self.services is not None:
            self.services.stop()
        super().stop()

    def add_account(self, name, password):
        with socket.create_connection((self.host, self.port), timeout=20) as wire:
            lines = wire.makefile("rw", encoding="utf-8", errors="replace", newline="\r\n")
            lines.write(f"NICK {name}\r\nUSER p 0 * :p\r\n")
            lines.flush()
            for line in lines:
                words = line.split()
                if words[0] == "PING":
                    lines.write(f"PONG {words[1]}\r\n")
                elif words[1] == "001":
                    lines.write(f"PRIVMSG NickServ :REGISTER {password} {name}@irc.test\r\n")
                elif words[1] == "900":
                    lines.write("QUIT\r\n")
                    lines.flush()
                    return
                lines.flush()
        raise start_error(f"the services did not make the account {name}:\n"
                          + self.services.output_tail())
