# SPDX-License-Identifier: GPL-3.0-or-later
"""Prosody, alone or two of them federating (s2s with TLS and dialback).

Names are resolved by Prosody's own resolver from a hosts file of ours, so /etc/hosts stays as it is.
s2s has one well-known port, so each server of a pair gets a loopback address of its own instead.

Its own BOSH and WebSocket are switched off unless asked for.

Rooms and accounts keep archives (mod_muc_mam, mod_mam), written line by line: they outlive kill() and
start(). So do rooms themselves, because with a room that is not lasting goes its archive.
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
plugin_paths = {{ "{folder}/plugins" }}
log = {{ warn = "{folder}/log"; }}
unbound = {{ hoststxt = "{folder}/hosts"; resolvconf = false; }}
network_backend = "epoll"
interfaces = {{ "{host}" }}
c2s_ports = {{ {port} }}
c2s_direct_tls_ports = {{ {direct_port} }}
c2s_direct_tls_ssl = {{ key = "{folder}/certs/key.pem"; certificate = "{folder}/certs/chain.pem" }}
s2s_ports = {{ {s2s_port} }}
http_ports = {{ {http_ports} }}
http_interfaces = {{ "{host}" }}
https_ports = {{ }}
c2s_require_encryption = {secure}
s2s_require_encryption = false
s2s_secure_auth = false
allow_unencrypted_plain_auth = true
consider_bosh_secure = true
consider_websocket_secure = true
modules_enabled = {{ "roster"; "saslauth"; "tls"; "disco"; "ping"; "dialback"; "s2s"; {web}
  "smacks"; "carbons"; "posix"; "s2s_auth_certs"; "presence"; "message"; "iq"; "c2s";
  "csi_simple"; "mam"; "pep"; {modules} }}
modules_disabled = {{ "offline" }}
allow_registration = false
storage = "internal"
storage_archive_item_limit = 1000000
VirtualHost "{domain}"
  authentication = "internal_plain"
  ssl = {{ key = "{folder}/certs/key.pem"; certificate = "{folder}/certs/chain.pem" }}
VirtualHost "guest.{domain}"
  authentication = "anonymous"
  allow_anonymous_s2s = true
  ssl = {{ key = "{folder}/certs/key.pem"; certificate = "{folder}/certs/chain.pem" }}
{more_hosts}
Component "rooms.{domain}" "muc"
  modules_enabled = {{ {room_modules} }}
  restrict_room_creation = false
  muc_room_default_public = true
  muc_room_locking = false
  muc_room_default_persistent = true
  muc_room_default_history_length = {history_lines}
  max_history_messages = {history_lines}
  ssl = {{ key = "{folder}/certs/key.pem"; certificate = "{folder}/certs/chain.pem" }}
"""


def file_name(text):
    """As Prosody's internal storage spells a key."""
    return re.sub(rb"[^A-Za-z0-9]", lambda found: b"%%%02x" % found[0][0], text.encode()).decode()


class Prosody(Server):
    kind = "xmpp"
    user = "nobody"
    more_hosts = ""  # as its settings spell them
    room_modules = ("muc_mam",)  # also of the folder "plugins"
    history_lines = 0  # told to who enters a room

    def __init__(self, domain="alpha.test", host=None, s2s_port=5269, own_web=False,
                 secure=False, limits=False, modules=None):
        """`secure`: STARTTLS is required, and direct_port is TLS from the first byte. `limits`: as
        Prosody comes, 10 kB/s for each client. `modules`: {name: Lua} of our own."""
        super().__init__("prosody")
        self.domain = domain
        self.host = host or loopback_address()
        self.port = free_port(self.host)
        self.http_port = free_port(self.host) if own_web else None
        self.s2s_port = s2s_port
        self.direct_port = free_port(self.host) if secure else None
        self.secure, self.limits = secure, limits
        self.modules = modules or {}
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
        self.make_folder("plugins")
        for name, text in self.modules.items():
            self.write(f"plugins/mod_{name}.lua", text)
        settings = self.write("prosody.cfg.lua", SETTINGS.format(
            folder=self.folder, host=self.host, port=self.port, s2s_port=self.s2s_port,
            http_ports=self.http_port or "", web='"bosh"; "websocket";' if self.http_port else "",
            modules="".join(f'"{name}"; ' for name in (*self.modules, *["limits"] * self.limits)),
            domain=self.domain, history_lines=self.history_lines, direct_port=self.direct_port or "",
            more_hosts=self.more_hosts,
            secure="true" if self.secure else "false",
            room_modules="; ".join(f'"{module}"' for module in self.room_modules)))
        return ["/usr/bin/prosody", "--config", settings, "-F"]

    def waited_for(self):
        ports = [self.port, self.s2s_port] + ([self.http_port] if self.http_port else [])
        ports += [self.direct_port] if self.secure else []
        return [(self.host, port) for port in ports]

    @property
    def authority(self):
        """Who signed its certificate: itself."""
        return self.path("certs/chain.pem")

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
