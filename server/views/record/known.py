"""Which of what happened at an idea somebody may know."""

from collections.abc import Iterable

from collab.process.actors import IDEA_ROLES
from collab.process.events.kinds import EVENTS
from collab.process.permissions import Action
from collab.process.processes import access_of
from collab.process.stages import StageAccess
from server.actions.cases import Case
from storage import stages
from storage.database import Transaction
from storage.tables.stages import StageChange


def knows_more(case: Case) -> bool:
    """Whether the actor may know anything that is not public: as a moderator, or of the team."""
    return case.may(Action.HIDE_COMMENT) or bool(case.actor.roles & IDEA_ROLES)


def may_know(case: Case, kind: str, *, is_public: bool) -> bool:
    """Whether the actor may know of this event, which is public or not.

    The team knows its own draft (rule I4); how people were moderated is not for it.
    """
    if is_public or case.may(Action.HIDE_COMMENT):
        return True
    found = EVENTS.get(kind)
    of_team = bool(case.actor.roles & IDEA_ROLES)
    return of_team and (found is None or found.public)


def known_moves(case: Case, changes: Iterable[StageChange]) -> list[StageChange]:
    """The moves the actor may know of; what led to a private stage stays with who reads there."""
    if case.stage.access is StageAccess.PRIVATE or knows_more(case):
        return list(changes)
    return [each for each in changes if access_of(each.to_stage) is not StageAccess.PRIVATE]


async def may_read_version(tx: Transaction, case: Case, epoch: int, seq: int) -> bool:
    """Whether the actor may read this kept version; those of a draft's time stay with its team."""
    if knows_more(case):
        return True
    moves = await stages.history(tx, case.idea.id)
    public = [move for move in moves if access_of(move.to_stage) is not StageAccess.PRIVATE]
    return not public or (epoch, seq) >= (public[0].epoch, public[0].seq)
