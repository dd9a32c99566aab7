"""A saved search: the wish in an address of the list of ideas, and what it lets through."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import parse_qsl
from uuid import UUID

from collab.process.catalogues.catalogue import Entry
from collab.process.stages import Stage
from server.views.alignment.goals import pays_into
from server.views.alignment.panel import goal_of
from server.views.arena.cards import stage_of
from server.views.arena.finder import Wish
from server.views.districts.districts import district
from storage.database import Transaction
from storage.ideas import IdeaFilter
from storage.process import catalogues
from storage.tables.following.follows import SavedSearch


@dataclass(frozen=True, slots=True)
class Search:
    """A saved search as its owner sees it; a field of action or a district alone is one
    that is followed."""

    id: UUID
    wish: Wish
    parameters: str
    alert: bool
    at: datetime
    stage: Stage | None
    goal: Entry | None
    district: Entry | None

    @property
    def path(self) -> str:
        return self.wish.address()


def parameters_of(text: str) -> str:
    """The parameters of an address as a search keeps them: only wishes, in one order."""
    return wish_of(text).query


def wish_of(parameters: str) -> Wish:
    """The wish in the parameters of an address."""
    return Wish.of(dict(parse_qsl(parameters, max_num_fields=20)))


async def filter_of(tx: Transaction, parameters: str, on: date) -> IdeaFilter | None:
    """What the search lets through; None if its goal does not exist any more."""
    wish = wish_of(parameters)
    if not wish.goal:
        return wish.filter()
    goal = await pays_into(tx, on, *goal_of(wish.goal))
    return replace(wish.filter(), pays_into=(goal,)) if goal else None


async def search_view(tx: Transaction, row: SavedSearch, on: date) -> Search:
    """The search with its stage, goal and district in words."""
    wish, goal = wish_of(row.parameters), None
    if wish.goal:
        catalogue_id, entry_id = goal_of(wish.goal)
        if await pays_into(tx, on, catalogue_id, entry_id):
            goal = (await catalogues.current(tx, catalogue_id, on)).entry(entry_id)
    stage = stage_of(wish.stage) if wish.stage else None
    place = await district(tx, wish.district)
    return Search(row.id, wish, row.parameters, row.alert, row.at, stage, goal, place)
