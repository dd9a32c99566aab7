"""Which ideas can be linked how, and which moves end a case that others rely on."""

from uuid import UUID

import pytest

from collab.errors import Conflict, Invalid
from collab.process.linking.links import End, LinkKind, check_link, closes, fits
from collab.process.processes import current_processes, load_process
from collab.process.stages import StageKind

NEED, PROPOSAL, OTHER = (
    End(UUID(int=1), "need"),
    End(UUID(int=2), "proposal"),
    End(UUID(int=3), "proposal"),
)


def linked(kind: str, one: End, other: End, *, is_there_reversed: bool = False) -> LinkKind:
    return check_link(kind, one, other, is_there_reversed=is_there_reversed)


def test_f25_a_proposal_answers_a_need_and_nothing_else_answers() -> None:
    assert linked("answers", PROPOSAL, NEED) is LinkKind.ANSWERS
    for one, other in ((NEED, PROPOSAL), (OTHER, PROPOSAL), (NEED, End(UUID(int=9), "need"))):
        with pytest.raises(Invalid) as refusal:
            linked("answers", one, other)
        assert refusal.value.data == {"fields": {"kind": "link-misfit"}}


@pytest.mark.parametrize("kind", ["builds_on", "complements"])
def test_f25_any_two_ideas_can_build_on_or_complement_each_other(kind: str) -> None:
    for one, other in ((NEED, PROPOSAL), (PROPOSAL, NEED), (PROPOSAL, OTHER)):
        assert linked(kind, one, other) == kind


@pytest.mark.parametrize("kind", ["answers", "builds_on", "complements"])
def test_f25_no_idea_is_linked_to_itself(kind: str) -> None:
    with pytest.raises(Invalid) as refusal:
        linked(kind, PROPOSAL, PROPOSAL)
    assert refusal.value.data == {"fields": {"to": "same-idea"}}


@pytest.mark.parametrize("kind", ["replicates", "merges", ""])
def test_f25_nobody_makes_a_replica_by_a_link(kind: str) -> None:
    with pytest.raises(Invalid):
        linked(kind, PROPOSAL, OTHER)


@pytest.mark.parametrize("kind", ["builds_on", "complements"])
def test_f25_two_ideas_are_not_linked_both_ways_round(kind: str) -> None:
    with pytest.raises(Conflict):
        linked(kind, PROPOSAL, OTHER, is_there_reversed=True)


def test_f26_a_link_that_no_longer_fits_says_so() -> None:
    assert fits(LinkKind.ANSWERS, "proposal", "need")
    assert not fits(LinkKind.ANSWERS, "need", "need")
    assert fits(LinkKind.BUILDS_ON, "need", "need")


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("implementation", "closed_learned", True),
        ("scaled", "closed_learned", True),
        ("open", "archived", True),
        ("closed_learned", "archived", False),
        ("implementation", "permanent", False),
        ("open", "covered", False),
    ],
)
def test_f29_what_ends_beside_the_way_is_closed(source: str, target: str, expected: bool) -> None:
    process = load_process()
    one, other = process.stage(source), process.stage(target)
    assert one is not None
    assert other is not None
    assert closes(one, other) is expected


def test_f29_every_process_has_moves_that_close_and_none_of_them_closes_twice() -> None:
    for process in current_processes():
        stages = {stage.id: stage for stage in process.stages}
        closing = [
            (source, way.target)
            for way in process.transitions
            for source in way.sources
            if closes(stages[source], stages[way.target])
        ]
        assert closing
        assert all(stages[target].kind is StageKind.END for _, target in closing)
