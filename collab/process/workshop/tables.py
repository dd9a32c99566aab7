"""Which ideas a table may open: what it opens, everybody who sits there may write in."""

from collab.errors import Conflict, NotAllowed
from collab.process.actors import TABLE_ROLES, Actor, Role
from collab.process.permissions import Action, may, roles_for


def is_for_tables(stage: str) -> bool:
    """Whether tables write in ideas of this stage."""
    return Role.TABLE in roles_for(Action.EDIT_TEXT, stage)


def is_by_table(here: Actor, action: Action, stage: str) -> bool:
    """Whether ``here`` may act at the idea only because his table has opened it."""
    if TABLE_ROLES.isdisjoint(here.roles):
        return False
    return not may(here.with_roles(here.roles - TABLE_ROLES), action, stage)


def require_opening(here: Actor, stage: str, *, is_of_workshop: bool) -> None:
    """Raise unless ``here`` may put the idea on a table.

    A guest with a code brings no text of the arena into his hands: what did not come about at
    this workshop is opened by somebody who writes in it himself.

    Raises:
        Conflict: (not-for-tables) nobody drafts it in this stage.
        NotAllowed: (not-yours-to-open) he may not write in it himself.
    """
    if not is_for_tables(stage):
        raise Conflict("not-for-tables", current=stage)
    himself = here.with_roles(here.roles - TABLE_ROLES)
    if not is_of_workshop and not may(himself, Action.EDIT_TEXT, stage):
        raise NotAllowed("not-yours-to-open")
