"""What the tests cost: processor seconds by folder, file and fixture, shown with ``--costs``.

Counted is what the test process used and all processes under it, servers and browsers too, so the
numbers hold on a busy machine, where seconds on the wall say little. Linux only.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import pytest

SHOWN = 40
TICKS = os.sysconf("SC_CLK_TCK")
PHASES = ("setup", "call", "teardown")


def spent() -> float:
    """The processor seconds of this process and of all that have ever run under it."""
    own = sum(os.times()[:4])
    return own + sum(map(_spent_by, _under(os.getpid())))


def _under(pid: int) -> list[int]:
    """Everybody who runs under the process now."""
    found: list[int] = []
    for thread in _listed(f"/proc/{pid}/task"):
        try:
            children = Path(f"/proc/{pid}/task/{thread}/children").read_text().split()
        except OSError:  # the thread has ended meanwhile
            continue
        for child in map(int, children):
            found += [child, *_under(child)]
    return found


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:  # the process has ended meanwhile
        return []


def _spent_by(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # it has ended meanwhile, and its parent has its seconds
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS


class Meter:
    """Measures in each test process; what it found travels with the reports."""

    def __init__(self) -> None:
        self._fixtures: Counter[str] = Counter()
        self._before = spent()

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any]
    ) -> Generator[None, object, object]:
        """Note what the fixture cost, without those it rests on, which are set up before."""
        before = spent()
        try:
            return (yield)
        finally:
            self._fixtures[f"{fixturedef.baseid}::{fixturedef.argname}"] += round(
                (spent() - before) * 1000
            )

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, Any, Any]:
        """Add to the report of a phase what was spent since the phase before it."""
        report = yield
        now = spent()
        # Some programs leave their children to nobody, and these take their seconds with them.
        report.cpu_s, self._before = max(0.0, now - self._before), now
        report.cpu_fixtures = dict(self._fixtures)
        self._fixtures.clear()
        return report


class Bill:
    """Sums up in the process that talks to the terminal."""

    def __init__(self) -> None:
        self._by_file: dict[str, Counter[str]] = {}
        self._by_test: Counter[str] = Counter()
        self._by_fixture: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Take in what one phase of one test cost."""
        milliseconds = round(report.cpu_s * 1000)
        file, _, test = report.nodeid.partition("::")
        self._by_file.setdefault(file, Counter())[report.when] += milliseconds
        self._by_test[f"{file}::{test.partition('[')[0]}"] += milliseconds
        self._by_fixture.update(report.cpu_fixtures)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Show the dearest of each kind."""
        folders: dict[str, Counter[str]] = {}
        for file, phases in self._by_file.items():
            folders.setdefault(str(Path(file).parent), Counter()).update(phases)
        say = terminalreporter.write_line
        total = sum(phases.total() for phases in folders.values())
        terminalreporter.section(f"processor seconds: {total / 1000:.1f}")
        for what, costs in (("folder", folders), ("file", self._by_file)):
            say(f"{'total':>8} {'setup':>8} {'call':>8} {'teardown':>8}  {what}")
            for name, phases in _dearest(costs):
                parts = " ".join(f"{phases[phase] / 1000:8.1f}" for phase in PHASES)
                say(f"{phases.total() / 1000:8.1f} {parts}  {name}")
        for what, sums in (("fixture", self._by_fixture), ("test", self._by_test)):
            say(f"{'total':>8}  {what}")
            for name, milliseconds in sums.most_common(SHOWN):
                say(f"{milliseconds / 1000:8.1f}  {name}")


def _dearest(costs: Mapping[str, Counter[str]]) -> list[tuple[str, Counter[str]]]:
    return sorted(costs.items(), key=lambda entry: -entry[1].total())[:SHOWN]
