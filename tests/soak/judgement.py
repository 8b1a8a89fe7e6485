# SPDX-License-Identifier: GPL-3.0-or-later
"""The oracle: compares what a participant was told with what the room really said. Pure.

A log is a list of ("said", text, event), ("gap", reason, event), ("healed", complete, event). The truth
is the list of all texts of the room, in its order. `excused` are the texts that may be missing: each
hole must then be told by a gap that stands in the log exactly there.
"""

from lines import mark_of


class Verdict:
    def __init__(self, who):
        self.who = who
        self.told = 0       # lines
        self.due = 0        # lines of the room it had to be told
        self.replayed = 0
        self.excused = 0    # missing, with right and with a gap
        self.gaps = 0
        self.lost = []
        self.doubled = []
        self.disordered = []
        self.invented = []
        self.silent = []    # missing with right, but nobody said so

    FAULTS = ("lost", "doubled", "disordered", "invented", "silent")

    @property
    def is_good(self):
        return not any(getattr(self, kind) for kind in self.FAULTS)

    def __str__(self):
        return f"{self.who}: " + ", ".join(
            f"{len(getattr(self, kind))} {kind} {getattr(self, kind)[:5]}"
            for kind in self.FAULTS if getattr(self, kind))


def judge_log(who, log, truth, due=None, excused=frozenset()):
    """due: the marks that must be there (all of truth, if left out)."""
    verdict = Verdict(who)
    place = {mark_of(text): at for at, text in enumerate(truth)}
    due = place.keys() if due is None else due
    seen = {}            # mark -> place in the log
    furthest = -1
    gaps_before = {}     # mark of a line told -> whether a gap stands between it and the line before
    gap = False
    for kind, what, event in log:
        if kind == "gap":
            gap = True
            verdict.gaps += 1
            continue
        mark = mark_of(what) if kind == "said" else None
        if mark is None:
            continue
        verdict.told += 1
        verdict.replayed += bool(event.get("replayed"))
        at = place.get(mark)
        if at is None or truth[at] != what:
            verdict.invented.append(what)
            continue
        if mark in seen:
            verdict.doubled.append(mark)
            continue
        seen[mark] = True
        gaps_before[mark] = gap
        gap = False
        if at < furthest:
            verdict.disordered.append(mark)
        furthest = max(furthest, at)
    gap_at_end = gap
    verdict.due = len(due)
    hole = False  # a line was missing since the last line told
    for text in truth:
        mark = mark_of(text)
        if mark in seen:
            if hole and not gaps_before[mark]:
                verdict.silent.append(mark)
            hole = False
        elif mark in due and mark not in excused:
            verdict.lost.append(mark)
        elif mark in due:
            verdict.excused += 1
            hole = True
    if hole and not gap_at_end:
        verdict.silent.append("the end")
    return verdict


class CommandVerdict:
    def __init__(self, who):
        self.who = who
        self.asked = 0
        self.sent = 0       # more than asked: repeats
        self.done = 0       # result ok
        self.refused = 0    # result is an error
        self.wrong = []

    @property
    def is_good(self):
        return not self.wrong

    def __str__(self):
        return f"{self.who}: {self.wrong[:5]}"


def judge_commands(who, asked, times_sent, results, said):
    """said: mark -> how often the room heard it. A repeat may get its first answer again, once for
    each time it was sent (and a proxy may have sent it once more); the answers must agree."""
    verdict = CommandVerdict(who)
    for n, line in asked.items():
        mark = mark_of(line.text)
        answers = results.get(n, [])
        verdict.asked += 1
        verdict.sent += times_sent[n]
        if not answers:
            verdict.wrong.append(f"{mark}: no result")
            continue
        first = {key: value for key, value in answers[0].items()}
        if any(one != first for one in answers[1:]):
            verdict.wrong.append(f"{mark}: results that differ: {answers}")
        if len(answers) > 2 * times_sent[n]:
            verdict.wrong.append(f"{mark}: {len(answers)} results, sent {times_sent[n]} times")
        heard = said.get(mark, 0)
        if first["ok"]:
            verdict.done += 1
            if heard != 1:
                verdict.wrong.append(f"{mark}: ok, but said {heard} times")
        else:
            verdict.refused += 1
            if heard > 1:
                verdict.wrong.append(f"{mark}: refused, but said {heard} times")
    return verdict
