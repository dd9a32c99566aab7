"""Which of what happened at an idea somebody may know."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from collab.process.actors import IDEA_ROLES
from collab.process.events.kinds import EVENTS
from collab.process.permissions import Action
from collab.process.processes import access_of
from collab.process.stages import StageAccess
from server.actions.cases import Case
from server.actions.versions.reading import knows_more as knows_more
from server.actions.versions.reading import may_read_version as may_read_version
from storage.tables.stages import StageChange

KEPT_TO_THOSE_CONCERNED: Final = frozenset(
    {"comment_hidden", "comment_shown", "contribution_hidden", "contribution_shown"}
)
"""Kinds of events whose reasons are for those concerned, not for everybody."""


def may_know(case: Case, kind: str, *, is_public: bool) -> bool:
    """Whether the actor may know of this event, which is public or not.

    The team knows its own draft (rule I4); how people were moderated is not for it.
    """
    if is_public or case.may(Action.HIDE_COMMENT):
        return True
    found = EVENTS.get(kind)
    of_team = bool(case.actor.roles & IDEA_ROLES)
    return of_team and (found is None or found.public)


def told_payload(case: Case, kind: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """What of an event the actor may know: some reasons are for those concerned."""
    if kind not in KEPT_TO_THOSE_CONCERNED or case.may(Action.HIDE_COMMENT):
        return dict(payload)
    return {**payload, "reason": ""}


def known_moves(case: Case, changes: Iterable[StageChange]) -> list[StageChange]:
    """The moves the actor may know of; what led to a private stage stays with who reads there."""
    if case.stage.access is StageAccess.PRIVATE or knows_more(case):
        return list(changes)
    return [each for each in changes if access_of(each.to_stage) is not StageAccess.PRIVATE]
