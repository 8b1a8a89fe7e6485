# SPDX-License-Identifier: GPL-3.0-or-later
"""InspIRCd 3 with its IRCv3 modules: echo-message, server-time, message ids, labeled-response, history
on join (+H), and its own WebSocket. Two of them can be linked."""

import socket
import time

from certificates import make_certificate
from .process import Server, free_port, start_error

MODULES = """cgiirc sha1 md5 cap ircv3 ircv3_accounttag ircv3_batch ircv3_capnotify ircv3_chghost
ircv3_ctctags ircv3_echomessage ircv3_invitenotify ircv3_labeledresponse ircv3_msgid
ircv3_servertime namesx uhnames monitor chanhistory services_account setname userip websocket
spanningtree muteban timedbans banexception inviteexception messageflood""".split()

# defaultmodes needs the o: without it nobody becomes an operator of a new channel.
SETTINGS = """\
<server name="{name}" description="live tests" network="LiveNet" id="{sid}">
<admin name="admin" nick="admin" email="admin@{name}">
<bind address="127.0.0.1" port="{port}" type="clients">
<bind address="127.0.0.1" port="{link_port}" type="servers">
<bind address="127.0.0.1" port="{websocket_port}" type="clients" hook="websocket">
<bind path="{folder}/clients.sock" type="clients" permissions="0777" replace="yes">
{binds}
{modules}
<websocket defaultmode="text" proxyranges="">
<wsorigin allow="*">
<cgihost type="webirc" mask="127.0.0.*" password="gateway-secret">
<cgihost type="webirc" mask="*/clients.sock" password="gateway-secret">
<chanhistory maxlines="{history_lines}" maxduration="1h" bots="no">
<connect name="main" allow="*" timeout="30" pingfreq="120" hardsendq="64M" softsendq="32M"
 recvq="64K" threshold="1000000" commandrate="1000000000" fakelag="no" localmax="100000"
 globalmax="100000" maxchans="1000" resolvehostnames="no" useident="no" maxconnwarn="no"
 limit="100000">
<class name="X" commands="*" usermodes="*" chanmodes="*">
<type name="NetAdmin" classes="X">
<oper name="root" password="root" host="*@*" type="NetAdmin">
<files motd="{folder}/motd">
<path configdir="{folder}" datadir="{folder}/data" logdir="{folder}/data"
 moduledir="/usr/lib/inspircd/modules" runtimedir="{folder}/data">
<pid file="{folder}/data/pid">
<dns server="127.0.0.1" timeout="1">
<options defaultmodes="not" allowzerolimit="no" allowhalfop="yes">
<performance netbuffersize="10240" somaxconn="4096" softlimit="100000" quietbursts="yes"
 clonesonconnect="no">
<security hidewhois="" customversion="" maxtargets="20">
<limits maxnick="30" maxchan="64" maxuser="20" maxhost="64" maxline="512">
<log method="file" type="* -USERINPUT -USEROUTPUT" level="default" target="{folder}/data/log">
{links}
"""


class InspIRCd(Server):
    kind = "irc"
    webirc_password = "gateway-secret"
    extra_modules = ()
    left_out = ()  # of MODULES
    history_lines = 100  # that a room may keep (+H)

    def __init__(self, name="one.irc.test", sid="1AA"):
        super().__init__("inspircd")
        self.name = name
        self.sid = sid
        self.port = free_port()
        self.link_port = free_port()
        self.websocket_port = free_port()
        self.links = ""
        self.binds = ""
        self.preload = None
        self.make_folder("data")
        self.write("motd", "Welcome to the rich server.\n")

    @property
    def unix_path(self):
        return self.path("clients.sock")

    def link_to(self, other, calls):
        """`calls`: this side opens the connection."""
        self.links += (f'<link name="{other.name}" ipaddr="127.0.0.1" port="{other.link_port}" '
                       'allowmask="127.0.0.0/8" timeout="15" sendpass="linked" recvpass="linked">\n')
        if calls:
            self.links += f'<autoconnect period="1" server="{other.name}">\n'

    def command(self):
        loaded = [module for module in MODULES if module not in self.left_out]
        modules = "\n".join(f'<module name="{module}">' for module in (*loaded, *self.extra_modules))
        settings = self.write("inspircd.conf", SETTINGS.format(
            name=self.name, sid=self.sid, port=self.port, link_port=self.link_port,
            websocket_port=self.websocket_port, folder=self.folder, modules=modules,
            history_lines=self.history_lines,
            links=self.links, binds=self.binds))
        return ["/usr/sbin/inspircd", "--nofork", "--nopid", "--config", settings]

    def environment(self):
        found = super().environment()
        if self.preload:
            found.update(self.preload)
        return found

    def waited_for(self):
        return [(self.host, self.port), (self.host, self.websocket_port)]

    def network(self, name="irc", **more):
        return {"name": name, "title": "Rich", "kind": "irc",
                "servers": [f"{self.host}:{self.port}"],
                "webirc_password": self.webirc_password, **more}


class InspIRCdMoreWays(InspIRCd):
    """Listens on tls_port and behind the PROXY protocol on proxy_port, too."""

    extra_modules = ("ssl_gnutls", "haproxy")

    def __init__(self, name="one.irc.test", sid="1AA"):
        super().__init__(name, sid)
        self.tls_port, self.proxy_port = free_port(), free_port()
        path = make_certificate(self.folder, "irc", "DNS:" + name)
        self.authority = path + ".pem"
        self.binds = (
            f'<sslprofile name="c" provider="gnutls" certfile="{path}.pem" keyfile="{path}.key">\n'
            f'<bind address="127.0.0.1" port="{self.tls_port}" type="clients" sslprofile="c">\n'
            f'<bind address="127.0.0.1" port="{self.proxy_port}" type="clients" hook="haproxy">')


def servers_seen(server, nick="linkprobe", timeout=20):
    """The names LINKS gives on this server, read by a client of its own."""
    with socket.create_connection((server.host, server.port), timeout=timeout) as wire:
        lines = wire.makefile("rw", encoding="utf-8", errors="replace", newline="\r\n")
        lines.write(f"NICK {nick}\r\nUSER p 0 * :p\r\n")
        lines.flush()
        names = set()
        for line in lines:
            words = line.split()
            if words[0] == "PING":
                lines.write(f"PONG {words[1]}\r\n")
            elif words[1] == "001":
                lines.write("LINKS\r\n")
            elif words[1] == "364":
                names.add(words[3])
            elif words[1] == "365":
                lines.write("QUIT\r\n")
                lines.flush()
                return names
            lines.flush()
    return names


def linked_pair(timeout=30):
    """Two servers of one network; the link is up when this returns."""
    one = InspIRCd("one.irc.test", "1AA")
    two = InspIRCd("two.irc.test", "2AA")
    one.link_to(two, calls=False)
    two.link_to(one, calls=True)
    one.start()
    two.start()
    end = time.monotonic() + timeout
    while {one.name, two.name} - servers_seen(one):
        if time.monotonic() > end:
            raise start_error("the two servers did not link:\n" + one.output_tail())
    return one, two
