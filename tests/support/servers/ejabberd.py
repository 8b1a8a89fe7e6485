# SPDX-License-Identifier: GPL-3.0-or-later
"""ejabberd: accounts and guests, rooms, stream management; its own BOSH and WebSocket on request."""

import base64
import json
import os
import signal
import socket
import subprocess

from .process import Server, free_port

SETTINGS = """\
hosts: [ "{domain}", "guest.{domain}" ]
loglevel: {loglevel}
certfiles: [ "{folder}/both.pem" ]
listen:
  - {{ port: {port}, ip: "127.0.0.1", module: ejabberd_c2s, max_stanza_size: 262144, shaper: none,
      access: all, starttls: true }}
{ways}{web}
shaper: {{ normal: 1000000000 }}
shaper_rules: {{ max_user_sessions: 100000 }}
acl: {{ admin: {{ user: "nobody@nowhere" }} }}
auth_method: [ {auth} ]
{key}
registration_timeout: infinity
host_config:
  guest.{domain}:
    auth_method: [ anonymous ]
    anonymous_protocol: sasl_anon
    allow_multiple_connections: true
modules:
  mod_disco: {{}}
  mod_roster: {{}}
  mod_ping: {{}}
  mod_sic: {{}}
  mod_register: {{ ip_access: all, access: all }}
  mod_stream_mgmt: {{ resume_timeout: 60 }}
{bosh}
  mod_muc:
    host: rooms.{domain}
    access: all
    access_create: all
    history_size: 0
    max_users: 5000
    min_message_interval: 0
    default_room_options: {{ persistent: false, max_users: 5000 }}
"""

# STARTTLS that is required, TLS from the first byte, and behind the PROXY protocol.
WAYS = """\
  - {{ port: {secure_port}, ip: "127.0.0.1", module: ejabberd_c2s, shaper: none, access: all,
      starttls_required: true }}
  - {{ port: {direct_port}, ip: "127.0.0.1", module: ejabberd_c2s, shaper: none, access: all, tls: true }}
  - {{ port: {proxy_port}, ip: "127.0.0.1", module: ejabberd_c2s, shaper: none, access: all,
      use_proxy_protocol: true }}
"""

WEB = """\
  - { port: @port, ip: "127.0.0.1", module: ejabberd_http,
      request_handlers: { "/http-bind": mod_bosh, "/xmpp-websocket": ejabberd_http_ws } }
"""


class Ejabberd(Server):
    """Its command is a shell script with the machine as a child, so the whole group is ended; the
    mapper of node names (epmd) is not started."""

    kind = "xmpp"
    user = "ejabberd"
    group = "ejabberd"

    def __init__(self, domain="gamma.test", own_web=False, more_ways=False, token_key=None):
        """`more_ways`: listens on secure_port, direct_port and proxy_port, too, and logs who comes.
        `token_key`: accounts are let in by a token (JWT, HS256) made with these bytes, not by
        passwords."""
        super().__init__("ejabberd")
        self.domain = domain
        self.port = free_port()
        self.ways = {name: free_port() for name in ("secure_port", "direct_port", "proxy_port")
                     } if more_ways else {}
        self.secure_port, self.direct_port, self.proxy_port = (*self.ways.values(), *[None] * 3)[:3]
        self.http_port = free_port() if own_web else None
        self.own_web = own_web
        self.token_key = token_key

    def command(self):
        names = [self.domain, "guest." + self.domain, "rooms." + self.domain]
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-days", "2", "-subj", "/CN=" + self.domain, "-addext",
             "subjectAltName=" + ",".join("DNS:" + name for name in names), "-keyout",
             self.path("key.pem"), "-out", self.path("chain.pem")], check=True,
            capture_output=True)
        with open(self.path("chain.pem"), encoding="ascii") as chain, \
                open(self.path("key.pem"), encoding="ascii") as key:
            self.write("both.pem", chain.read() + key.read())
        auth, key = "internal", "auth_password_format: scram"
        if self.token_key:
            spelled = base64.urlsafe_b64encode(self.token_key).decode().rstrip("=")
            made = self.write("token.jwk", json.dumps({"kty": "oct", "k": spelled}))
            auth, key = "jwt", f'jwt_key: "{made}"'
        settings = self.write("ejabberd.yml", SETTINGS.format(
            auth=auth, key=key,
            domain=self.domain, folder=self.folder, port=self.port,
            loglevel="info" if self.ways else "warning",
            ways=WAYS.format(**self.ways) if self.ways else "",
            web=WEB.replace("@port", str(self.http_port)) if self.own_web else "",
            bosh="  mod_bosh: {}" if self.own_web else ""))
        mapper = free_port()
        self.write("inetrc", '{lookup,["file","native"]}.\n')
        self.write("ejabberdctl.cfg", "INET_DIST_INTERFACE=127.0.0.1\n"
                   f'ERL_OPTIONS="-start_epmd false -erl_epmd_port {mapper}"\n')
        return ["setsid", "/usr/sbin/ejabberdctl", "--config-dir", self.folder, "--ctl-config",
                self.path("ejabberdctl.cfg"), "--config", settings, "--spool", self.path("spool"),
                "--logs", self.path("logs"), "--node", f"raw{mapper}@localhost", "foreground"]

    def waited_for(self):
        ports = [self.port, *self.ways.values()] + ([self.http_port] if self.own_web else [])
        return [(self.host, port) for port in ports]

    def add_account(self, name, password):
        """As a visitor would (XEP-0077); it must be running."""
        with socket.create_connection((self.host, self.port), timeout=20) as wire:
            wire.sendall(
                f"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
                f"to='{self.domain}' version='1.0'><iq type='set' id='new'><query "
                f"xmlns='jabber:iq:register'><username>{name}</username>"
                f"<password>{password}</password></query></iq>".encode())
            said = b""
            while b"id='new'" not in said and (more := wire.recv(4096)):
                said += more
        if b"type='result'" not in said:
            raise RuntimeError(f"ejabberd: no account {name}: {said[-300:]!r}")

    def kill(self):
        if self.is_running():
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    @property
    def authority(self):
        """Who signed its certificate: itself."""
        return self.path("chain.pem")

    def room(self, name):
        return f"{name}@rooms.{self.domain}"

    def network(self, name="xmpp", **more):
        return {"name": name, "title": "Jabber", "kind": "xmpp",
                "servers": [f"{self.host}:{self.port}"], "tls": "none", "domain": self.domain,
                "anonymous_domain": "guest." + self.domain,
                "muc_service": "rooms." + self.domain, **more}
