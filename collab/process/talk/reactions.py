"""Reactions: what one person holds of one comment, in a word. A mood, no decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from collab.errors import Invalid


class Reaction(StrEnum):
    """What somebody says to a comment without words of his own."""

    AGREE = "agree"
    DISAGREE = "disagree"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Mood:
    """How many people reacted to a comment and how, and what the reader himself said."""

    counts: Mapping[Reaction, int]
    mine: Reaction | None = None

    @property
    def n(self) -> int:
        """How many people reacted."""
        return sum(self.counts.values())


NO_MOOD = Mood(dict.fromkeys(Reaction, 0))


def check_reaction(reaction: str) -> Reaction:
    """The reaction of that name; raises Invalid for any other."""
    if reaction not in set(Reaction):
        raise Invalid(fields={"reaction": "unknown-choice"})
    return Reaction(reaction)


@dataclass(frozen=True, slots=True)
class Cast:
    """One reaction out of a file, to be stored with many others."""

    comment_id: UUID
    person_id: UUID
    reaction: Reaction
