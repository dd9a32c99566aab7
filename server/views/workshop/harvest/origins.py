"""At which workshops an idea was made or worked on, as its page says it."""

from dataclasses import dataclass

from server.actions.workshop.harvest.entering import is_closed
from server.actions.workshop.places import standings_of
from server.views.idea.gathering import Context, View
from storage.workshop import harvest


@dataclass(frozen=True, slots=True)
class Origin:
    """A workshop; ``address`` is that of its harvest, where the reader may know it."""

    title: str
    address: str


async def origins_part(view: View) -> Context:
    """The workshops of the idea.

    The address holds the code by which people come in, so others than those who were there are
    told it only once nobody comes in any more.
    """
    found, person_id = [], view.case.actor.person_id
    now = view.services.clock()
    for workshop in await harvest.workshops_of(view.tx, view.case.idea.id):
        standing = {}
        if person_id is not None:
            standing = await standings_of(view.tx, workshop, [person_id])
        said = await harvest.get(view.tx, workshop.id)
        is_public = said is not None and said.published_at is not None
        is_inside = any(each.is_inside for each in standing.values())
        may_know = is_inside or (is_public and is_closed(workshop, now))
        found.append(Origin(workshop.title, f"/w/{workshop.code}/harvest" if may_know else ""))
    return {"origins": found}
