"""Judgements of feasibility. They advise, they do not decide."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from collab.errors import Invalid
from collab.process.actors import ActorClass
from collab.process.feasibility.dimensions import Confidence, Verdict, load_feasibility
from collab.process.version import TextVersion

REASON_CHARS_MAX = 2000


class Expertise(StrEnum):
    """The ground on which somebody says that he can judge; declared by himself, checked by nobody.

    ``LIVED``: who lives with what the idea is about.
    """

    NONE = "none"
    PROFESSION = "profession"
    RESEARCH = "research"
    OFFICE = "office"
    LIVED = "lived"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one person holds of one dimension, bound to the text he saw."""

    dimension: str
    person_id: UUID
    actor_class: ActorClass
    verdict: Verdict
    confidence: Confidence
    reason: str
    version: TextVersion
    by_author: bool = False  # shown, but does not count towards a gate
    body: str | None = None  # the organisation the person speaks for
    revision: int = 1  # how often he has changed his mind, counted from 1
    expertise: Expertise = Expertise.NONE
    expertise_note: str = ""  # the ground in his own words
    own_interest: str = ""  # what he himself would gain or lose
    evidence: str = ""  # the address of what he refers to


@dataclass(frozen=True, slots=True)
class Judges:
    """Who judged one dimension from outside the team: people, and the bodies they speak for.

    Whoever speaks for no organisation counts as a body of his own.
    """

    people: int = 0
    organisations: int = 0


def judged_by(judgements: Iterable[Judgement]) -> dict[str, Judges]:
    """Who from outside the idea's team judged each dimension, for the gates."""
    people: defaultdict[str, set[UUID]] = defaultdict(set)
    bodies: defaultdict[str, set[object]] = defaultdict(set)
    for one in judgements:
        if not one.by_author:
            people[one.dimension].add(one.person_id)
            bodies[one.dimension].add(one.body or one.person_id)
    return {name: Judges(len(found), len(bodies[name])) for name, found in people.items()}


def check_judgement(dimension: str, verdict: str, confidence: str, reason: str) -> str:
    """The reason as it is stored; raises Invalid with every faulty field."""
    reason = reason.strip()
    fields: dict[str, str] = {}
    if load_feasibility().dimension(dimension) is None:
        fields["dimension"] = "unknown"
    if verdict not in set(Verdict):
        fields["verdict"] = "unknown"
    if confidence not in set(Confidence):
        fields["confidence"] = "unknown"
    if len(reason) > REASON_CHARS_MAX:
        fields["reason"] = "too-long"
    if not reason and verdict != Verdict.FEASIBLE:
        fields["reason"] = "empty"  # doubts and conditions must be said to be answerable
    if fields:
        raise Invalid(fields=fields)
    return reason
