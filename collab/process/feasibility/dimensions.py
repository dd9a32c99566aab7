"""The sides of feasibility that are judged, and the words for verdicts and confidence."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from collab.process.feasibility.rounds import Disclosure, RoundRules
from collab.process.templates import reading
from collab.process.templates.reading import FaultyTemplate, Words


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
    rounds: RoundRules

    @property
    def dimension_ids(self) -> tuple[str, ...]:
        """The ids of all dimensions in reading order."""
        return tuple(dimension.id for dimension in self.dimensions)

    def dimension(self, dimension_id: str) -> Dimension | None:
        """The dimension of that id, or None."""
        return next((found for found in self.dimensions if found.id == dimension_id), None)


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
        rounds=_parse_rounds(data.get("rounds"), f"{place}.rounds"),
    )


def _parse_dimension(data: Mapping[str, object], place: str) -> Dimension:
    dimension_id = reading.identifier(data.get("id"), place)
    place = f"{place}.{dimension_id}"
    label, help_ = reading.words(data, "label", place), reading.words(data, "help", place)
    return Dimension(dimension_id, label, help_)


def _parse_rounds(value: object, place: str) -> RoundRules:
    """What the template says of rounds; without a word of it nothing is hidden."""
    if value is None:
        return RoundRules()
    data = reading.mapping(value, place)
    allowed = tuple(_disclosure(name, place) for name in reading.names(data, "allowed", place))
    days, beside = reading.number(data, "days_max", place), data.get("judging_without")
    if not allowed or not isinstance(beside, bool):
        raise FaultyTemplate(f"{place}: must allow a disclosure, and say whether to judge without")
    return RoundRules(allowed, _disclosure(data.get("without"), place), beside, days)


def _disclosure(value: object, place: str) -> Disclosure:
    if value not in set(Disclosure):
        raise FaultyTemplate(f"{place}: {value!r} is no disclosure")
    return Disclosure(str(value))


def _labels(data: Mapping[str, object], key: str) -> dict[str, Words]:
    entries = [reading.mapping(item, key) for item in reading.items(data, key, "feasibility")]
    return {
        reading.identifier(entry.get("id"), key): reading.words(entry, "label", key)
        for entry in entries
    }
