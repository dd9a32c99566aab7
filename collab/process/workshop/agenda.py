"""The agenda of a workshop: steps one after the other, each of a kind that pages know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from collab.errors import Invalid

STEPS_MAX: Final = 20
MINUTES_MAX: Final = 480
LABEL_CHARS_MAX: Final = 80
SENTENCE_CHARS_MAX: Final = 300


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
    """One part of the evening. ``minutes`` is what is planned; ``is_silent``: notes stay hidden.

    ``instruction`` is what everybody reads, ``hint`` what those read who lead; by language.
    """

    kind: StepKind
    label: Mapping[str, str]
    minutes: int
    is_silent: bool = False
    instruction: Mapping[str, str] = field(default_factory=dict)
    hint: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        return {
            "kind": self.kind.value,
            "label": dict(self.label),
            "minutes": self.minutes,
            "is_silent": self.is_silent,
            "instruction": dict(self.instruction),
            "hint": dict(self.hint),
        }


def in_language(words: Mapping[str, str], language: str) -> str:
    """The words in the language, or in any other that they are in; empty if there are none."""
    return words.get(language) or next(iter(words.values()), "")


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
    is_silent = stored.get("is_silent") is True
    instruction, hint = (_sentences(stored, name, place) for name in ("instruction", "hint"))
    return Step(StepKind(str(kind)), words, minutes, is_silent, instruction, hint)


def _is_label(text: object) -> bool:
    return isinstance(text, str) and 1 <= len(text) <= LABEL_CHARS_MAX


def _sentences(stored: Mapping[str, object], name: str, place: str) -> dict[str, str]:
    """What stands beside a step, which may be nothing."""
    found = stored.get(name, {})
    if not isinstance(found, Mapping):
        raise Invalid(fields={f"{place}.{name}": "malformed"})
    texts = {str(language): str(text) for language, text in found.items()}
    if any(len(each) > SENTENCE_CHARS_MAX for each in texts.values()):
        raise Invalid(fields={f"{place}.{name}": "too-long"})
    return texts
