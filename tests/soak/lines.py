# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said: each line begins with a mark that no other line has, "3.web17.42"."""

import collections
import re

Line = collections.namedtuple("Line", "room text")

MARK = re.compile(r"^\d+\.[a-z]+\d*\.\d+(?= |$)")
FILLER = ("snow", "ist", "größer", "naïve", "日本語", "مرحبا", "<b>&amp;", "\N{CHICKEN}", "a:b", "%s",
          "'quoted'", "--", "end")


def make_line(room_number, speaker, count, chance):
    words = chance.choices(FILLER, k=chance.randrange(0, 12))
    return " ".join([f"{room_number}.{speaker}.{count}", *words])


def mark_of(text):
    found = MARK.match(text)
    return found[0] if found else None
