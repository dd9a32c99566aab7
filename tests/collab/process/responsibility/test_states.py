"""The life of one responsibility, walked in every way it can go."""

import itertools

import pytest

from collab.errors import Conflict
from collab.process.responsibility.states import (
    AFTER,
    OPEN_STATES,
    WAS_CONFIRMED,
    Act,
    State,
    after,
)

# Rows: states. Columns: acts in the order of Act. What the act leads to; . = refused.
MATRIX = """
    offered      active declined withdrawn expired .           .
    active       .      .        .         .       handed_over released
    declined     .      .        .         .       .           .
    withdrawn    .      .        .         .       .           .
    expired      .      .        .         .       .           .
    handed_over  .      .        .         .       .           .
    released     .      .        .         .       .           ."""

CASES = [
    (State(line.split()[0]), act, None if found == "." else State(found))
    for line in MATRIX.strip().splitlines()
    for act, found in zip(Act, line.split()[1:], strict=True)
]


@pytest.mark.parametrize(("state", "act", "expected"), CASES)
def test_r4_states_and_acts(state: State, act: Act, expected: State | None) -> None:
    if expected is not None:
        assert after(state, act) is expected
        return
    with pytest.raises(Conflict) as refusal:
        after(state, act)
    assert refusal.value.code == "responsibility-moved"
    assert refusal.value.data == {"current": state.value, "act": act.value}


def test_r4_the_matrix_is_whole() -> None:
    assert {(state, act) for state, act, _ in CASES} == set(itertools.product(State, Act))


def test_r4_nothing_leads_out_of_an_end_and_nothing_is_active_unconfirmed() -> None:
    assert {state for state, _ in AFTER} == set(OPEN_STATES)
    for (_, act), target in AFTER.items():
        assert (target is State.ACTIVE) == (act is Act.CONFIRM)
    assert set(WAS_CONFIRMED) == {
        State.ACTIVE, *(to for (at, _), to in AFTER.items() if at is State.ACTIVE)
    }  # fmt: skip
