# SPDX-License-Identifier: GPL-3.0-or-later
"""Prosody, alone or two of them federating (s2s with TLS and dialback).

Names are resolved by Prosody's own resolver from a hosts file of ours, so /etc/hosts stays as it is.
s2s has one well-known port, so each server of a pair gets a loopback address of its own instead.
"""

import os
import re
import subprocess

from .process import Server, free_port, loopback_address

SETTINGS = """\
daemonize = false
pidfile = "{folder}/prosody.pid"
data_path = "{folder}/data"
certificates = "{folder}/certs"
log = {{ warn = "{folder}/log"; }}
unbound = {{ hoststxt = "{folder}/hosts"; resolvconf = false; }}
network_backend = "epoll"
interfaces = {{ "{host}" }}
c2s_ports = {{ {port} }}
s2s_ports = {{ {s2s_port} }}
http_ports = {{ {http_port} }}
http_interfaces = {{ "{host}" }}
https_ports = {{ }}
c2s_require_encryption = false
s2s_require_encryption = false
s2s_secure_auth = false
allow_unencrypted_plain_auth = true
consider_bosh_secure = true
consider_websocket_secure = true
modules_enabled = {{ "roster"; "saslauth"; "tls"; "disco"; "ping"; "dialback"; "s2s"; "bosh";
  "websocket"; "smacks"; "carbons"; "posix"; "s2s_auth_certs"; "presence"; "message"; "iq"; "c2s" }}
modules_disabled = {{ "offline"; "limits" }}
allow_registration = false
storage = "internal"
VirtualHost "{domain}"
  authentication = "internal_plain"
  ssl = {{ key = "{folder}/certs/key.pem"; certificate = "{folder}/certs/chain.pem" }}
VirtualHost "guest.{domain}"
  authentication = "anonymous"
  allow_anonymous_s2s = true
  ssl = {{ key = "{folder}/certs/key.pem"; certificate = "{folder}/certs/chain.pem" }}
Component "rooms.{domain}" "muc"
  modules_enabled = {{ "muc_mam" }}
  restrict_room_creation = false
  muc_room_default_public = true
  muc_room_locking = false
  muc_room_default_history_length = 0
  max_history_messages = 0
  ssl = {{ key = "{folder}/certs/key.pem"; certificate = "{folder}/certs/chain.pem" }}
"""


def file_name(text):
    """As Prosody's internal storage spells a key."""
    return re.sub(rb"[^A-Za-z0-9]", lambda found: b"%%%02x" % found[0][0], text.encode()).decode()


class Prosody(Server):
    kind = "xmpp"
    user = "nobody"

    def __init__(self, domain="alpha.test", host=None, s2s_port=5269):
        super().__init__("prosody")
        self.domain = domain
        self.host = host or loopback_address()
        self.port = free_port(self.host)
        self.http_port = free_port(self.host)
        self.s2s_port = s2s_port
        self.known = {domain: self.host}
        self.make_folder("data")
        self.make_folder("certs")

    def names(self):
        return [self.domain, "guest." + self.domain, "rooms." + self.domain]

    def add_account(self, name, password):
        """Straight into the storage: before or after the start, without a register module."""
        folder = os.path.join("data", file_name(self.domain), "accounts")
        self.make_folder(os.path.dirname(folder))
        self.make_folder(folder)
        self.write(os.path.join(folder, file_name(name) + ".dat"),
                   f'return {{\n\t["password"] = "{password}";\n}};\n')

    def command(self):
        hosts = "".join(f"{host} {name} guest.{name} rooms.{name}\n"
                        for name, host in self.known.items())
        self.write("hosts", hosts)
        alternatives = ",".join("DNS:" + name for name in self.names())
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-days", "2", "-subj", "/CN=" + self.domain, "-addext",
             "subjectAltName=" + alternatives, "-keyout", self.path("certs/key.pem"), "-out",
             self.path("certs/chain.pem")], check=True, capture_output=True)
        for name in ("key.pem", "chain.pem"):
            self._own(self.path("certs/" + name))
        settings = self.write("prosody.cfg.lua", SETTINGS.format(
            folder=self.folder, host=self.host, port=self.port, s2s_port=self.s2s_port,
            http_port=self.http_port, domain=self.domain))
        return ["/usr/bin/prosody", "--config", settings, "-F"]

    def waited_for(self):
        return [(self.host, self.port), (self.host, self.s2s_port)]

    def room(self, name):
        return f"{name}@rooms.{self.domain}"

    def network(self, name="xmpp", **more):
        return {"name": name, "title": "Jabber", "kind": "xmpp",
                "servers": [f"{self.host}:{self.port}"], "tls": "none", "domain": self.domain,
                "anonymous_domain": "guest." + self.domain,
                "muc_service": "rooms." + self.domain, **more}


def federated_pair():
    one = Prosody("alpha.test")
    two = Prosody("beta.test")
    for server in (one, two):
        server.known = {one.domain: one.host, two.domain: two.host}
    one.start()
    two.start()
    return one, two
