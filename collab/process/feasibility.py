"""Judgements of feasibility and what they say together. They advise, they do not decide.

A tally never boils a dimension down to a mean: it shows how many people judged, how they divide,
how far they disagree, from which parts of society they come, and how many of them saw a text that
has changed since.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from uuid import UUID

from collab.errors import Invalid
from collab.process.actors import ActorClass
from collab.process.templates import reading
from collab.process.templates.reading import FaultyTemplate, Words
from collab.process.version import TextVersion

REASON_CHARS_MAX = 2000


class Verdict(StrEnum):
    """What somebody holds of one dimension; ``open`` means: cannot be said yet."""

    FEASIBLE = "feasible"
    WITH_CONDITIONS = "with_conditions"
    OPEN = "open"
    NOT_FEASIBLE = "not_feasible"


class Confidence(StrEnum):
    """How sure the person is of the verdict."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Dimension:
    """One side of feasibility."""

    id: str
    label: Words
    help: Words


@dataclass(frozen=True, slots=True)
class FeasibilityTemplate:
    """The dimensions in reading order and the words for verdicts and confidence."""

    version: int
    dimensions: tuple[Dimension, ...]
    verdicts: Mapping[Verdict, Words]
    confidences: Mapping[Confidence, Words]

    @property
    def dimension_ids(self) -> tuple[str, ...]:
        """The ids of all dimensions in reading order."""
        return tuple(dimension.id for dimension in self.dimensions)

    def dimension(self, dimension_id: str) -> Dimension | None:
        """The dimension of that id, or None."""
        return next((found for found in self.dimensions if found.id == dimension_id), None)


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


@dataclass(frozen=True, slots=True)
class Judges:
    """Who judged one dimension from outside the team: people, and the bodies they speak for.

    Whoever speaks for no organisation counts as a body of his own.
    """

    people: int = 0
    organisations: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """What the judgements of one dimension say together; all counts are of people."""

    dimension: str
    n: int
    by_verdict: Mapping[Verdict, int]
    by_confidence: Mapping[Confidence, int]
    by_class: Mapping[ActorClass, int]
    spread: float  # see ``spread``
    outdated: int
    by_authors: int
    judgements: tuple[Judgement, ...]


def tally(judgements: Iterable[Judgement], current: TextVersion | None = None) -> list[Tally]:
    """One tally per dimension in reading order, also for those nobody has judged yet.

    Judgements of another text than ``current`` count as outdated; None leaves that open.
    """
    found = list(judgements)
    return [
        _tally_of(dimension_id, [one for one in found if one.dimension == dimension_id], current)
        for dimension_id in load_feasibility().dimension_ids
    ]


def spread(counts: Iterable[int]) -> float:
    """How far people disagree: the share of all pairs of people whose verdicts differ.

    0 if all agree or fewer than two judged, 1 if no two agree. It takes verdicts as names, not
    as grades, because ``open`` lies nowhere between feasible and not.
    """
    found = list(counts)
    pairs = sum(found) * (sum(found) - 1)
    agreeing = sum(count * (count - 1) for count in found)
    return 1 - agreeing / pairs if pairs else 0.0


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


@cache
def load_feasibility() -> FeasibilityTemplate:
    """The newest catalogue of dimensions."""
    version = reading.versions("feasibility", "feasibility")[-1]
    return parse_feasibility(reading.read("feasibility", "feasibility", version))


def parse_feasibility(data: Mapping[str, object]) -> FeasibilityTemplate:
    """The catalogue in a file; raises FaultyTemplate naming the place of a fault."""
    place = "feasibility"
    entries = [reading.mapping(item, place) for item in reading.items(data, "dimensions", place)]
    dimensions = tuple(_parse_dimension(entry, place) for entry in entries)
    if len({dimension.id for dimension in dimensions}) != len(dimensions) or not dimensions:
        raise FaultyTemplate(f"{place}.dimensions: must be there, each once")
    verdicts, confidences = _labels(data, "verdicts"), _labels(data, "confidences")
    if list(verdicts) != list(Verdict) or list(confidences) != list(Confidence):
        raise FaultyTemplate(f"{place}: must word every verdict and confidence, in order")
    return FeasibilityTemplate(
        version=reading.number(data, "version", place),
        dimensions=dimensions,
        verdicts=MappingProxyType({Verdict(key): text for key, text in verdicts.items()}),
        confidences=MappingProxyType({Confidence(key): text for key, text in confidences.items()}),
    )


def _tally_of(dimension: str, found: Sequence[Judgement], current: TextVersion | None) -> Tally:
    by_verdict = dict.fromkeys(Verdict, 0)
    by_confidence = dict.fromkeys(Confidence, 0)
    by_class = dict.fromkeys(ActorClass, 0)
    for one in found:
        by_verdict[one.verdict] += 1
        by_confidence[one.confidence] += 1
        by_class[one.actor_class] += 1
    outdated = [one for one in found if current and not one.version.same_text(current)]
    return Tally(
        dimension=dimension,
        n=len(found),
        by_verdict=MappingProxyType(by_verdict),
        by_confidence=MappingProxyType(by_confidence),
        by_class=MappingProxyType(by_class),
        spread=spread(by_verdict.values()),
        outdated=len(outdated),
        by_authors=sum(one.by_author for one in found),
        judgements=tuple(found),
    )


def _parse_dimension(data: Mapping[str, object], place: str) -> Dimension:
    dimension_id = reading.identifier(data.get("id"), place)
    place = f"{place}.{dimension_id}"
    label, help_ = reading.words(data, "label", place), reading.words(data, "help", place)
    return Dimension(dimension_id, label, help_)


def _labels(data: Mapping[str, object], key: str) -> dict[str, Words]:
    entries = [reading.mapping(item, key) for item in reading.items(data, key, "feasibility")]
    return {
        reading.identifier(entry.get("id"), key): reading.words(entry, "label", key)
        for entry in entries
    }
