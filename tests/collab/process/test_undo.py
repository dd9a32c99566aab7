"""Taking an official act back: whose it is, how long, and what stands."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from collab.errors import Conflict, NotAllowed, NotFound
from collab.process.actors import Actor, Role
from collab.process.processes import every_process, load_process
from collab.process.seam.statement import load_statements
from collab.process.seam.undo import (
    UNDO,
    DoneAct,
    may_undo,
    require_undoable,
    returns_to_fixed_text,
    undo_until,
    way_of,
)

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
PROCESS = load_process()
MO = UUID(int=1)
DECLINE = DoneAct(
    "decline",
    "open",
    "declined",
    "proposal",
    5,
    MO,
    "moderator",
    "0" * 64,
    NOW - timedelta(hours=1),
)


def person(number: int, *roles: Role) -> Actor:
    return Actor(UUID(int=number), f"p{number}", "Person", frozenset(roles))


MODERATOR = person(1, Role.MODERATOR)


def refusal(act: DoneAct, actor: Actor = MODERATOR, revision: int = 5) -> str:
    """The code with which undoing is refused; empty if it is not."""
    try:
        require_undoable(PROCESS, act, actor, revision=revision, now=NOW)
    except (Conflict, NotAllowed, NotFound) as error:
        return error.code
    return ""


def test_l14_who_did_it_and_any_moderator_for_a_moderators_act() -> None:
    assert refusal(DECLINE) == ""
    assert refusal(DECLINE, person(2, Role.MODERATOR)) == ""
    assert refusal(DECLINE, person(2, Role.COORDINATION_OFFICE)) == "undo-not-allowed"
    assert refusal(DECLINE, person(2, Role.PARTICIPANT)) == "undo-not-allowed"
    assert refusal(DECLINE, person(2, Role.MODERATOR, Role.OBSERVER)) == "undo-not-allowed"
    of_office = replace(DECLINE, office="coordination_office")
    assert refusal(of_office, person(2, Role.MODERATOR)) == "undo-not-allowed"


def test_l14_who_lost_the_office_undoes_nothing() -> None:
    assert refusal(DECLINE, person(1, Role.PARTICIPANT)) == "undo-not-allowed"


def test_l14_the_time_is_over_after_its_last_moment() -> None:
    at_the_bound = replace(DECLINE, at=NOW - timedelta(hours=48))
    assert refusal(at_the_bound) == ""
    assert refusal(replace(DECLINE, at=at_the_bound.at - timedelta(seconds=1))) == "undo-over"


def test_l14_nothing_else_may_have_happened_since() -> None:
    assert refusal(DECLINE, revision=6) == "act-followed"


def test_l14_an_undoing_is_not_undone_and_an_unknown_act_is_not_there() -> None:
    assert refusal(replace(DECLINE, transition=UNDO)) == "act-stands"
    assert refusal(replace(DECLINE, transition="vanished")) == "not-found"


def test_l16_no_act_with_an_effect_can_be_undone_in_any_process() -> None:
    ways = [way for process in every_process() for way in process.transitions]
    assert any(way.effects for way in ways)
    assert not [way.id for way in ways if way.effects and undo_until(way, NOW)]
    assert not [way.id for way in ways if way.effects and way.undo_hours]
    decline = way_of(PROCESS, DECLINE)
    assert decline is not None
    recognise = next(way for way in ways if way.id == "recognise")
    assert undo_until(replace(decline, effects=recognise.effects), NOW) is None


def test_l14_a_role_that_may_not_take_the_way_may_not_take_it_back() -> None:
    decline = way_of(PROCESS, DECLINE)
    assert decline is not None
    assert not may_undo(decline, DECLINE, Actor(None, "", "", frozenset({Role.GUEST})))


@pytest.mark.parametrize(
    ("source", "is_fixed"), [("proposal", True), ("decision", True), ("open", False)]
)
def test_l15_where_it_returns_to_a_settled_text_that_must_be_the_same(
    source: str, is_fixed: bool
) -> None:
    assert returns_to_fixed_text(replace(DECLINE, from_stage=source)) is is_fixed


def test_l12_every_act_that_owes_reasons_has_advice_and_so_has_each_of_its_codes() -> None:
    texts = load_statements()
    owed = [way for process in every_process() for way in process.transitions if way.statement]
    assert owed
    assert [way.id for way in owed if texts.for_act(way.id, None) == [texts.otherwise]] == []
    with_code = texts.for_act("decline", "exists")
    assert with_code[1:] == texts.for_act("decline", None)
    for words in (texts.example, texts.objection):
        assert words.de != words.en
    assert texts.example.de.startswith("Beispiel")


def test_l12_advice_is_for_acts_and_codes_that_there_are() -> None:
    ways = [way for process in every_process() for way in process.transitions]
    for act, advice in load_statements().advice.items():
        codes = {reason.id for way in ways if way.id == act for reason in way.reasons}
        assert set(advice.by_reason) <= codes, act
        assert any(way.id == act and way.statement for way in ways), act
