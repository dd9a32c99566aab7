"""Who is asked whether two ideas may be one, and when that may be carried out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from collab.errors import Conflict, Invalid
from collab.process.actors import Role
from collab.process.gates.checks import unmet
from collab.process.gates.facts import CaseFacts, MergedFacts, MergeFacts
from collab.process.merging.rules import (
    ASKED_MAX,
    INHERITED,
    NOTE_CHARS_MAX,
    Answer,
    Consent,
    Side,
    asked,
    can_merge,
    check_answer,
    check_proposal,
    check_reason,
    consents,
    merge_facts,
)
from collab.process.processes import every_process, load_process
from collab.process.stages import Effect, GateKind, Transition
from tests.collab.process.test_gates import facts

ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))
NOW = datetime(2026, 11, 26, 18, tzinfo=UTC)


def way(name: str, target: str) -> Transition:
    ways = load_process().transitions
    return next(each for each in ways if (each.id, each.target) == (name, target))


def codes(found: CaseFacts, taken: Transition) -> list[str]:
    return [each.code for each in unmet(taken, found)]


def with_merge(**given: object) -> CaseFacts:
    return replace(facts(), **given)  # type: ignore[arg-type]


def test_mg2_the_leads_are_asked_and_only_without_one_the_authors() -> None:
    team = [(ONE, "author"), (TWO, "lead"), (THREE, "editor")]
    assert asked(team) == [TWO]
    assert asked([each for each in team if each[1] != "lead"]) == [ONE]
    assert asked([(THREE, "editor")]) == []


def test_mg2_so_many_are_asked_at_most() -> None:
    team = [(UUID(int=number), "author") for number in range(1, ASKED_MAX + 3)]
    assert len(asked(team)) == ASKED_MAX


def test_mg2_whoever_proposes_it_has_agreed_and_nobody_is_asked_twice() -> None:
    assert consents([ONE, TWO], [TWO, THREE], ONE) == (
        Consent(ONE, Side.SOURCE, Answer.YES),
        Consent(TWO, Side.TARGET),
        Consent(THREE, Side.TARGET),
    )


def test_mg2_a_no_says_why_and_a_yes_need_not() -> None:
    assert check_answer("yes", " ") == (Answer.YES, "")
    assert check_answer("no", " Zu verschieden. ") == (Answer.NO, "Zu verschieden.")
    for answer, note, fields in (
        ("no", "", {"note": "empty"}),
        ("perhaps", "", {"answer": "unknown-choice"}),
        ("yes", "x" * (NOTE_CHARS_MAX + 1), {"note": "too-long"}),
    ):
        with pytest.raises(Invalid) as refusal:
            check_answer(answer, note)
        assert refusal.value.data["fields"] == fields


@pytest.mark.parametrize(
    ("waiting", "days", "wanted"),
    [(0, 0, []), (1, 13, ["merge-waits"]), (1, 14, []), (2, 30, [])],
)
def test_mg3_all_agree_or_nobody_refuses_for_some_days(
    waiting: int, days: int, wanted: list[str]
) -> None:
    found = with_merge(merging=MergeFacts(waiting, days))
    assert codes(found, way("merge", "merged")) == wanted


def test_mg3_nothing_is_merged_that_nobody_proposed_or_that_has_nowhere_to_go() -> None:
    assert codes(facts(), way("merge", "merged")) == ["merge-not-proposed"]
    closed = with_merge(merging=MergeFacts(is_open=False))
    assert codes(closed, way("merge", "merged")) == ["merge-target-closed"]


def test_mg3_what_a_round_hides_still_is_shown_at_no_other_idea() -> None:
    found = with_merge(merging=MergeFacts(), judging_until=NOW.date())
    assert codes(found, way("merge", "merged")) == ["judging-goes-on"]


def test_mg3_a_day_is_over_after_a_day() -> None:
    found = (Consent(ONE, Side.SOURCE), Consent(TWO, Side.TARGET, Answer.YES))
    almost = merge_facts(
        found, asked_at=NOW, now=NOW + timedelta(days=1, seconds=-1), target_stage="open"
    )
    assert almost == MergeFacts(waiting=1, days=0)
    later = merge_facts(found, asked_at=NOW, now=NOW + timedelta(days=1), target_stage="merged")
    assert later == MergeFacts(waiting=1, days=1, is_open=False)


def test_mg9_back_only_to_where_it_came_from_and_the_last_merge_first() -> None:
    back = way("unmerge", "open")
    assert codes(with_merge(merged=MergedFacts("open")), back) == []
    assert codes(with_merge(merged=MergedFacts("elaboration")), back) == [
        "merged-from-another-stage"
    ]
    assert codes(with_merge(merged=MergedFacts("open", is_onward=True)), back) == ["merged-onward"]


@pytest.mark.parametrize("target", ["merged", "feasibility", "declined", "draft", "archived"])
def test_mg1_an_idea_goes_on_only_in_one_that_is_worked_on(target: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_proposal(
            load_process(), kind="need", stages=("open", target), is_same=False, living=()
        )
    assert refusal.value.data["fields"] == {"to": "target-closed"}


def test_mg1_what_cannot_be_proposed_says_why() -> None:
    process = load_process()
    with pytest.raises(Invalid) as refusal:
        check_proposal(process, kind="need", stages=("open", "open"), is_same=True, living=())
    assert refusal.value.data["fields"] == {"to": "same-idea"}
    for stage, living, code in (
        ("feasibility", (), "no-way-to-merge"),
        ("open", ("asked",), "merge-asked"),
    ):
        with pytest.raises(Conflict) as conflict:
            check_proposal(
                process, kind="proposal", stages=(stage, "open"), is_same=False, living=living
            )
        assert conflict.value.code == code
    check_proposal(process, kind="proposal", stages=("open", "open"), is_same=False, living=())
    with pytest.raises(Invalid):
        check_reason(" ")


def test_mg12_only_versions_of_a_process_that_have_the_way_merge() -> None:
    found = {
        (each.id, each.version): can_merge(each, "open", "proposal") for each in every_process()
    }
    assert found == {
        ("gdb-arena", 3): True,
        ("gdb-arena", 2): False,
        ("gdb-arena", 1): False,
        ("kiez", 2): True,
        ("kiez", 1): False,
        ("verwaltung", 1): False,
    }


def test_mg3_in_every_process_moderators_merge_for_a_reason_and_under_its_gate() -> None:
    for process in every_process():
        for taken in process.transitions:
            if Effect.MERGE not in taken.effects and Effect.UNMERGE not in taken.effects:
                continue
            is_merge = Effect.MERGE in taken.effects
            gate = GateKind.MERGE_AGREED if is_merge else GateKind.MERGED_FROM
            assert taken.gate(gate)
            assert taken.reason_required
            assert taken.undo_hours is None
            assert set(taken.roles) == {Role.MODERATOR, Role.COORDINATION_OFFICE}


def test_mg5_nobody_inherits_the_lead() -> None:
    assert Role.LEAD not in INHERITED.values()
    assert INHERITED[Role.AUTHOR] is Role.AUTHOR
