"""A merge: one idea goes on in another one, if those who answer for both agree.

Asked are the leads of an idea or, where nobody leads it, its authors. Whoever says no ends it;
whoever says nothing holds it up for some days only, which the process names.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from collab.errors import Conflict, Invalid
from collab.process.actors import Role
from collab.process.gates.facts import MergeFacts
from collab.process.processes import access_of
from collab.process.stages import Effect, ProcessTemplate, StageAccess
from collab.typed import checked

REASON_CHARS_MAX: Final = 2_000
NOTE_CHARS_MAX: Final = 500
ASKED_MAX: Final = 50
"""So many people of one idea are asked at most; whoever is beyond is told like the others."""

INHERITED: Final[Mapping[Role, Role]] = {
    Role.AUTHOR: Role.AUTHOR,
    Role.EDITOR: Role.EDITOR,
    Role.LEAD: Role.EDITOR,
    Role.MEMBER: Role.EDITOR,
}
"""What people of the merged idea are at the other one: an idea has one lead, and partners come for
a time and for one idea. So who led writes on, and answers for nothing there."""


class MergeState(StrEnum):
    """How far a merge is; ``ASKED`` and ``DONE`` ones are living."""

    ASKED = "asked"
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    UNDONE = "undone"


LIVING: Final = (MergeState.ASKED, MergeState.DONE)


class Side(StrEnum):
    """Which of the two ideas somebody is asked for; of both, for the one that stays."""

    SOURCE = "source"
    TARGET = "target"


class Answer(StrEnum):
    """What somebody who is asked says."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Consent:
    """Somebody who is asked; ``answer`` is None as long as he has not said anything."""

    person_id: UUID
    side: Side
    answer: Answer | None = None


def asked(team: Iterable[tuple[UUID, str]]) -> list[UUID]:
    """Who of a team (person, role) is asked: who leads, else the authors; each once."""
    roles = list(team)
    for wanted in (Role.LEAD, Role.AUTHOR):
        found = sorted({person for person, role in roles if role == wanted})
        if found:
            return found[:ASKED_MAX]
    return []


def consents(source: Iterable[UUID], target: Iterable[UUID], proposer: UUID) -> tuple[Consent, ...]:
    """Everybody who is asked, each once; whoever proposes it has agreed by that."""
    sides = {**dict.fromkeys(source, Side.SOURCE), **dict.fromkeys(target, Side.TARGET)}
    return tuple(
        Consent(person, side, Answer.YES if person == proposer else None)
        for person, side in sides.items()
    )


def merge_facts(
    found: Iterable[Consent], *, asked_at: datetime, now: datetime, target_stage: str
) -> MergeFacts:
    """What the gate looks at; refused ones have ended, so nobody here has said no."""
    waiting = sum(each.answer is None for each in found)
    return MergeFacts(waiting, (now - asked_at).days, takes_in(target_stage))


def takes_in(stage: str) -> bool:
    """Whether an idea in this stage can take another one in: its text is still worked on."""
    return access_of(stage) is StageAccess.WORKING


def can_merge(process: ProcessTemplate, stage: str, kind: str) -> bool:
    """Whether a way of its process leads the idea from here into another one."""
    return any(
        Effect.MERGE in way.effects and way.leads(stage, kind) for way in process.transitions
    )


def check_proposal(
    process: ProcessTemplate,
    *,
    kind: str,
    stages: tuple[str, str],
    is_same: bool,
    living: Collection[str],
) -> None:
    """Refuse what cannot be merged; ``stages`` are those of the source and of the target.

    ``living`` are the states of merges that the source is in already.

    Raises:
        Invalid: (same-idea, target-closed) the other idea is none that could take this one in.
        Conflict: (merge-asked) it is being asked for; (no-way-to-merge) not in this stage, or not
            in the version of the process that the idea goes through.
    """
    source, target = stages
    if is_same:
        raise Invalid(fields={"to": "same-idea"})
    if not takes_in(target):
        raise Invalid(fields={"to": "target-closed"})
    if not can_merge(process, source, kind):
        raise Conflict("no-way-to-merge", current=source)
    if living:
        raise Conflict("merge-asked")


def check_answer(answer: str, note: str) -> tuple[Answer, str]:
    """An answer as it is stored; who says no says why."""
    if answer not in set(Answer):
        raise Invalid(fields={"answer": "unknown-choice"})
    found = Answer(answer)
    if_empty = "empty" if found is Answer.NO else ""
    return found, checked(note, "note", NOTE_CHARS_MAX, if_empty=if_empty)


def check_reason(reason: str) -> str:
    """Why two ideas are to be one, or are not after all."""
    return checked(reason, "reason", REASON_CHARS_MAX)
