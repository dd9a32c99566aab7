"""Whom to ask: by what people declare, with every reason, from all parts of society."""

import random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from collab.process.actors import ActorClass
from collab.process.experts.matching import (
    SUGGESTED_MAX,
    Known,
    Reason,
    ReasonKind,
    Wanted,
    reasons_for,
    suggest,
)

WANTED = Wanted(
    unjudged=frozenset({"data_protection"}),
    too_few=frozenset({"legal"}),
    fields=frozenset({"mobility"}),
    stems=frozenset({"ramp", "gehweg", "kamera"}),
    heard=frozenset({"Bezirksamt Mitte"}),
)


def known(
    number: int = 1,
    *,
    actor_class: ActorClass = ActorClass.RESIDENT,
    organisation: str | None = None,
    dimensions: tuple[str, ...] = (),
    fields: tuple[str, ...] = (),
    keywords: tuple[tuple[str, frozenset[str]], ...] = (),
) -> Known:
    """One person; what matters is given."""
    return Known(UUID(int=number), actor_class, organisation, dimensions, fields, keywords)


PEOPLE = st.lists(
    st.builds(
        known,
        st.integers(1, 60),
        actor_class=st.sampled_from(ActorClass),
        organisation=st.sampled_from([None, "Bezirksamt Mitte", "Verein"]),
        dimensions=st.sampled_from([(), ("legal",), ("data_protection",), ("social",)]),
        fields=st.sampled_from([(), ("mobility",), ("energy",)]),
        keywords=st.sampled_from([(), (("Rampen", frozenset({"ramp"})),), (("", frozenset()),)]),
    ),
    max_size=20,
    unique_by=lambda one: one.person_id,
)


def test_w4_every_reason_is_named() -> None:
    found = reasons_for(
        known(
            organisation="Verein Barrierefrei",
            dimensions=("legal", "data_protection", "social"),
            fields=("mobility", "energy"),
            keywords=(
                ("Rampen am Gehweg", frozenset({"ramp", "gehweg"})),
                ("Rampen aus Holz", frozenset({"ramp", "holz"})),
            ),
        ),
        WANTED,
    )
    assert found == (
        Reason(ReasonKind.UNJUDGED, "data_protection"),
        Reason(ReasonKind.TOO_FEW, "legal"),
        Reason(ReasonKind.FIELD, "mobility"),
        Reason(ReasonKind.KEYWORD, "Rampen am Gehweg"),
        Reason(ReasonKind.UNHEARD, "Verein Barrierefrei"),
    )


def test_w4_an_organisation_alone_is_no_reason_and_one_that_was_heard_adds_none() -> None:
    assert reasons_for(known(organisation="Verein"), WANTED) == ()
    heard = reasons_for(known(organisation="Bezirksamt Mitte", fields=("mobility",)), WANTED)
    assert [each.kind for each in heard] == [ReasonKind.FIELD]


@given(PEOPLE)
def test_w4_nobody_is_suggested_without_a_reason_or_twice(people: list[Known]) -> None:
    found = suggest(people, WANTED, limit=99)
    assert all(each.reasons for each in found)
    assert len({each.person_id for each in found}) == len(found)
    assert {each.person_id for each in found} == {
        each.person_id for each in people if reasons_for(each, WANTED)
    }


@given(PEOPLE, st.randoms(use_true_random=False))
def test_w4_the_order_of_people_changes_nothing(people: list[Known], chance: random.Random) -> None:
    turned = list(people)
    chance.shuffle(turned)
    assert suggest(turned, WANTED) == suggest(people, WANTED)


@given(PEOPLE, st.sets(st.integers(1, 60)))
def test_w4_who_is_left_out_is_left_out(people: list[Known], out: set[int]) -> None:
    without = {UUID(int=each) for each in out}
    assert not without & {each.person_id for each in suggest(people, WANTED, without=without)}


def test_w4_more_kinds_of_reasons_come_first() -> None:
    found = suggest(
        [known(1, fields=("mobility",)), known(2, fields=("mobility",), dimensions=("legal",))],
        WANTED,
    )
    assert [each.person_id.int for each in found] == [2, 1]


def test_w4_parts_of_society_take_turns_among_equals() -> None:
    many = [known(n, fields=("mobility",), actor_class=ActorClass.SCIENCE) for n in range(1, 40)]
    few = [
        known(50, fields=("mobility",), actor_class=ActorClass.CIVIL_SOCIETY),
        known(51, fields=("mobility",), actor_class=ActorClass.RESIDENT),
    ]
    found = suggest([*many, *few], WANTED)
    assert len(found) == SUGGESTED_MAX
    assert {50, 51} <= {each.person_id.int for each in found[:3]}
