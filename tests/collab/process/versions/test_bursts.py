"""The steps of a replay: between pauses, bounded, and the same while the log grows."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from collab.process.versions.bursts import PAUSE, STEPS_MAX, TURN, Moment, bursts, thinned

ANNA, BEN = UUID(int=1), UUID(int=2)
BEGAN = datetime(2026, 11, 24, 8, tzinfo=UTC)


def log(*written: tuple[timedelta, UUID]) -> list[Moment]:
    """Rows after these pauses."""
    found, at = [], BEGAN
    for seq, (pause, actor) in enumerate(written, 1):
        at += pause
        found.append(Moment(seq, at, actor))
    return found


SOON = timedelta(seconds=5)


def test_h10_a_step_ends_with_a_pause_or_when_somebody_else_goes_on() -> None:
    moments = log(
        (SOON, ANNA), (SOON, BEN), (SOON, ANNA),
        (PAUSE, ANNA), (TURN, ANNA),
        (TURN, BEN), (SOON, BEN),
    )  # fmt: skip
    found = bursts(moments)
    assert [each.seq for each in found] == [3, 5, 7]
    assert found[0].began == moments[0].at
    assert found[-1].ended == moments[-1].at
    assert bursts([]) == ()


def test_h10_what_is_kept_ends_a_step_also_between_rows_that_are_looked_at() -> None:
    moments = [Moment(seq * 4, BEGAN + seq * SOON, ANNA) for seq in range(1, 6)]
    assert [each.seq for each in bursts(moments, {10})] == [10, 20]


def test_h10_there_are_so_many_steps_at_most_and_they_stay_while_the_log_grows() -> None:
    kept = {3, 500}
    before = thinned(range(1, 1_001), kept, STEPS_MAX)
    assert len(before) <= STEPS_MAX
    assert {*kept, 1_000} <= set(before)
    after = thinned(range(1, 1_011), kept, STEPS_MAX)
    assert set(before) - {1_000} <= set(after)
    assert thinned(range(1, STEPS_MAX + 1), (), STEPS_MAX) == list(range(1, STEPS_MAX + 1))
    everything = range(1, 400)
    assert thinned(everything, everything, STEPS_MAX) == list(everything[-STEPS_MAX:])
