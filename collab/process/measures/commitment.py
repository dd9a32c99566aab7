"""The commitment of a leading organisation to the principles of good practice, one by one.

Rule 3 of the strategy: who is not of the administration commits to every principle before the
measure is recognised; a unit of the administration complies or explains.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from collab.errors import Invalid
from collab.process.actors import ActorClass
from collab.typed import tidied

PRINCIPLES: Final = "principles"
"""The id of the catalogue of principles of good practice."""

TEXT_CHARS_MAX: Final = 2_000
RENEWAL_WORKING_DAYS: Final = 40
"""How long an organisation has to renew its commitment."""


class Duty(StrEnum):
    """How far the principles bind."""

    COMMIT = "commit"
    EXPLAIN = "explain"


class Part(StrEnum):
    """What is said about one principle: that it is kept, how, and by what others can tell."""

    YES = "yes"
    HOW = "how"
    EVIDENCE = "evidence"


class State(StrEnum):
    """Where a commitment stands; a superseded one was followed by a newer one."""

    DRAFT = "draft"
    SIGNED = "signed"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class RenewalReason(StrEnum):
    """Why a commitment has to be made anew."""

    CATALOGUE = "catalogue"
    LEAD = "lead"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an organisation says about one principle; ``how`` explains where it is not kept."""

    keeps: bool = False
    how: str = ""
    evidence: str = ""

    def to_json(self) -> dict[str, object]:
        """As it is stored and shown by the API."""
        return {"keeps": self.keeps, "how": self.how, "evidence": self.evidence}


Answers = Mapping[str, Answer]
"""Principle → answer."""


@dataclass(frozen=True, slots=True)
class Made:
    """A commitment as the rules of renewal see it."""

    organisation_id: UUID
    version: int
    state: State


def duty_of(actor_class: ActorClass) -> Duty:
    """How far the principles bind a lead of that part of society."""
    return Duty.EXPLAIN if actor_class is ActorClass.ADMINISTRATION else Duty.COMMIT


def open_parts(answer: Answer, duty: Duty) -> tuple[Part, ...]:
    """What an answer still lacks under that duty."""
    if duty is Duty.EXPLAIN:
        return () if answer.keeps or answer.how else (Part.YES,)
    said = {Part.YES: answer.keeps, Part.HOW: answer.how, Part.EVIDENCE: answer.evidence}
    return tuple(part for part, value in said.items() if not value)


def missing(principles: Iterable[str], answers: Answers, duty: Duty) -> tuple[str, ...]:
    """The principles without a complete answer, in their order."""
    return tuple(each for each in principles if open_parts(answers.get(each, Answer()), duty))


def check_answers(
    data: Mapping[str, Mapping[str, object]], principles: Iterable[str]
) -> dict[str, Answer]:
    """The answers as they are stored, empty ones left out; incomplete ones are welcome in a draft.

    Raises:
        Invalid: with every faulty field, named like ``open_and_trustworthy.how``.
    """
    known = list(principles)
    faults: dict[str, str] = {each: "unknown-choice" for each in data if each not in known}
    kept: dict[str, Answer] = {}
    for principle in known:
        said = data.get(principle, {})
        answer = Answer(said.get("keeps") is True, *(_text(said.get(each)) for each in _TEXTS))
        for name, text in zip(_TEXTS, (answer.how, answer.evidence), strict=True):
            if len(text) > TEXT_CHARS_MAX:
                faults[f"{principle}.{name}"] = "too-long"
        if answer != Answer():
            kept[principle] = answer
    if faults:
        raise Invalid(fields=faults)
    return kept


def answers_of(stored: Mapping[str, Mapping[str, object]]) -> dict[str, Answer]:
    """The answers out of what is stored."""
    return {
        principle: Answer(said["keeps"] is True, str(said["how"]), str(said["evidence"]))
        for principle, said in stored.items()
    }


def renewal(made: Iterable[Made], lead: UUID, version: int) -> RenewalReason | None:
    """Why the organisation that leads now has to commit itself anew; ``made``: newest first.

    None if it need not, or if nobody ever signed: then the first commitment is still to come.
    """
    once = [each for each in made if each.state is not State.DRAFT]
    own = [each for each in once if each.organisation_id == lead]
    if not once or any(each.state is State.SIGNED and each.version >= version for each in own):
        return None
    if not own:
        return RenewalReason.LEAD
    return RenewalReason.WITHDRAWN if own[0].state is State.WITHDRAWN else RenewalReason.CATALOGUE


_TEXTS: Final = (Part.HOW.value, Part.EVIDENCE.value)


def _text(value: object) -> str:
    text = value if isinstance(value, str) else ""
    return tidied(text)
