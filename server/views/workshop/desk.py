"""A table as somebody meets it who may act for it: what lies there, and what he may open."""

from collections.abc import Sequence
from dataclasses import dataclass

from collab.process.actors import Actor
from collab.process.workshop.standing import Standing
from collab.process.workshop.tables import is_for_tables
from server.actions.workshop.places import Place
from server.views.workshop.tables import Room
from storage.database import Transaction
from storage.tables.ideas import Idea
from storage.workshop import attendances
from storage.workshop import ideas as begun
from storage.workshop.workshops import WorkshopTable


@dataclass(frozen=True, slots=True)
class Desk:
    """``may_act`` is False while hands are down or after the end; ``others`` may be opened."""

    number: int
    name: str
    is_own: bool
    may_act: bool
    idea: Idea | None
    others: Sequence[Idea]


async def desk_of(
    tx: Transaction, actor: Actor, place: Place, room: Room, number: int | None
) -> Desk | None:
    """The actor's own table, or the one with this number if he leads; None if he has none."""
    assert actor.person_id is not None, "only who is inside has a table"
    row = await attendances.get(tx, place.workshop.id, actor.person_id)
    own = row.table_id if row is not None and row.removed_at is None else None
    leads = place.standing is Standing.FACILITATOR
    table = _chosen(room, number) if leads else None
    table = table or next((each for each in room.tables if each.id == own), None)
    if table is None:
        return None
    workshop = place.workshop
    came = await begun.of_workshop(tx, workshop.id)
    return Desk(
        number=table.number,
        name=table.name,
        is_own=table.id == own,
        may_act=workshop.ended_at is None and (leads or not workshop.is_frozen),
        idea=room.ideas.get(table.idea_id) if table.idea_id else None,
        others=[each for each in came if each.id != table.idea_id and is_for_tables(each.stage)],
    )


def _chosen(room: Room, number: int | None) -> WorkshopTable | None:
    return next((each for each in room.tables if each.number == number), None)
