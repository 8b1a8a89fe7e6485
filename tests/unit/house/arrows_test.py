# SPDX-License-Identifier: GPL-3.0-or-later
"""Which room may include which, and which library belongs to which room, read from the includes.

The picture: base <- chat <- session <- {dialects, carriers, access, watch, bridges} <- http <- node.
No file may know a browser dialect and a network protocol at once.
"""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]

CENTRE = {"base", "chat", "session"}
# Rooms a room may include, beside itself. `node` is main, node and shard: the composition.
MAY_INCLUDE = {
    "base": set(),
    "chat": {"base"},
    "session": {"base", "chat"},
    "dialects": CENTRE,
    "carriers": CENTRE,
    "access": CENTRE,
    "watch": CENTRE,
    "bridges": CENTRE,
    "bridges/irc": CENTRE | {"bridges"},
    "bridges/xmpp": CENTRE | {"bridges"},
    "http": CENTRE | {"carriers", "dialects", "access", "watch"},
    "ops": CENTRE | {"http"},
    "settings": CENTRE | {"http"},
    "check": {"base", "chat", "settings"},
    "node": CENTRE | {"dialects", "carriers", "access", "watch", "bridges", "http", "ops", "settings",
                      "check"},
}
# One file in which the bridges meet the configuration: it makes the bridge a network asks for.
EXCEPTIONS = {
    ("bridges/bridge_factory.cpp", "bridges/irc"),
    ("bridges/bridge_factory.cpp", "bridges/xmpp"),
}
# Of http, settings needs only the struct it fills.
ONLY_HEADER = {("settings", "http"): {"gateway/http/http_settings.hpp"}}

LIBRARIES = {
    r"boost/beast|boost/beast\.hpp": ["gateway/http/", "gateway/carriers/", "tests/"],
    r"gloox/": ["bridges/xmpp/", "gateway/check/", "tests/"],
    r"libirc": ["bridges/irc/text", "gateway/check/", "tests/"],
    r"pugi": ["gateway/dialects/bosh", "gateway/dialects/xmpp_frames", "bridges/xmpp/", "tests/"],
    r"nlohmann/": ["gateway/dialects/", "gateway/access/", "gateway/settings/", "gateway/ops/",
                   "gateway/check/", "tests/"],
    r"toml\+\+/": ["gateway/settings/", "tests/"],
    r"prometheus/": ["gateway/ops/", "tests/"],
    r"CLI/": ["gateway/main.cpp", "tests/"],
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def room_of(path):
    parts = path.split("/")
    if parts[0] == "gateway":
        return parts[1] if len(parts) > 2 else "node"
    if parts[0] == "bridges":
        return "/".join(parts[:2]) if len(parts) > 2 else "bridges"
    return None


def wrongs_of(path, text):
    """What is wrong with the includes of one file: a list of sentences."""
    wrongs = []
    here = room_of(path)
    for quote, included in INCLUDE.findall(text):
        for library, owners in LIBRARIES.items():
            if re.match(library, included) and not any(path.startswith(one) for one in owners):
                wrongs.append(f"{path} includes {included}, which belongs to {', '.join(owners)}")
        if here is None or quote != '"':
            continue
        there = room_of(included)
        if there is None:
            wrongs.append(f"{path} includes {included}: neither gateway/ nor bridges/")
        elif there == here or (path, there) in EXCEPTIONS:
            continue
        elif here not in MAY_INCLUDE:
            wrongs.append(f"{path}: {here} is no room of this house")
        elif there not in MAY_INCLUDE[here]:
            wrongs.append(f"{path} includes {included}: no arrow from {here} to {there}")
        elif included not in ONLY_HEADER.get((here, there), {included}):
            wrongs.append(f"{path} includes {included}: {here} may not know this much of {there}")
    return wrongs


def sources():
    for folder in ("gateway", "bridges", "tests"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".hpp", ".cpp"):
                yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


class Arrows(unittest.TestCase):
    def test_every_include_follows_an_arrow(self):
        wrongs = [wrong for path, text in sources() for wrong in wrongs_of(path, text)]
        self.assertEqual(wrongs, [], "\n" + "\n".join(wrongs))

    def test_a_forbidden_include_is_noticed(self):
        forbidden = [
            ("gateway/base/a.hpp", '#include "gateway/chat/event.hpp"'),
            ("gateway/session/a.cpp", '#include "gateway/dialects/chat.hpp"'),
            ("gateway/session/a.cpp", '#include "bridges/link.hpp"'),
            ("gateway/carriers/a.cpp", '#include "gateway/http/http_server.hpp"'),
            ("gateway/dialects/a.cpp", '#include "gateway/carriers/websocket.hpp"'),
            ("bridges/irc/a.cpp", '#include "gateway/dialects/chat.hpp"'),
            ("bridges/irc/a.cpp", '#include "bridges/xmpp/xml.hpp"'),
            ("bridges/link.cpp", '#include "bridges/irc/message.hpp"'),
            ("gateway/http/a.cpp", '#include "bridges/link.hpp"'),
            ("gateway/http/a.cpp", '#include "gateway/node.hpp"'),
            ("gateway/settings/a.cpp", '#include "gateway/http/http_server.hpp"'),
            ("gateway/util/a.cpp", '#include "gateway/base/time.hpp"'),
            ("gateway/base/a.cpp", '#include "tests/support/fake.hpp"'),
            ("gateway/session/a.cpp", "#include <boost/beast/core.hpp>"),
            ("gateway/session/a.cpp", "  #  include <nlohmann/json.hpp>"),
            ("gateway/http/a.cpp", "#include <gloox/client.h>"),
            ("bridges/irc/bridge.cpp", "#include <libircclient.h>"),
            ("bridges/irc/a.cpp", "#include <pugixml.hpp>"),
        ]
        for path, text in forbidden:
            with self.subTest(path=path, text=text):
                self.assertEqual(len(wrongs_of(path, text + "\n")), 1)

    def test_a_permitted_include_is_left_alone(self):
        permitted = [
            ("gateway/session/a.cpp", '#include "gateway/chat/event.hpp"'),
            ("gateway/http/a.cpp", "#include <boost/beast/http.hpp>"),
            ("bridges/irc/text_formatting.cpp", "#include <libircclient.h>"),
            ("bridges/bridge_factory.cpp", '#include "bridges/irc/bridge.hpp"'),
            ("gateway/node.cpp", '#include "gateway/http/http_server.hpp"'),
        ]
        for path, text in permitted:
            with self.subTest(path=path, text=text):
                self.assertEqual(wrongs_of(path, text + "\n"), [])


class Files(unittest.TestCase):
    def test_every_source_names_its_licence_in_the_first_line(self):
        for path, text in sources():
            with self.subTest(path=path):
                self.assertIn("SPDX-License-Identifier: GPL-3.0-or-later", text.split("\n", 1)[0])

    def test_every_header_is_included_once_by_pragma(self):
        for path, text in sources():
            if path.endswith(".hpp"):
                with self.subTest(path=path):
                    self.assertIn("\n#pragma once\n", text)

    def test_no_room_is_a_drawer(self):
        drawers = {"util", "utils", "common", "helper", "helpers", "misc", "detail"}
        for path, _ in sources():
            with self.subTest(path=path):
                self.assertFalse(drawers & set(path.split("/")[:-1]))


if __name__ == "__main__":
    unittest.main()
