"""A part of the page of an idea: where it is meant to be."""

from server.views.districts.districts import places_of
from server.views.idea.gathering import Context, View


async def districts_part(view: View) -> Context:
    """Its districts, or that it is for the whole city; none: its team has not said."""
    return {"places": await places_of(view.tx, view.case.idea.id)}
