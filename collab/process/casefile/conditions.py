"""Conditions that judgements make, and how they are settled (AC-A8b).

The condition is the judgement itself: "feasible with conditions", from outside the idea's team.
It is settled in the revision that was judged; whoever changes his judgement opens it again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from collab.process.feasibility.dimensions import Verdict
from collab.process.feasibility.judgements import Judgement
from collab.typed import fault_of, refuse, tidied

BECAUSE_CHARS_MAX = 2_000


class Settlement(StrEnum):
    """How a condition is settled: it is fulfilled, or the risk is taken for a reason."""

    MET = "met"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Settled:
    """What was settled: the condition of one person in one dimension, in one revision."""

    dimension: str
    person_id: UUID
    revision: int


def made_by(judgements: Iterable[Judgement]) -> list[Judgement]:
    """The judgements that make a condition, in their order."""
    return [
        one for one in judgements if one.verdict is Verdict.WITH_CONDITIONS and not one.by_author
    ]


def still_open(judgements: Iterable[Judgement], settled: Iterable[Settled]) -> list[Judgement]:
    """The conditions that are settled in no revision, or only in an earlier one."""
    done = set(settled)
    return [one for one in made_by(judgements) if _as_settled(one) not in done]


def check_settlement(state: str, because: str) -> tuple[Settlement, str]:
    """How a condition is settled; raises Invalid with every faulty field."""
    because = tidied(because)
    refuse(
        {
            "state": "" if state in set(Settlement) else "unknown-choice",
            "because": fault_of(because, BECAUSE_CHARS_MAX, if_empty="empty"),
        }
    )
    return Settlement(state), because


def _as_settled(one: Judgement) -> Settled:
    return Settled(one.dimension, one.person_id, one.revision)
