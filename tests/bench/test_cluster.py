"""The campaign against several nodes: a seed is a story, and its judges find what is wrong."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from bench.cluster.acting import Bout, Told, faults
from bench.cluster.faults import Fault
from bench.cluster.story import HELD_S, rounds
from bench.cluster.visiting import comment_faults

WON = Told("eins", has_decided=True, winner="eins")
LOST = Told("zwei", has_decided=False, winner="eins")
UNHEARD = Told("eins", has_decided=False, winner="eins")
"""Has decided, and learned it only when he asked again."""


def test_t74_a_seed_tells_the_same_story_again_and_another_tells_another() -> None:
    told = [list(islice(rounds(seed), 3)) for seed in (7, 7, 8)]
    assert told[0] == told[1] != told[2]


def test_t74_each_round_has_every_kind_of_fault_once_and_the_first_is_short() -> None:
    first, *others = islice(rounds(3), 4)
    for blows in (first, *others):
        assert Counter(blow.fault for blow in blows) == Counter(Fault)
    assert max(blow.held_s for blow in first) <= HELD_S[1]
    assert max(blow.held_s for blows in others for blow in blows) > HELD_S[1]
    assert [blow.fault for blow in first] != [blow.fault for blow in others[0]]


@pytest.mark.parametrize(
    ("told", "acts", "wrong"),
    [
        ((WON, LOST), ["eins"], 0),
        ((UNHEARD, LOST), ["eins"], 0),
        ((WON, LOST), [], 1),
        ((WON, LOST), ["eins", "zwei"], 1),
        ((WON, LOST), ["drei"], 1),
        ((WON, Told("zwei", has_decided=True, winner="zwei")), ["eins"], 2),
        ((WON, Told("zwei", has_decided=False, winner=None)), ["eins"], 1),
    ],
)
def test_t72_a_decision_that_counts_twice_or_is_told_wrongly_is_found(
    told: tuple[Told, ...], acts: list[str], wrong: int
) -> None:
    assert len(faults(Bout(4, told), {5: acts, 4: ["davor"]})) == wrong


def test_t73_a_comment_that_is_lost_or_doubled_is_found() -> None:
    there = Counter({"⟨k1⟩": 1, "⟨k2⟩": 2})
    assert not comment_faults(Counter({"⟨k1⟩": 1, "⟨k3⟩": 1}), {"⟨k1⟩"})
    assert len(comment_faults(there, {"⟨k1⟩", "⟨k3⟩"})) == 2
