# SPDX-License-Identifier: GPL-3.0-or-later
"""The shell scripts of the house: clean for shellcheck, and the templates they fill in whole."""

import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
TEMPLATES = ROOT / "config/chat-servers"
RENDER = TEMPLATES / "render"


def render(*arguments):
    return subprocess.run([RENDER, *arguments], capture_output=True, text=True, timeout=20)


def words_of(template):
    return sorted(set(re.findall(r"@([a-z_]+)@", (TEMPLATES / template).read_text())))


class Scripts(unittest.TestCase):
    def test_shellcheck_has_nothing_to_say(self):
        scripts = [path for folder in ("config", "tests", ".ci", "docker")
                   for path in (ROOT / folder).rglob("*") if path.is_file()
                   and path.read_bytes().startswith((b"#!/bin/bash", b"#!/bin/sh"))
                   and "node_modules" not in path.parts]
        self.assertGreaterEqual(len(scripts), 3)
        done = subprocess.run(["shellcheck", "-x", *scripts], capture_output=True, text=True,
                              timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_a_template_is_filled_in_as_written(self):
        for template in ("inspircd.conf", "prosody.cfg.lua", "halley.toml"):
            with self.subTest(template=template):
                odd = r"a&b\1/$x"
                done = render(template, *(f"{word}={odd}" for word in words_of(template)))
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertIn(odd, done.stdout)
                self.assertNotRegex(done.stdout, "@[a-z_]+@")

    def test_a_word_too_few_or_too_many_is_refused(self):
        words = [f"{word}=1" for word in words_of("prosody.cfg.lua")]
        few = render("prosody.cfg.lua", *words[1:])
        self.assertEqual((few.returncode, few.stdout), (2, ""))
        self.assertIn(words[0].split("=")[0], few.stderr)
        many = render("prosody.cfg.lua", *words, "nonsense=1")
        self.assertEqual(many.returncode, 2)
        self.assertIn("nonsense", many.stderr)

    def test_quickstart_refuses_what_it_does_not_understand(self):
        for arguments, said in [(["--irc-port", "70000"], "needs a port from 1 to 65535"),
                                (["--irc-port"], "needs a port from 1 to 65535"),
                                (["--irc-port", "8080"], "the four ports must differ"),
                                (["--state"], "needs a folder"),
                                (["--colour"], "there is no option --colour")]:
            with self.subTest(arguments=arguments):
                done = subprocess.run([ROOT / "config/quickstart", *arguments],
                                      capture_output=True, text=True, timeout=20)
                self.assertEqual(done.returncode, 1)
                self.assertIn(said, done.stderr)


if __name__ == "__main__":
    unittest.main()
