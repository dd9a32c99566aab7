"""Links between ideas: which kinds there are, and between which ideas each makes sense.

A link is kept when an idea changes its kind, and marked if it no longer fits (AC-A2c).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from collab.errors import Conflict, Invalid
from collab.process.dossier import IdeaKind
from collab.process.stages import Stage, StageKind


class LinkKind(StrEnum):
    """What one idea is to another; read from the first to the second."""

    ANSWERS = "answers"
    BUILDS_ON = "builds_on"
    COMPLEMENTS = "complements"
    REPLICATES = "replicates"


BY_HAND: Final = frozenset({LinkKind.ANSWERS, LinkKind.BUILDS_ON, LinkKind.COMPLEMENTS})
"""Kinds that people make and take away; a replica's origin is a fact."""

DEPENDS: Final = frozenset({LinkKind.BUILDS_ON, LinkKind.REPLICATES})
"""Kinds in which the first idea depends on the second (AC-G13)."""


@dataclass(frozen=True, slots=True)
class End:
    """One of the two ideas."""

    idea_id: UUID
    kind: str


def fits(kind: LinkKind, one: str, other: str) -> bool:
    """Whether a link of that kind makes sense from an idea of kind ``one`` to one of ``other``."""
    if kind is LinkKind.ANSWERS:
        return (one, other) == (IdeaKind.PROPOSAL, IdeaKind.NEED)
    return True


def check_link(kind: str, one: End, other: End, *, is_there_reversed: bool) -> LinkKind:
    """The kind, if people may link the two so.

    Raises:
        Invalid: there is no such kind, it does not fit, or both are the same idea.
        Conflict: (linked-reversed) they are linked like that the other way round.
    """
    if kind not in BY_HAND:
        raise Invalid(fields={"kind": "unknown-choice"})
    found = LinkKind(kind)
    if one.idea_id == other.idea_id:
        raise Invalid(fields={"to": "same-idea"})
    if not fits(found, one.kind, other.kind):
        raise Invalid(fields={"kind": "link-misfit"})
    if found is not LinkKind.ANSWERS and is_there_reversed:
        raise Conflict("linked-reversed")
    return found


def closes(source: Stage, target: Stage) -> bool:
    """Whether a move ends a case on which others may rely: to an end beside the main way."""
    return is_over(target) and not is_over(source)


def is_over(stage: Stage) -> bool:
    """Whether a case has ended there, not by having been carried out."""
    return stage.kind is StageKind.END and not stage.is_main
