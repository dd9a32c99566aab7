"""Which of what happened at an idea somebody may know."""

from collab.process.actors import IDEA_ROLES
from collab.process.events.kinds import EVENTS
from collab.process.permissions import Action
from server.actions.cases import Case


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
