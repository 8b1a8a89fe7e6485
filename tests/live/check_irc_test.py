# SPDX-License-Identifier: GPL-3.0-or-later
"""`halley check` against IRC servers that are set up wrong in one way each: the words an operator
reads, the exit status, and that the lines it prints cure what it found."""

import os
import re
import socket
import subprocess
import unittest

from check_stage import SECRET, CheckTest, binary, free_port, inspircd, ngircd, toml_table


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


if __name__ == "__main__":
    unittest.main()
