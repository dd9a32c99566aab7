"""A suggestion for whoever wants to do something with it."""

from uuid import UUID

from collab.errors import Conflict, NotAllowed, NotFound
from collab.process.permissions import Action
from collab.process.suggestions.wording import SuggestionState
from server.actions.cases import Case
from storage.database import Transaction
from storage.suggestions import suggestions
from storage.suggestions.suggestions import Suggestion


async def suggestion_of(tx: Transaction, case: Case, suggestion_id: UUID) -> Suggestion:
    """The suggestion, if it is one for this idea; a hidden one is there for those concerned."""
    row = await suggestions.get(tx, suggestion_id)
    if row is None or row.idea_id != case.idea.id or not sees_suggestion(case, row):
        raise NotFound("suggestion-not-found")
    return row


def sees_suggestion(case: Case, row: Suggestion) -> bool:
    """Whether the actor sees it: everybody does, unless a moderator hid it."""
    is_own = row.author_id == case.actor.person_id
    return row.hidden_at is None or is_own or case.may(Action.HIDE_COMMENT)


async def own_suggestion(tx: Transaction, case: Case, suggestion_id: UUID) -> Suggestion:
    """The actor's own suggestion that nobody has decided yet."""
    row = await suggestion_of(tx, case, suggestion_id)
    if row.author_id != case.person_id:
        raise NotAllowed("not-your-suggestion")
    if row.state != SuggestionState.OPEN:
        raise Conflict("suggestion-settled", current=row.state)
    return row


def require_in_sight(row: Suggestion) -> None:
    """Raise Conflict if a moderator hid it: nothing is done with it but appeal, or take it back."""
    if row.hidden_at is not None:
        raise Conflict("suggestion-hidden")
