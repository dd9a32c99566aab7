"""How often a room turns: at once in small company, at most so often in a crowd."""

from __future__ import annotations

import pytest

from server.realtime.rooms.beat import PRESENCE, TURN, Beat


@pytest.mark.parametrize("sessions", [0, 1, 5, 26])
def test_in_small_company_nobody_waits(sessions: int) -> None:
    beat = Beat(*TURN, now=100.0)
    assert beat.due_in_s(sessions, 100.0) == 0.0


@pytest.mark.parametrize(("sessions", "length_s"), [(30, 0.009), (50, 0.015), (2_000, 0.015)])
def test_in_a_crowd_a_turn_waits_for_the_others(sessions: int, length_s: float) -> None:
    beat = Beat(*TURN, now=100.0)
    assert beat.due_in_s(sessions, 100.0) == pytest.approx(length_s)
    assert beat.due_in_s(sessions, 100.004) == pytest.approx(length_s - 0.004)
    assert beat.due_in_s(sessions, 100.0 + length_s) == pytest.approx(0.0)


def test_presence_is_told_the_more_seldom_the_more_people_are_there() -> None:
    beat = Beat(*PRESENCE, now=0.0)
    told = [beat.due_in_s(sessions, 0.0) for sessions in (2, 40, 400, 2_000)]
    assert told == pytest.approx([0.0005, 0.01, 0.1, 0.1])
