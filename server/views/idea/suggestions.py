"""Parts of the page of an idea: what people suggest for its text."""

from server.views.idea.gathering import Context, View
from server.views.suggestions.listing import listing
from storage.suggestions import suggestions


async def suggestions_part(view: View) -> Context:
    """How many suggestions wait; they have a page of their own."""
    return {"open_suggestions": await suggestions.count_open(view.tx, view.case.idea.id)}


async def suggested_part(view: View) -> Context:
    """The open suggestions, which the editor draws into the text."""
    return {"listing": await listing(view.tx, view.case, view.dossier.text, only_open=True)}
