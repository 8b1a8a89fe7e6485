# SPDX-License-Identifier: GPL-3.0-or-later
"""What is kept of a soak that found something: enough to see it without running again."""

import json
import os
import shutil

HERE = os.path.dirname(os.path.abspath(__file__))


def keep_evidence(soak):
    """The folder: a file for each participant's events, for each room's truth, the gateway's log."""
    folder = os.path.normpath(os.path.join(HERE, "..", "..", "build", "dev", "test-logs",
                                           f"soak-{soak.seed}"))
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for one in soak.world.participants:
        with open(os.path.join(folder, one.name.split()[1] + ".jsonl"), "w") as out:
            out.writelines(json.dumps(event, ensure_ascii=False) + "\n" for event in one.events)
    for number, texts in enumerate(soak.truth.values()):
        with open(os.path.join(folder, f"room{number}.txt"), "w") as out:
            out.writelines(text + "\n" for text in texts)
    for name, story in soak.world.observer.stories.items():
        with open(os.path.join(folder, f"story-{name.strip('#')}.txt"), "w") as out:
            out.writelines(f"{kind} {what}\n" for kind, what in story)
    shutil.copy(soak.world.gateway.path("output.txt"), os.path.join(folder, "gateway.txt"))
    return folder
