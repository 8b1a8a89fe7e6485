# SPDX-License-Identifier: GPL-3.0-or-later
"""What cmake --install brings: a program that finds its pages, settings it accepts, and nothing that the
images would lack."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

from servers.gateway import binary  # noqa: E402


def run(*command, **more):
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **more)


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="halley-install-")
        cls.addClassCleanup(folder.cleanup)
        cls.prefix = pathlib.Path(folder.name)
        done = run("cmake", "--install", os.path.dirname(binary()), "--prefix", cls.prefix)
        if done.returncode:
            raise AssertionError(done.stderr)

    def test_everything_is_in_its_place(self):
        for path in ("bin/halley", "share/halley/web/index.html", "share/halley/web/index.html.br",
                     "etc/halley/halley.toml", "share/man/man1/halley.1",
                     "lib/systemd/system/halley.service"):
            with self.subTest(path=path):
                self.assertTrue((self.prefix / path).is_file())
        hidden = [path for path in self.prefix.rglob(".*")]
        self.assertEqual(hidden, [])

    def test_the_installed_settings_are_accepted_and_a_mistake_in_them_is_not(self):
        text = (self.prefix / "etc/halley/halley.toml").read_text()
        wrong = self.prefix / "wrong.toml"
        wrong.write_text(text.replace('kind = "irc"', 'kind = "irk"') + "\ncolour = 1\n")
        done = run(self.prefix / "bin/halley", "check", "-c", wrong)
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, r'wrong\.toml:\d+:8: network\.kind: expected "irc" or "xmpp"\n')
        self.assertRegex(done.stderr, r"wrong\.toml:\d+:1: network\.colour: unknown key\n")

    def test_the_installed_program_serves_the_installed_pages(self):
        settings = self.prefix / "halley.toml"
        settings.write_text('[http]\nlisten = ["127.0.0.1:0"]\n'
                            '[[network]]\nname = "irc"\nservers = ["127.0.0.1:9"]\n')
        with subprocess.Popen([self.prefix / "bin/halley", "serve", "-c", settings],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as serving:
            try:
                url = re.search(r"http://\S+/", serving.stdout.readline())[0]
                with urllib.request.urlopen(url, timeout=10) as answer:
                    self.assertIn("<html", answer.read().decode())
                with urllib.request.urlopen(url + "healthz", timeout=10) as answer:
                    self.assertEqual(answer.status, 200)
            finally:
                serving.terminate()
            self.assertEqual(serving.wait(20), 0)

    def test_the_images_have_every_library_the_program_loads(self):
        listed = set(re.search(r"\[libraries\]\n(.*?)\n\[", (ROOT / "config/packages").read_text(),
                               re.DOTALL)[1].split())
        loaded = re.findall(r"=> (/\S+)", run("ldd", self.prefix / "bin/halley").stdout)
        self.assertGreater(len(loaded), 5)
        # What is loaded by these comes with them; asked for are those the program names itself.
        named = re.findall(r"NEEDED.*\[(.*)\]",
                           run("readelf", "-d", self.prefix / "bin/halley").stdout)
        base = {"libc6", "libstdc++6", "libgcc-s1"}
        for path in loaded:
            if os.path.basename(path) not in named:
                continue
            # By name: /lib and /usr/lib are one, and dpkg remembers only one of them.
            owners = {line.split(":")[0] for line in
                      run("dpkg", "-S", "*/" + os.path.basename(path)).stdout.splitlines()}
            with self.subTest(library=path):
                self.assertTrue(owners & (listed | base), owners)


if __name__ == "__main__":
    unittest.main()
