# SPDX-License-Identifier: GPL-3.0-or-later
"""The oracle of the soak finds each kind of fault, and nothing where there is none."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "soak"))

from judgement import judge_commands, judge_log  # noqa: E402
from lines import Line  # noqa: E402

TRUTH = [f"0.ann.{n} words" for n in range(6)]
MARKS = {f"0.ann.{n}" for n in range(6)}
GAP = ("gap", "network", {"ev": "gap"})


def said(*numbers):
    return [("said", TRUTH[n], {"ev": "said"}) for n in numbers]


class Logs(unittest.TestCase):
    def faults(self, log, **more):
        found = judge_log("ann", log, TRUTH, **more)
        self.assertEqual(found.is_good, not any(getattr(found, kind) for kind in found.FAULTS))
        return {kind: getattr(found, kind) for kind in found.FAULTS if getattr(found, kind)}

    def test_a_log_like_the_room_is_good(self):
        self.assertEqual({}, self.faults(said(0, 1, 2, 3, 4, 5)))

    def test_a_missing_line_is_lost(self):
        self.assertEqual({"lost": ["0.ann.3"]}, self.faults(said(0, 1, 2, 4, 5)))

    def test_a_missing_line_is_lost_even_with_a_gap(self):
        log = said(0, 1, 2) + [GAP] + said(4, 5)
        self.assertEqual({"lost": ["0.ann.3"]}, self.faults(log))

    def test_the_last_line_counts(self):
        self.assertEqual({"lost": ["0.ann.5"]}, self.faults(said(0, 1, 2, 3, 4)))

    def test_twice_is_doubled(self):
        self.assertEqual({"doubled": ["0.ann.2"]}, self.faults(said(0, 1, 2, 2, 3, 4, 5)))

    def test_another_order_is_disorder(self):
        self.assertEqual({"disordered": ["0.ann.2"]}, self.faults(said(0, 1, 3, 2, 4, 5)))

    def test_what_nobody_said_is_invented(self):
        log = said(0, 1, 2, 3, 4, 5) + [("said", "0.bob.1 words", {})]
        self.assertEqual({"invented": ["0.bob.1 words"]}, self.faults(log))

    def test_a_changed_text_is_invented_and_lost(self):
        log = said(0, 1, 2, 3, 4) + [("said", "0.ann.5 word", {})]
        self.assertEqual({"invented": ["0.ann.5 word"], "lost": ["0.ann.5"]}, self.faults(log))

    def test_an_excused_hole_needs_a_gap_at_its_place(self):
        excused = {"0.ann.2", "0.ann.3"}
        self.assertEqual({}, self.faults(said(0, 1) + [GAP] + said(4, 5), excused=excused))
        self.assertEqual({"silent": ["0.ann.4"]}, self.faults(said(0, 1, 4, 5), excused=excused))
        self.assertEqual({"silent": ["0.ann.4"]},
                         self.faults(said(0) + [GAP] + said(1, 4, 5), excused=excused))
        self.assertEqual({"silent": ["0.ann.4"]},
                         self.faults(said(0, 1, 4) + [GAP] + said(5), excused=excused))

    def test_two_holes_need_two_gaps(self):
        excused = {"0.ann.1", "0.ann.3"}
        log = said(0) + [GAP] + said(2, 4, 5)
        self.assertEqual({"silent": ["0.ann.4"]}, self.faults(log, excused=excused))

    def test_a_hole_at_the_end_needs_a_gap_as_well(self):
        self.assertEqual({"silent": ["the end"]}, self.faults(said(0, 1, 2, 3, 4),
                                                              excused={"0.ann.5"}))
        self.assertEqual({}, self.faults(said(0, 1, 2, 3, 4) + [GAP], excused={"0.ann.5"}))

    def test_an_excuse_covers_nothing_else(self):
        log = said(0, 1) + [GAP] + said(5)
        self.assertEqual({"lost": ["0.ann.4"]},
                         self.faults(log, excused={"0.ann.2", "0.ann.3"}))

    def test_what_was_said_elsewhere_is_not_due(self):
        self.assertEqual({}, self.faults(said(2, 3), due=MARKS - {"0.ann.0", "0.ann.1", "0.ann.4",
                                                                  "0.ann.5"}))


class Commands(unittest.TestCase):
    def wrong(self, results, said, sent=1):
        return judge_commands("ann", {1: Line("#a", "0.ann.0 words")}, {1: sent}, {1: results},
                              {"0.ann.0": said}).wrong

    def ok(self, **more):
        return {"ev": "result", "n": 1, "ok": True, **more}

    def refused(self):
        return {"ev": "result", "n": 1, "ok": False, "error": {"code": "lost"}}

    def test_what_is_right(self):
        self.assertEqual([], self.wrong([self.ok()], 1))
        self.assertEqual([], self.wrong([self.ok(), self.ok()], 1, sent=2))
        self.assertEqual([], self.wrong([self.refused()], 0))
        self.assertEqual([], self.wrong([self.refused()], 1))

    def test_what_is_wrong(self):
        for name, arguments in {
                "no result": ([], 0), "ok, but not said": ([self.ok()], 0),
                "said twice": ([self.ok()], 2), "refused, said twice": ([self.refused()], 2),
                "answers that differ": ([self.ok(), self.refused()], 1, 2),
                "other ids": ([self.ok(id="a"), self.ok(id="b")], 1, 2),
                "more answers than questions": ([self.ok()] * 3, 1)}.items():
            with self.subTest(name):
                self.assertEqual(1, len(self.wrong(*arguments)))


if __name__ == "__main__":
    unittest.main()
