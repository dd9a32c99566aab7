"""Runs the cases of one target in children, watches over them, and makes small what they die of."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.fuzz.journal import Journal, save
from bench.fuzz.shrink import shrunk
from tests.sources import ROOT

HANG_S = 20.0
"""No input takes that long, unless it hangs."""

POLL_S = 0.1
FAILURES_MAX = 5
SHRINK_TRIALS_MAX = 400
SHRINK_HANG_S = 5.0


@dataclass(slots=True)
class Failure:
    """A case that failed: what happened, and the file that holds its smallest form."""

    target: str
    case: int
    what: str
    path: Path
    size: int


@dataclass(slots=True)
class Report:
    """What became of the inputs of one target."""

    target: str
    seed: int
    cases: int = 0
    seconds: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)

    @property
    def inputs(self) -> int:
        """Inputs that were fed to the end."""
        return self.outcomes.total()

    def lines(self) -> Iterator[str]:
        """The report as people read it."""
        rate = self.inputs / self.seconds if self.seconds else 0
        yield (
            f"{self.target}: seed {self.seed}, {self.cases:,} cases, {self.inputs:,} inputs in "
            f"{self.seconds:.0f} s ({rate:,.0f}/s)"
        )
        for outcome, count in self.outcomes.most_common():
            yield f"  {outcome:32} {count:>10,}  {100 * count / self.inputs:5.1f} %"
        for failure in self.failures:
            yield f"  FAILED case {failure.case}: {failure.what}"
            yield f"    {failure.size} bytes in {failure.path}"


def run(target: str, *, seed: int, cases: int, seconds: float, folder: Path) -> Report:
    """Run so many cases, or as many as the time allows; go on behind a case that fails."""
    report = Report(target, seed)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as held:
        while report.cases < cases and len(report.failures) < FAILURES_MAX:
            left = seconds - (time.monotonic() - started)
            if left <= 0:
                break
            _run_child(report, cases - report.cases, left, Path(held) / "journal", folder)
            report.seconds = time.monotonic() - started
    return report


def _run_child(report: Report, cases: int, seconds: float, path: Path, folder: Path) -> None:
    journal = Journal(path)
    first = report.cases
    end, told = _watched(
        [report.target, str(report.seed), str(first), str(cases), str(seconds), str(path)], journal
    )
    if told is None:
        report.cases = journal.case + 1
        what = end
    else:
        report.cases += int(told["cases"])
        report.outcomes.update(told["outcomes"])
        what = told["failure"]
    if what:
        report.failures.append(_kept(report, journal.case, str(what), journal.inputs(), folder))


def _watched(
    arguments: Sequence[str], journal: Journal | None
) -> tuple[str, dict[str, Any] | None]:
    """How a child ended, and what it told; it is killed once nothing moves."""
    hang_s = HANG_S if journal else SHRINK_HANG_S
    with subprocess.Popen(
        [sys.executable, "-m", "bench.fuzz.child", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
    ) as process:
        fed, moved_at = -1, time.monotonic()
        while True:
            try:
                told, _ = process.communicate(timeout=POLL_S)
                break
            except subprocess.TimeoutExpired:
                now = journal.fed if journal else 0
                if now != fed:
                    fed, moved_at = now, time.monotonic()
                elif time.monotonic() - moved_at > hang_s:
                    process.kill()
                    process.communicate()
                    return f"hangs for {hang_s:.0f} s", None
    if not told:
        return f"the process died with {process.returncode}", None
    found = json.loads(told)
    assert isinstance(found, dict)
    return "", found


def _kept(report: Report, case: int, what: str, inputs: list[bytes], folder: Path) -> Failure:
    """Make the case small and write it into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{report.target}-{report.seed}-{case}.json"

    def fails(candidate: list[bytes]) -> bool:
        save(path, report.target, report.seed, case, what, candidate)
        return kind_of(ended(path)) == kind_of(what)

    small = shrunk(inputs, fails, trials_max=SHRINK_TRIALS_MAX)
    save(path, report.target, report.seed, case, what, small)
    return Failure(report.target, case, what, path, sum(map(len, small)))


def ended(path: Path) -> str:
    """How a saved case ends; empty if nothing fails."""
    end, told = _watched(["replay", str(path)], None)
    return end or str((told or {}).get("failure") or "")


def kind_of(what: str) -> str:
    """Two failures of one kind may have different numbers in what they say."""
    return "".join(each for each in what.split("(")[0] if not each.isdigit())
