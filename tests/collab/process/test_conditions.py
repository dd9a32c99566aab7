"""Conditions of judgements: from outside the team, settled in one revision, opened by the next."""

from dataclasses import replace
from uuid import UUID

import pytest

from collab.errors import Invalid
from collab.process.actors import ActorClass
from collab.process.casefile.conditions import (
    BECAUSE_CHARS_MAX,
    Settled,
    Settlement,
    check_settlement,
    made_by,
    still_open,
)
from collab.process.feasibility.dimensions import Confidence, Verdict
from collab.process.feasibility.judgements import Judgement
from collab.process.version import TextVersion

EXPERT = UUID(int=4)
CONDITION = Judgement(
    "legal",
    EXPERT,
    ActorClass.SCIENCE,
    Verdict.WITH_CONDITIONS,
    Confidence.HIGH,
    "Nur mit Genehmigung.",
    TextVersion(1, 7, "c" * 64),
    revision=2,
)


@pytest.mark.parametrize("verdict", sorted(set(Verdict) - {Verdict.WITH_CONDITIONS}))
def test_f10_only_a_judgement_with_conditions_makes_one(verdict: Verdict) -> None:
    assert made_by([CONDITION, replace(CONDITION, verdict=verdict)]) == [CONDITION]


def test_f10_the_team_makes_itself_no_conditions() -> None:
    assert made_by([replace(CONDITION, by_author=True)]) == []


def test_f11_a_settlement_holds_for_the_revision_it_was_made_for() -> None:
    settled = [Settled("legal", EXPERT, 2)]
    assert still_open([CONDITION], settled) == []
    later = replace(CONDITION, revision=3)
    assert still_open([later], settled) == [later]


@pytest.mark.parametrize(
    "settled", [Settled("technical", EXPERT, 2), Settled("legal", UUID(int=5), 2)]
)
def test_f10_a_settlement_is_of_one_person_and_dimension(settled: Settled) -> None:
    assert still_open([CONDITION], [settled]) == [CONDITION]


def test_f10_both_ways_of_settling_say_why() -> None:
    longest = "x" * BECAUSE_CHARS_MAX
    for state in Settlement:
        assert check_settlement(state.value, f" {longest} ") == (state, longest)
        with pytest.raises(Invalid) as refusal:
            check_settlement(state.value, "")
        assert refusal.value.data == {"fields": {"because": "empty"}}
    with pytest.raises(Invalid) as refusal:
        check_settlement("ignored", longest + "x")
    assert refusal.value.data == {"fields": {"state": "unknown-choice", "because": "too-long"}}
