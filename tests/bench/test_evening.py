"""The scripted evening: it finds what is lost, and a small one loses nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.evening.command import figures_of, run
from bench.evening.judge import faults
from bench.evening.play import Evening
from bench.evening.script import FULL, SHORT, Script

SMALL = Script(
    tables=2,
    seats=2,
    observers=4,
    signed_in=1,
    ideas=4,
    minutes=0.06,
    offline_s=1.5,
    kills=1,
    comments_a_minute=60,
    pause_s=(0.05, 0.2),
)
TYPED = ["⟨aa1🌳⟩", "⟨aa2🌳⟩"]


def test_ev1_a_word_that_is_missing_doubled_or_of_nobody_is_found() -> None:
    assert faults("here", TYPED, TYPED) == []
    for there, what in (
        (TYPED[:1], "1 words lost, for instance ⟨aa2🌳⟩"),
        ([*TYPED, TYPED[0]], "1 words doubled, for instance ⟨aa1🌳⟩"),
        ([*TYPED, "⟨zz1🌳⟩"], "1 words of nobody, for instance ⟨zz1🌳⟩"),
    ):
        assert faults("here", TYPED, there) == [f"here: {what}"]


@pytest.mark.parametrize(("busy", "late_s", "counts"), [(0.5, 0.01, "yes"), (0.95, 0.01, "no")])
def test_ev2_figures_count_only_if_the_generator_was_not_the_limit(
    busy: float, late_s: float, counts: str
) -> None:
    played = Evening(None, [], entries_s=[1.0], lags_s=[late_s], generator_busy=busy)  # type: ignore[arg-type]
    assert figures_of(played, FULL, 1, 7)["counts"].startswith(counts)


def test_ev2_an_evening_is_as_large_as_the_promise_says() -> None:
    assert (FULL.writers, FULL.tables, FULL.observers, FULL.ideas) == (40, 8, 300, 60)
    assert (FULL.offline_s, len(FULL.offline_tables), FULL.kills) == (300, 3, 2)
    assert FULL.offline_from_s + FULL.offline_s < FULL.seconds
    assert replace(SHORT, minutes=FULL.minutes).writers == FULL.writers


@pytest.mark.timeout(180)
async def test_ev3_a_small_evening_with_a_kill_and_a_vandal_loses_nothing() -> None:
    figures, wrong = await run(SMALL, 1, 7)
    assert wrong == []
    assert figures["words"] > SMALL.writers
    assert figures["comment_at_observers_ms"]["n"] > 0
    assert len(figures["back_after_kill_s"]) == 1
