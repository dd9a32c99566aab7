"""Feeds cases in a process of its own, because pycrdt may take it down.

``python -m bench.fuzz.child TARGET SEED FIRST CASES SECONDS JOURNAL`` prints one JSON line: how
many cases and inputs, what became of them, and the failure that ended it, if any.
``python -m bench.fuzz.child replay FILE`` feeds one saved case.
"""

from __future__ import annotations

import contextlib
import json
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bench.fuzz.journal import Journal, load
from bench.fuzz.targets.all import TARGETS
from bench.fuzz.targets.target import Target
from bench.fuzz.targets.trap import Trap

TRAPS = (Trap("die"), Trap("hang"), Trap("fail"))
ALL: dict[str, Target] = {**TARGETS, **{trap.name: trap for trap in TRAPS}}
MEMORY_MAX = 3 << 30
FAILED = 3


def run(target: Target, seed: int, first: int, cases: int, seconds: float, journal: Journal) -> int:
    """Feed cases until there are enough, the time is over, or one fails."""
    outcomes: Counter[str] = Counter()
    until = time.monotonic() + seconds
    failure, case = None, first
    for case in range(first, first + cases):
        journal.begin(case)
        try:
            _one(target, random.Random(f"{target.name}/{seed}/{case}"), journal, outcomes)
        except BaseException as error:
            failure = said_of(error)
            break
        if time.monotonic() > until:
            break
    print(json.dumps({"cases": case - first + 1, "outcomes": outcomes, "failure": failure}))
    return FAILED if failure else 0


def _one(target: Target, dice: random.Random, journal: Journal, outcomes: Counter[str]) -> None:
    opening = target.opening(dice)
    journal.add(opening)
    subject = target.open(opening)
    for _ in range(target.inputs_per_case):
        data = subject.make(dice)
        journal.add(data)
        outcomes[subject.feed(data)] += 1


def replay(target: Target, inputs: Sequence[bytes]) -> str | None:
    """Feed these inputs; what fails, if something does."""
    try:
        subject = target.open(inputs[0] if inputs else b"")
        for data in inputs[1:]:
            subject.feed(data)
    except BaseException as error:
        return said_of(error)
    return None


def said_of(error: BaseException) -> str:
    """The exception, and where in our own code it came out."""
    frames = traceback.extract_tb(error.__traceback__)
    where = frames[-1] if frames else None
    place = f" ({Path(where.filename).name}:{where.name})" if where else ""
    return f"{type(error).__name__}: {str(error)[:200]}{place}"


def bound_memory() -> None:
    """No more memory than a server has; where the system cannot bound it, the watchdog must do."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(arguments: Sequence[str]) -> int:
    """Run cases, or one saved case."""
    bound_memory()
    if arguments[0] == "replay":
        name, inputs = load(Path(arguments[1]))
        failure = replay(ALL[name], inputs)
        print(json.dumps({"failure": failure}))
        return FAILED if failure else 0
    name, seed, first, cases, seconds, journal = arguments
    return run(ALL[name], int(seed), int(first), int(cases), float(seconds), Journal(Path(journal)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
