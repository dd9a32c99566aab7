"""Statements of reasons: what those concerned read about an act besides its own words.

The texts are data. They are examples of ours, no official wording.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from collab.process.templates import reading
from collab.process.templates.reading import FaultyTemplate, Words


@dataclass(frozen=True, slots=True)
class Advice:
    """What can be done after an act of one kind; ``by_reason`` has more for a reason's code."""

    then: Words
    by_reason: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class StatementTexts:
    """The catalogue; ``example`` says that the wording is ours."""

    example: Words
    objection: Words
    otherwise: Words
    advice: Mapping[str, Advice]

    def for_act(self, transition: str, reason_code: str | None) -> list[Words]:
        """What would satisfy it and which ways there are, the particular first."""
        advice = self.advice.get(transition)
        if advice is None:
            return [self.otherwise]
        found = advice.by_reason.get(reason_code or "")
        return [found, advice.then] if found else [advice.then]


@cache
def load_statements() -> StatementTexts:
    """The newest catalogue, checked when it is first loaded."""
    name = "statements"
    data = reading.read(name, name, reading.versions(name, name)[-1])
    acts = reading.mapping(data.get("acts"), "statements.acts")
    return StatementTexts(
        example=reading.words(data, "example", name),
        objection=reading.words(data, "objection", name),
        otherwise=reading.words(data, "otherwise", name),
        advice={act: _advice(reading.mapping(each, act), act) for act, each in acts.items()},
    )


def _advice(data: Mapping[str, object], place: str) -> Advice:
    unknown = set(data) - {"then", "reasons"}
    if unknown:
        raise FaultyTemplate(f"statements.{place}: unknown {', '.join(sorted(unknown))}")
    reasons = reading.mapping(data.get("reasons", {}), place)
    return Advice(
        then=reading.words(data, "then", place),
        by_reason={code: reading.words(reasons, code, f"{place}.reasons") for code in reasons},
    )
