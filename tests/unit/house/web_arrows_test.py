# SPDX-License-Identifier: GPL-3.0-or-later
"""No circles among the files of web/: what is imported, now, later or as a type, stands below."""

import pathlib
import posixpath
import re
import unittest

WEB = pathlib.Path(__file__).resolve().parents[3] / "web"

IMPORT = re.compile(r'\b(?:from|import)\s*\(?\s*"(\.{1,2}/[^"]+)"')


def imports_of(path, text):
    """The files that one names, by their paths below web/."""
    folder = posixpath.dirname(path)
    return {posixpath.normpath(posixpath.join(folder, named)) for named in IMPORT.findall(text)}


def circle_in(arrows):
    """The first circle that is met, as a list of files; [] if there is none. `arrows`: file -> files."""
    done, way = set(), []

    def follow(file):
        if file in done or file not in arrows:
            return []
        if file in way:
            return way[way.index(file):] + [file]
        way.append(file)
        for below in sorted(arrows[file]):
            circle = follow(below)
            if circle:
                return circle
        way.pop()
        done.add(file)
        return []

    for file in sorted(arrows):
        circle = follow(file)
        if circle:
            return circle
    return []


class WebArrows(unittest.TestCase):
    def test_no_file_comes_back_to_itself(self):
        arrows = {}
        for folder in ("app", "client", "embed", "raw"):
            for path in (WEB / folder).rglob("*.ts"):
                if "node_modules" not in path.parts and "dist" not in path.parts:
                    name = path.relative_to(WEB).as_posix()
                    arrows[name] = imports_of(name, path.read_text(encoding="utf-8"))
        self.assertIn("app/chat.ts", arrows["app/main.ts"])
        self.assertEqual(circle_in(arrows), [], "a circle: " + " -> ".join(circle_in(arrows)))

    def test_a_circle_is_found_whatever_it_is_made_of(self):
        texts = {
            "app/a.ts": 'import { b } from "./b.ts";',
            "app/b.ts": 'import type {\n  C,\n} from "../client/c.ts";',
            "client/c.ts": 'export const d = () => import("../app/d.ts");',
            "app/d.ts": 'import "./a.ts";',
        }
        arrows = {path: imports_of(path, text) for path, text in texts.items()}
        self.assertEqual(len(circle_in(arrows)), 5)
        for path in texts:
            self.assertEqual(circle_in({**arrows, path: set()}), [])


if __name__ == "__main__":
    unittest.main()
