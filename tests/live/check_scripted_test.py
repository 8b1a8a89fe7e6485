# SPDX-License-Identifier: GPL-3.0-or-later
"""`halley check` against servers Debian does not have, played by a script; and what it prints."""

import os
import socket
import subprocess
import threading
import unittest

from check_stage import SECRET, CheckTest, binary, inspircd, ngircd


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


if __name__ == "__main__":
    unittest.main()
