"""Gates: all open conditions at once, and none exactly when the transition may be taken."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.errors import Unmet
from collab.process.actors import ActorClass
from collab.process.dossier import load_dossier
from collab.process.feasibility.judgements import Judges
from collab.process.gates.checks import require_met, unmet
from collab.process.gates.facts import AlignmentFacts, CaseFacts, LeadFacts
from collab.process.processes import load_process
from collab.process.stages import Transition

AUTHOR, MODERATOR = UUID(int=1), UUID(int=2)
EVERY_SECTION = frozenset({"title", *load_dossier("proposal").section_ids})
DEMANDED = ("technical", "legal", "data_protection")


def transition(name: str, to: str | None = None) -> Transition:
    """The transition of the shipped process with that id (and target)."""
    ways = load_process().transitions
    return next(way for way in ways if way.id == name and to in (None, way.target))


def facts(
    kind: str = "proposal",
    *,
    filled: frozenset[str] = EVERY_SECTION,
    judged: dict[str, int] | None = None,
    actor: UUID | None = MODERATOR,
    reason: str | None = "Alles da.",
    archived_from: str | None = None,
) -> CaseFacts:
    """Facts of an idea that lacks nothing unless told."""
    return CaseFacts(
        template=load_dossier(kind),
        filled=filled,
        judged={
            name: Judges(people, people)
            for name, people in (dict.fromkeys(DEMANDED, 2) if judged is None else judged).items()
        },
        team=frozenset({AUTHOR}),
        actor=actor,
        reason=reason,
        archived_from=archived_from,
        lead=LeadFacts(UUID(int=7), "Bezirksamt Mitte", ActorClass.ADMINISTRATION),
        alignment=AlignmentFacts({"sustainable": 90}, {"mobility": 90}, reviewers=1),
        initiatives_related=1,
    )


def codes(way: Transition, found: CaseFacts) -> list[tuple[str, object]]:
    """The open conditions as (code, what it is about)."""
    about = ("section", "dimension")
    return [
        (one.code, next((one.data[name] for name in about if name in one.data), None))
        for one in unmet(way, found)
    ]


def test_i1_need_is_published_without_a_solution() -> None:
    filled = frozenset({"title", "situation", "affected"})
    assert unmet(transition("submit"), facts("need", filled=filled)) == []


def test_i1_need_without_those_affected_is_not_published() -> None:
    found = codes(transition("submit"), facts("need", filled=frozenset({"title", "situation"})))
    assert found == [("section-empty", "affected")]


def test_g1_empty_proposal_hears_of_every_empty_section() -> None:
    found = codes(transition("submit"), facts(filled=frozenset()))
    assert found == [("section-empty", s) for s in ("title", "situation", "idea")]


def test_g1_qualify_names_all_open_conditions_of_all_gates() -> None:
    filled = EVERY_SECTION - {"benefit"}
    judged = {"technical": 2, "legal": 1}
    found = codes(
        transition("qualify"), facts(filled=filled, judged=judged, actor=AUTHOR, reason=" ")
    )
    assert found == [
        ("reason-missing", None),
        ("section-empty", "benefit"),
        ("judgements-missing", "legal"),
        ("judgements-missing", "data_protection"),
        ("reviewer-in-team", None),
    ]


def test_g1_refusal_carries_all_conditions() -> None:
    with pytest.raises(Unmet) as refusal:
        require_met(transition("submit"), facts("need", filled=frozenset({"title"})))
    assert refusal.value.data == {
        "transition": "submit",
        "unmet": [
            {"code": "section-empty", "section": "situation"},
            {"code": "section-empty", "section": "affected"},
        ],
    }


def test_g1_what_lacks_nothing_passes() -> None:
    require_met(transition("qualify"), facts())


def test_g2_decline_needs_a_reason() -> None:
    assert codes(transition("decline"), facts(reason="")) == [("reason-missing", None)]


def test_g2_reason_is_not_missed_before_somebody_was_asked_for_it() -> None:
    assert unmet(transition("decline"), facts(actor=None, reason=None)) == []


@pytest.mark.parametrize(("length", "expected"), [(2000, []), (2001, [("reason-too-long", None)])])
def test_g2_reason_is_bounded(length: int, expected: list[tuple[str, object]]) -> None:
    assert codes(transition("submit"), facts(reason="x" * length)) == expected


@pytest.mark.parametrize("name", ["qualify", "decline"])
def test_g3_nobody_reviews_an_idea_of_his_own_team(name: str) -> None:
    assert codes(transition(name), facts(actor=AUTHOR)) == [("reviewer-in-team", None)]


def test_g4_two_people_per_demanded_dimension_are_enough_and_one_is_not() -> None:
    judged = {"technical": 2, "legal": 2, "data_protection": 1}
    found = unmet(transition("qualify"), facts(judged=judged))
    assert [one.data for one in found] == [
        {"dimension": "data_protection", "found": 1, "needed": 2}
    ]


def test_g4_judgements_of_other_dimensions_do_not_help() -> None:
    found = codes(transition("qualify"), facts(judged={"social": 9}))
    assert found == [("judgements-missing", dimension) for dimension in DEMANDED]


def test_g8_archived_idea_returns_only_to_where_it_came_from() -> None:
    came_from = facts("need", archived_from="declined")
    assert unmet(transition("restore", "declined"), came_from) == []
    found = codes(transition("restore", "open"), came_from)
    assert found == [("archived-from-another-stage", None)]


@given(
    filled=st.frozensets(st.sampled_from(sorted(EVERY_SECTION))),
    judged=st.dictionaries(st.sampled_from(DEMANDED), st.integers(0, 3)),
    actor=st.sampled_from([AUTHOR, MODERATOR]),
    reason=st.sampled_from(["", "weil"]),
)
def test_g1_nothing_is_named_exactly_when_everything_is_there(
    filled: frozenset[str], judged: dict[str, int], actor: UUID, reason: str
) -> None:
    complete = (
        filled >= {"title", "situation", "idea", "benefit", "implementation", "resources"}
        and all(judged.get(dimension, 0) >= 2 for dimension in DEMANDED)
        and actor != AUTHOR
        and reason != ""
    )
    found = unmet(
        transition("qualify"), facts(filled=filled, judged=judged, actor=actor, reason=reason)
    )
    assert (found == []) is complete
