"""Hostile input harms nobody and honest input is taken: a minute of what runs for hours by command.

``arena bench fuzz`` runs the same for as long as one likes; a failing case there names its seed
and its file. Seeds that have failed are tests of their own in tests/collab/sync.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from bench.fuzz import campaign
from bench.fuzz.honest import editors, people, traces
from bench.fuzz.honest.court import Tally
from bench.fuzz.journal import Journal, load, save
from bench.fuzz.shrink import shrunk
from bench.fuzz.targets.all import TARGETS

# Repeat a run with this variable; every failure names the number.
SEED = int(os.environ.get("ARENA_TEST_SEED") or random.SystemRandom().randrange(1 << 31))

CASES = {"codec": 400, "presence": 250, "updates": 90, "ywebsocket": 40, "hocuspocus": 40}
"""Together about half a minute of one core."""

TAKEN_MIN = {
    "codec": 0.4,
    "presence": 0.05,
    "updates": 0.12,
    "ywebsocket": 0.05,
    "hocuspocus": 0.04,
}
"""The share of inputs that get through; what is refused at the first byte proves nothing."""


def taken(report: campaign.Report) -> float:
    """The share of inputs that were not refused, or brought news."""
    good = ("accepted", "doubtful", "queued, news", "presence, news", "ignored, news")
    return sum(report.outcomes[each] for each in good) / report.inputs


@pytest.mark.timeout(240)
@pytest.mark.parametrize("name", TARGETS)
def test_s18_whatever_is_sent_is_refused_whole_or_can_be_loaded_again(
    name: str, tmp_path: Path
) -> None:
    report = campaign.run(name, seed=SEED, cases=CASES[name], seconds=200, folder=tmp_path)
    assert not report.failures, [*report.lines(), *(p.read_text() for p in tmp_path.iterdir())]
    assert report.cases == CASES[name]
    assert taken(report) > TAKEN_MIN[name], report.outcomes


def assert_taken(tally: Tally) -> None:
    assert not tally.refusals, (SEED, tally.refusals[:3])
    assert not tally.differences, (SEED, tally.differences[:3])


def test_s19_what_people_write_on_yrs_is_never_refused() -> None:
    tally = Tally()
    people.write(tally, updates=6_000, chance=SEED)
    assert_taken(tally)
    assert tally.updates >= 6_000
    assert not tally.doubtful_texts, "nobody undid anything"


@pytest.mark.node
@pytest.mark.timeout(180)
def test_s19_what_editors_on_yjs_send_is_never_refused() -> None:
    if missing := editors.missing():
        pytest.fail(missing)
    tally = Tally()
    editors.write(tally, updates=2_500, chance=SEED)
    assert_taken(tally)
    assert tally.updates >= 2_500


@pytest.mark.skipif(traces.missing() is not None, reason="no editing traces at ../shared/data")
def test_s19_recorded_keystrokes_are_never_refused() -> None:
    tally = Tally()
    traces.write(tally, updates=2_000, chance=SEED)
    assert_taken(tally)


def test_the_same_seed_makes_the_same_cases(tmp_path: Path) -> None:
    first, second = (
        campaign.run("updates", seed=7, cases=4, seconds=60, folder=tmp_path) for _ in range(2)
    )
    assert first.outcomes == second.outcomes
    assert first.cases == second.cases == 4


# By these seeds the fourth input of an early case is fatal, and no other in the first ten cases.
@pytest.mark.parametrize(
    ("act", "seed", "trials", "told"),
    [("die", 40, 5, "died"), ("hang", 59, 1, "hangs"), ("fail", 8, 5, "the trap was sprung")],
)
def test_what_dies_or_hangs_is_found_made_small_and_gone_past(
    act: str, seed: int, trials: int, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A child that has not yet begun, because others need the processor, is none that hangs.
    patience_s = 5.0 if act == "hang" else 60.0
    monkeypatch.setattr(campaign, "HANG_S", patience_s)
    monkeypatch.setattr(campaign, "SHRINK_HANG_S", patience_s)
    monkeypatch.setattr(campaign, "SHRINK_TRIALS_MAX", trials)
    report = campaign.run(f"trap-{act}", seed=seed, cases=10, seconds=60, folder=tmp_path)
    (failure,) = report.failures
    assert told in failure.what
    assert failure.case < 9
    assert report.cases == 10
    _, inputs = load(failure.path)
    assert any(b"\xde\xad" in each for each in inputs)
    assert len(inputs) == (3 if act == "hang" else 2), "not made small"
    assert failure.size == sum(map(len, inputs))


def test_a_case_is_made_small_input_by_input_and_byte_by_byte() -> None:
    inputs = [b"opening", b"one", b"xxAxx", b"two", b"yBy", b"three"]

    def fails(case: list[bytes]) -> bool:
        return b"A" in b"".join(case[1:]) and b"B" in b"".join(case[1:])

    assert shrunk(inputs, fails, trials_max=500) == [b"opening", b"A", b"B"]
    assert shrunk(inputs, fails, trials_max=0) == inputs


def test_the_journal_outlives_who_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    journal = Journal(path)
    for case in range(2):
        journal.begin(case)
        journal.add(b"opening")
        journal.add(b"")
        journal.add(bytes([case]) * 1_000)
    reader = Journal(path)
    assert (reader.case, reader.fed) == (1, 6)
    assert reader.inputs() == [b"opening", b"", b"\x01" * 1_000]
    with pytest.raises(ValueError):
        journal.add(bytes(9 << 20))


def test_a_saved_case_is_fed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign, "SHRINK_HANG_S", 60.0)
    path = tmp_path / "case.json"
    save(path, "codec", 1, 2, "nothing", [b"\x00", b"\x00\x01"])
    assert load(path) == ("codec", [b"\x00", b"\x00\x01"])
    assert campaign.ended(path) == ""
