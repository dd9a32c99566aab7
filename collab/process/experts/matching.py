"""Whom to ask for an idea: people whose declared fields meet it, each with the reasons.

There is no score. Who brings more kinds of reasons comes first; then the parts of society take
turns, so that a suggestion does not speak with one voice; then the id decides, which says nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest
from typing import Final
from uuid import UUID

from collab.process.actors import ActorClass

SUGGESTED_MAX: Final = 12


class ReasonKind(StrEnum):
    """Why somebody is suggested, in the order in which reasons are read."""

    UNJUDGED = "unjudged"  # a dimension that the idea needs and nobody has judged yet
    TOO_FEW = "too_few"  # a dimension of which the idea needs more judgements
    FIELD = "field"  # a field of action that the idea pays into
    KEYWORD = "keyword"  # a word of his that the text uses
    UNHEARD = "unheard"  # he speaks for an organisation that has not judged here


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason; ``about`` is the dimension, the field, the keyword or the organisation."""

    kind: ReasonKind
    about: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the idea could use."""

    unjudged: frozenset[str] = frozenset()
    too_few: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()
    heard: frozenset[str] = frozenset()
    """Organisations that have judged already."""


@dataclass(frozen=True, slots=True)
class Known:
    """One person as he may be asked; ``organisation`` only if he wants to be asked for it."""

    person_id: UUID
    actor_class: ActorClass
    organisation: str | None
    dimensions: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    keywords: tuple[tuple[str, frozenset[str]], ...] = ()
    """Each as he typed it, with the stems of its words."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A person and every reason to ask him."""

    person_id: UUID
    reasons: tuple[Reason, ...]


def reasons_for(known: Known, wanted: Wanted) -> tuple[Reason, ...]:
    """Every reason to ask the person; none if nothing of what he declares meets the idea.

    That his organisation was not heard yet is no reason by itself, and comes on top.
    """
    found = [
        *_each(ReasonKind.UNJUDGED, known.dimensions, wanted.unjudged),
        *_each(ReasonKind.TOO_FEW, known.dimensions, wanted.too_few - wanted.unjudged),
        *_each(ReasonKind.FIELD, known.fields, wanted.fields),
        *(
            Reason(ReasonKind.KEYWORD, said)
            for said, stems in known.keywords
            if stems and stems <= wanted.stems
        ),
    ]
    if found and known.organisation and known.organisation not in wanted.heard:
        found.append(Reason(ReasonKind.UNHEARD, known.organisation))
    return tuple(found)


def suggest(
    people: Iterable[Known],
    wanted: Wanted,
    *,
    without: Iterable[UUID] = (),
    limit: int = SUGGESTED_MAX,
) -> list[Suggestion]:
    """Whom to ask, without those who are left out; the order of ``people`` changes nothing."""
    left_out = frozenset(without)
    by_strength: dict[int, dict[ActorClass, list[Suggestion]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for each in sorted(people, key=lambda one: one.person_id):
        reasons = reasons_for(each, wanted)
        if reasons and each.person_id not in left_out:
            strength = len({reason.kind for reason in reasons})
            by_strength[strength][each.actor_class].append(Suggestion(each.person_id, reasons))
    ordered = [
        one
        for strength in sorted(by_strength, reverse=True)
        for one in _in_turn([by_strength[strength].get(name, []) for name in ActorClass])
    ]
    return ordered[:limit]


def _each(kind: ReasonKind, declared: Sequence[str], wanted: frozenset[str]) -> list[Reason]:
    return [Reason(kind, each) for each in declared if each in wanted]


def _in_turn(queues: Sequence[Sequence[Suggestion]]) -> Iterable[Suggestion]:
    for turn in zip_longest(*queues):
        yield from (one for one in turn if one is not None)
