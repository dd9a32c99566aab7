"""The agenda of a workshop: steps one after the other, each of a kind that pages know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from collab.errors import Invalid

STEPS_MAX: Final = 20
MINUTES_MAX: Final = 480
LABEL_CHARS_MAX: Final = 80


class StepKind(StrEnum):
    """What people do in a step; pages show what it needs."""

    COLLECT = "collect"
    CLUSTER = "cluster"
    DISCUSS = "discuss"
    DRAFT = "draft"
    VOTE = "vote"
    HARVEST = "harvest"


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the evening. ``minutes`` is what is planned; ``is_silent``: notes stay hidden."""

    kind: StepKind
    label: Mapping[str, str]
    minutes: int
    is_silent: bool = False

    def to_json(self) -> dict[str, object]:
        return {
            "kind": self.kind.value,
            "label": dict(self.label),
            "minutes": self.minutes,
            "is_silent": self.is_silent,
        }


def steps_to_json(steps: Sequence[Step]) -> list[dict[str, object]]:
    """The agenda as it is stored."""
    return [step.to_json() for step in steps]


def steps_from_json(stored: Sequence[Mapping[str, object]]) -> tuple[Step, ...]:
    """The agenda that was stored or sent.

    Raises:
        Invalid: a step is of no known kind, has no label, or is too long or too short.
    """
    if not 1 <= len(stored) <= STEPS_MAX:
        raise Invalid(fields={"agenda": "too-many" if stored else "missing"})
    return tuple(_step(number, each) for number, each in enumerate(stored))


def _step(number: int, stored: Mapping[str, object]) -> Step:
    place = f"agenda.{number}"
    kind, label, minutes = stored.get("kind"), stored.get("label"), stored.get("minutes")
    if kind not in set(StepKind):
        raise Invalid(fields={f"{place}.kind": "unknown"})
    if not isinstance(label, Mapping) or not all(_is_label(label.get(each)) for each in label):
        raise Invalid(fields={f"{place}.label": "missing"})
    if not label or isinstance(minutes, bool) or not isinstance(minutes, int):
        raise Invalid(fields={f"{place}.minutes" if label else f"{place}.label": "missing"})
    if not 1 <= minutes <= MINUTES_MAX:
        raise Invalid(fields={f"{place}.minutes": "out-of-range"})
    words = {str(language): str(text) for language, text in label.items()}
    return Step(StepKind(str(kind)), words, minutes, stored.get("is_silent") is True)


def _is_label(text: object) -> bool:
    return isinstance(text, str) and 1 <= len(text) <= LABEL_CHARS_MAX
