"""Statements of what an idea pays into, and what people outside its team hold of them.

A statement is about one entry of a catalogue, and there is one per entry. Each change makes a new
revision; a review is about the revision that was read. Nothing here passes by itself: the gate
asks for a person outside the team who reviewed every statement as it is now (AC-A10).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from uuid import UUID

from collab.errors import Invalid
from collab.process.gates.facts import AlignmentFacts
from collab.typed import checked, tidied

GUIDING_IDEAS: Final = "guiding-ideas"
FIELDS_OF_ACTION: Final = "fields-of-action"
CATALOGUES: Final = (GUIDING_IDEAS, FIELDS_OF_ACTION)
"""What an idea can pay into, in reading order."""

TEXT_CHARS_MAX: Final = 2_000
LINE_CHARS_MAX: Final = 300

Goal = tuple[str, str]
"""(catalogue, entry)"""


class Verdict(StrEnum):
    """What a reviewer holds of a statement."""

    AGREE = "agree"
    DOUBT = "doubt"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Words:
    """What a statement says; only the contribution has to be there."""

    contribution: str
    effect: str = ""
    indicator: str = ""
    conflict: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement as it is now."""

    goal: Goal
    revision: int
    chars: int  # of its contribution


@dataclass(frozen=True, slots=True)
class Review:
    """What one person holds of one revision of a statement."""

    goal: Goal
    revision: int
    person_id: UUID
    verdict: Verdict
    is_answered: bool


@dataclass
class _Reviewed:
    """What one person has reviewed."""

    now: set[Goal] = field(default_factory=set)  # statements as they are now
    latest: dict[Goal, Review] = field(default_factory=dict)


def check_words(words: Words) -> Words:
    """The words as they are stored; raises Invalid naming every faulty field."""
    kept = Words(*(tidied(each) for each in _fields(words).values()))
    bounds = dict.fromkeys(("contribution", "effect", "conflict"), TEXT_CHARS_MAX)
    bounds["indicator"] = LINE_CHARS_MAX
    found = _fields(kept)
    faults = {name: "too-long" for name, most in bounds.items() if len(found[name]) > most}
    if not kept.contribution:
        faults["contribution"] = "missing"
    if faults:
        raise Invalid(fields=faults)
    return kept


def check_review(verdict: str, text: str) -> tuple[Verdict, str]:
    """A verdict with its words, which a doubt and a question need."""
    if verdict not in set(Verdict):
        raise Invalid(fields={"verdict": "unknown-choice"})
    found = Verdict(verdict)
    return found, _said(text, required=found is not Verdict.AGREE)


def check_answer(text: str) -> str:
    """The team's answer to a doubt or a question."""
    return _said(text, required=True)


def alignment_facts(
    statements: Iterable[Statement], reviews: Iterable[Review], team: Iterable[UUID]
) -> AlignmentFacts:
    """What gates see of the statements.

    A doubt is open until it is answered, also when the statement was changed meanwhile; only its
    author's own later review takes its place.
    """
    current = {each.goal: each for each in statements}
    people: dict[UUID, _Reviewed] = {}
    for review in sorted(reviews, key=lambda each: each.revision):
        stated = current.get(review.goal)
        if stated is None:
            continue
        person = people.setdefault(review.person_id, _Reviewed())
        person.latest[review.goal] = review
        if review.revision == stated.revision:
            person.now.add(review.goal)
    outside = people.keys() - set(team)
    return AlignmentFacts(
        guiding_ideas=_chars(current, GUIDING_IDEAS),
        fields=_chars(current, FIELDS_OF_ACTION),
        doubts_open=sum(
            each.verdict is Verdict.DOUBT and not each.is_answered
            for person in people.values()
            for each in person.latest.values()
        ),
        reviewers=sum(bool(current) and people[each].now == current.keys() for each in outside),
    )


def _chars(current: Mapping[Goal, Statement], catalogue: str) -> dict[str, int]:
    return {goal[1]: each.chars for goal, each in current.items() if goal[0] == catalogue}


def _fields(words: Words) -> dict[str, str]:
    return {
        "contribution": words.contribution,
        "effect": words.effect,
        "indicator": words.indicator,
        "conflict": words.conflict,
    }


def _said(text: str, *, required: bool) -> str:
    return checked(text, "text", TEXT_CHARS_MAX, if_empty="missing" if required else "")
