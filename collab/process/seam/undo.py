"""Taking an official act back while nothing rests on it.

Undoing is an act of its own: the idea returns to the stage it came from, and the history keeps
both. What has an effect besides the move stands.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from collab.errors import Conflict, NotAllowed, NotFound
from collab.process.actors import Actor, Role
from collab.process.processes import access_of
from collab.process.stages import ProcessTemplate, StageAccess, Transition

UNDO: Final = "undo"
"""The transition that stands in the history; no template has it."""

FIXED: Final = frozenset({StageAccess.SETTLED, StageAccess.ARCHIVED})


@dataclass(frozen=True, slots=True)
class DoneAct:
    """An official act as undoing looks at it; ``revision`` is the idea's after it."""

    transition: str
    from_stage: str
    to_stage: str
    kind: str
    revision: int
    actor_id: UUID
    office: str | None
    sha256: str
    at: datetime


def way_of(process: ProcessTemplate, act: DoneAct) -> Transition | None:
    """The transition that was taken, if the process still has it."""
    return next(
        (
            way
            for way in process.transitions
            if (way.id, way.target) == (act.transition, act.to_stage)
            and way.leads(act.from_stage, act.kind)
        ),
        None,
    )


def undo_until(way: Transition | None, at: datetime) -> datetime | None:
    """Until when an act of this kind may be undone; None if it stands from the beginning."""
    if way is None or way.undo_hours is None or way.effects:
        return None
    return at + timedelta(hours=way.undo_hours)


def may_undo(way: Transition, act: DoneAct, actor: Actor) -> bool:
    """Whose it is: who did it, or a moderator for a moderator's act; in office still."""
    roles = actor.effective_roles
    if actor.person_id is None or way.office(roles) is None or Role.OBSERVER in roles:
        return False
    is_of_moderators = act.office == Role.MODERATOR and Role.MODERATOR in roles
    return act.actor_id == actor.person_id or is_of_moderators


def require_undoable(
    process: ProcessTemplate, act: DoneAct, actor: Actor, *, revision: int, now: datetime
) -> None:
    """Refuse unless the act may be undone by this actor now; ``revision`` is the idea's.

    Raises:
        NotFound: there is nothing that could be undone.
        NotAllowed: it is not his to undo.
        Conflict: (act-stands) it never could be; (undo-over) the time is over; (act-followed)
            something has happened since.
    """
    way = way_of(process, act)
    until = undo_until(way, act.at)
    if way is None and act.transition != UNDO:
        raise NotFound
    if way is None or until is None:
        raise Conflict("act-stands")
    if not may_undo(way, act, actor):
        raise NotAllowed("undo-not-allowed")
    if act.revision != revision:
        raise Conflict("act-followed", current=revision)
    if now > until:
        raise Conflict("undo-over", until=until.isoformat())


def returns_to_fixed_text(act: DoneAct) -> bool:
    """Whether the stage to return to rests on the text as it was when the act was done."""
    return access_of(act.from_stage) in FIXED
