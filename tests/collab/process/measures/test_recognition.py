"""The life of a recognition, and the numbers that are given once."""

import itertools

import pytest

from collab.errors import Conflict, Invalid
from collab.process.measures.numbers import Number, Series, format_number, parse_number
from collab.process.measures.recognition import State, after
from collab.process.stages import Effect

GIVE, SUSPEND, WITHDRAW = (
    Effect.RECOGNISE,
    Effect.SUSPEND_RECOGNITION,
    Effect.WITHDRAW_RECOGNITION,
)
ALLOWED = {
    (None, GIVE): State.VALID,
    (None, WITHDRAW): None,
    (State.VALID, SUSPEND): State.SUSPENDED,
    (State.VALID, WITHDRAW): State.WITHDRAWN,
    (State.SUSPENDED, GIVE): State.VALID,
    (State.SUSPENDED, WITHDRAW): State.WITHDRAWN,
    # What was withdrawn is over: another recognition begins anew.
    (State.WITHDRAWN, GIVE): State.VALID,
    (State.WITHDRAWN, WITHDRAW): None,
}


@pytest.mark.parametrize(
    ("state", "effect"), [*itertools.product((None, *State), (GIVE, SUSPEND, WITHDRAW))]
)
def test_m5_a_recognition_is_given_suspended_given_again_and_withdrawn(
    state: State | None, effect: Effect
) -> None:
    if (state, effect) in ALLOWED:
        assert after(state, effect) == ALLOWED[state, effect]
        return
    with pytest.raises(Conflict) as refusal:
        after(state, effect)
    assert refusal.value.code == "recognition-moved"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Number(Series.MEASURE, 2026, 1), "M-2026-0001"),
        (Number(Series.RECOGNITION, 2026, 9999), "A-2026-9999"),
        (Number(Series.MEASURE, 2027, 10_000), "M-2027-10000"),
    ],
)
def test_m6_a_number_is_written_one_way(number: Number, text: str) -> None:
    assert (format_number(*number), parse_number(text)) == (text, number)


@pytest.mark.parametrize(
    "text",
    ["", "M-2026-1", "M-2026-0000", "m-2026-0001", "X-2026-0001", "M-2026-00001", "2026-00042"],
)
def test_m6_anything_else_is_no_number(text: str) -> None:
    with pytest.raises(Invalid):
        parse_number(text)


@pytest.mark.parametrize("nth", [0, -1])
def test_m6_numbers_begin_at_one(nth: int) -> None:
    with pytest.raises(ValueError, match="no number"):
        format_number(Series.MEASURE, 2026, nth)
