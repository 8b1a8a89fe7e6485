# SPDX-License-Identifier: GPL-3.0-or-later
"""`halley check` against XMPP servers that are set up wrong in one way each, and against the settings
config/quickstart starts its servers with."""

import os
import subprocess
import unittest

from check_stage import ROOMS, SECRET, CheckTest, Ejabberd, OneServer, ngircd, prosody


CHAT_SERVERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "config",
                            "chat-servers")


class Quickstart(CheckTest):
    """The settings config/quickstart starts its servers with need nothing added."""

    def server(self, label, template, **words):
        server = OneServer(label, "")
        words = {"listen": "127.0.0.1", "port": str(server.port), "folder": server.folder, **words}
        text = subprocess.run(
            [os.path.join(CHAT_SERVERS, "render"), template,
             *(f"{key}={value}" for key, value in words.items())],
            check=True, capture_output=True, text=True).stdout
        server.text = text.replace("{", "{{").replace("}", "}}")
        for folder in ("data", "certs"):
            server.make_folder(folder)
        return self.start(server)

    def test_inspircd(self):
        server = self.server("inspircd", "inspircd.conf", gateway="127.0.0.1",
                             webirc_password=SECRET)
        self.check(server, webirc_password=SECRET, rooms=["#halley"])
        for step in ("webirc", "features", "room", "message", "rooms", "clones", "flood"):
            self.says(step, "ok")
        self.says("features", "ok", "server-time, message-tags, echo-message, labeled-response, batch")
        self.succeeds()

    def test_prosody(self):
        server = self.server("prosody", "prosody.cfg.lua", domain="check.test")
        self.check(server, **Xmpp.domain, muc_service="rooms.check.test", rooms=["halley"])
        for step in ("guest", "service", "room", "message", "archive", "rate", "rooms"):
            self.says(step, "ok")
        self.succeeds()
        # Rooms are lasting there: of the one made for the check only the tombstone stays.
        folder = server.path("data/rooms%2echeck%2etest/config")
        made = [name for name in os.listdir(folder) if name.startswith("hck")]
        self.assertEqual(len(made), 1)
        with open(os.path.join(folder, made[0]), encoding="utf-8") as text:
            self.assertIn('["destroyed"] = true', text.read())


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
