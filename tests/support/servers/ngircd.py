# SPDX-License-Identifier: GPL-3.0-or-later
"""ngIRCd: the plainest server in use. Its CAP LS has only multi-prefix: no echo, no server-time, no
message ids, so that a gateway must do without."""

from certificates import make_certificate
from .process import Server, free_port

SETTINGS = """\
[Global]
Name = {name}
Info = live tests
Listen = 127.0.0.1
Ports = {port}
MotdPhrase = Welcome to the plain server.
AdminEMail = admin@{name}
Network = LiveNet
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxPenaltyTime = 0
MaxNickLength = 30
PingTimeout = 120
MaxListSize = 1000
[Options]
DNS = no
Ident = no
PAM = no
WebircPassword = gateway-secret
SyslogFacility = local1
[Operator]
Name = root
Password = root
{ssl}"""


class Ngircd(Server):
    kind = "irc"
    webirc_password = "gateway-secret"

    def __init__(self, name="plain.irc.test", secure=False):
        """`secure`: listens on tls_port, too."""
        super().__init__("ngircd")
        self.name = name
        self.port = free_port()
        self.tls_port = free_port() if secure else None
        ssl = ""
        if secure:
            path = make_certificate(self.folder, "irc", "DNS:" + name)
            self.authority = path + ".pem"
            ssl = f"[SSL]\nPorts = {self.tls_port}\nCertFile = {path}.pem\nKeyFile = {path}.key\n"
        self.settings = self.write("ngircd.conf",
                                   SETTINGS.format(name=name, port=self.port, ssl=ssl))

    def command(self):
        return ["/usr/sbin/ngircd", "-n", "-f", self.settings]

    def waited_for(self):
        return [(self.host, self.port)]

    def network(self, name="irc", **more):
        return {"name": name, "title": "Plain", "kind": "irc",
                "servers": [f"{self.host}:{self.port}"],
                "webirc_password": self.webirc_password, **more}
